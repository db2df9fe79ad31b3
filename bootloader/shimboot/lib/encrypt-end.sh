# shellcheck shell=sh
# The end of an encryption that was cut off when everything was encrypted.
# cryptsetup cannot go on from there (seen of 2.6.1, 2.7.5 and 2.8.8: "Failed to set
# device segments for next reencryption hotzone"). What it had left to do is done
# here: the beginning that it had moved is overwritten, and the account of the
# encryption leaves the header. (The format: LUKS2 On-Disk Format Specification, 3.)

# newest_header DEVICE: "OFFSET SIZE NUMBER" of the header that counts.
newest_header() (
  numbers=$(header_numbers "$1") || return
  # shellcheck disable=SC2086 # three words
  set -- $numbers
  if [ "$2" -ge "$3" ]; then echo "0 $1 $2"; else echo "$1 $1 $3"; fi
)

# end_of_encryption DEVICE: fails where there is more to encrypt. Else two lines:
# "PLACE BYTES" of what cryptsetup has moved, in the encrypted data, and the JSON
# that is to be the header's.
end_of_encryption() {
  header=$(newest_header "$1") || return
  # shellcheck disable=SC2086 # three words
  set -- "$1" $header
  raw "$1" $(($2 + 4096)) $(($3 - 4096)) | tr -d '\000' | without_account
}

# without_account: of a header's JSON as cryptsetup writes it.
without_account() {
  awk '
    # members OBJECT, LIST: each "name":value of it; how many there are.
    function members(object, list,   i, c, depth, quoted, from, count) {
      from = 2
      for (i = 2; i <= length(object); i++) {
        c = substr(object, i, 1)
        if (quoted) { if (c == "\\") i++; else if (c == "\"") quoted = 0 }
        else if (c == "\"") quoted = 1
        else if (!depth && (c == "," || c == "}")) {
          if (i > from) list[++count] = substr(object, from, i - from)
          from = i + 1
        } else if (c == "{" || c == "[") depth++
        else if (c == "}" || c == "]") depth--
      }
      return count + 0
    }
    function value(member) { return substr(member, index(member, "\":") + 2) }
    # without OBJECT, TEXT: those members that have no such text; sets left and gone.
    function without(object, text,   list, count, i, kept) {
      left = gone = 0
      kept = "{"
      count = members(object, list)
      for (i = 1; i <= count; i++) {
        if (index(list[i], text)) { lost[++gone] = list[i]; continue }
        kept = kept (left++ ? "," : "") list[i]
        only = list[i]
      }
      return kept "}"
    }
    # field MEMBER, NAME: a number in it.
    function field(member, name,   at) {
      at = index(member, "\"" name "\":\"")
      return at ? substr(member, at + length(name) + 4) + 0 : -1
    }
    {
      count = members($0, top)
      for (i = 1; i <= count; i++) {
        if (index(top[i], "\"keyslots\":{") == 1) {
          top[i] = "\"keyslots\":" without(value(top[i]), "\"type\":\"reencrypt\"")
          encrypts = gone == 1 && index(lost[1], "\"mode\":\"encrypt\"")
        } else if (index(top[i], "\"segments\":{") == 1) {
          top[i] = "\"segments\":" without(value(top[i]), "\"flags\":[\"backup-")
          all = left == 1 && !index(only, "\"flags\":") && index(only, "\"type\":\"crypt\"") && index(only, "\"size\":\"dynamic\"")
          segment = substr(only, 1, index(only, ":") - 1)
          start = field(only, "offset")
          for (j = 1; j <= gone; j++) if (index(lost[j], "backup-moved-segment")) {
            place = field(lost[j], "offset") - start
            bytes = field(lost[j], "size")
          }
        }
      }
      if (!encrypts || !all || start < 0 || place <= 0 || bytes <= 0) exit 1
      for (i = 1; i <= count; i++) {
        # The digest of the account is of no segment.
        if (index(top[i], "\"digests\":{") == 1) {
          top[i] = "\"digests\":" without(value(top[i]), "\"segments\":[]")
          gsub(/"segments":\[[^]]*\]/, "\"segments\":[" segment "]", top[i])
        } else if (index(top[i], "\"config\":{") == 1) {
          top[i] = "\"config\":" without(value(top[i]), "\"requirements\":{\"mandatory\":[\"online-reencrypt-v2\"]}")
          whole = gone == 1
        }
        json = json (i > 1 ? "," : "") top[i]
      }
      if (!whole) exit 1
      printf "%.0f %.0f\n{%s}\n", place, bytes, json
    }'
}

# end_encryption PARTITION: see above; what end_of_encryption says is in $end. Where
# the file system does not say what room it has, the account stays: the root opens by it
# as well, so that key f can mend it.
end_encryption() {
  crypt open --type luks "$dev/$1" shimboot-trial || return
  held=$(contents "$dev/mapper/shimboot-trial")
  if [ "$held" = ext4 ]; then overwrite_moved "$dev/mapper/shimboot-trial"; fi
  status=$?
  crypt close shimboot-trial && [ "$status" -eq 0 ] || return
  if [ "$held" != ext4 ]; then
    warn "in \"$entry_name\" is $(in_words "$held"): as long as it is not ext4, some of the image can be read at the end of $dev/$1"
  else
    write_headers "$dev/$1" && say "\"$entry_name\" is encrypted"
  fi
}

# overwrite_moved DEVICE: what was moved lies behind the file system, and is nothing
# but a copy; if not, somebody has used the room since.
overwrite_moved() {
  read -r place size <<PLACE
$end
PLACE
  ext4_superblock "$1" 1024
  [ $((ext4_blocks * ext4_block)) -le "$place" ] || return 0
  dd if=/dev/zero of="$1" bs=512 seek=$((place / 512)) count=$((size / 512)) conv=notrunc,fsync 2>/dev/null
}

# write_headers DEVICE: with the JSON in $end.
write_headers() {
  header=$(newest_header "$1") || return
  # shellcheck disable=SC2086 # three words
  set -- "$1" $header
  # The other one first: until it is whole the newest counts, which may be the only one.
  if [ "$2" -eq 0 ]; then other=$3; else other=0; fi
  write_header "$@" "$other" && write_header "$@" "$2"
}

# write_header DEVICE FROM SIZE NUMBER PLACE: the header at FROM with the next number
# and the JSON in $end, to a place. Nothing is written that is not whole, as where
# memory is short, and nothing follows what did not arrive.
write_header() {
  json=$(echo "$end" | sed 1d)
  rm -f "$run/header" && {
    if [ "$5" -eq 0 ]; then printf 'LUKS\272\276'; else printf 'SKUL\272\276'; fi
    raw "$1" $(($2 + 6)) 10
    eight_bytes $(($4 + 1))
    raw "$1" $(($2 + 24)) 232
    eight_bytes "$5"
    raw "$1" $(($2 + 264)) 184
    head -c 64 /dev/zero # the checksum's place
    raw "$1" $(($2 + 512)) 3584
    printf '%s' "$json"
    cat /dev/zero
  } 2>/dev/null | head -c "$3" >"$run/header"
  octal_bytes "$(sha256sum <"$run/header" | cut -d ' ' -f 1)" |
    dd of="$run/header" bs=64 seek=7 conv=notrunc 2>/dev/null
  [ "$(size_of "$run/header")" -eq "$3" ] &&
    [ "$(raw "$run/header" 4096 $(($3 - 4096)) | tr -d '\000')" = "$json" ] &&
    dd if="$run/header" of="$1" bs=4096 seek=$(($5 / 4096)) conv=notrunc,fsync 2>/dev/null &&
    [ "$(whole_header "$1" "$5")" = "$3 $(($4 + 1))" ]
}

# eight_bytes NUMBER: the highest first.
eight_bytes() {
  octal_bytes "$(printf '%016x' "$1")"
}

# octal_bytes HEXADECIMAL: the bytes themselves.
octal_bytes() (
  hex=$1
  while [ -n "$hex" ]; do
    rest=${hex#??}
    # shellcheck disable=SC2059 # an octal code
    printf "\\$(printf '%03o' "0x${hex%"$rest"}")"
    hex=$rest
  done
)
