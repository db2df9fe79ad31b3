# shellcheck shell=sh
# Partition tables as vboot's and gptfdisk's programs see them.

fail() {
  echo "FAIL  $*" >&2
  exit 1
}

# entries FILE: all that growing the last partition must not change.
entries() {
  for i in 1 2 3 4; do
    cgpt show -i "$i" -v "$1" | grep -v 'Size\|^ *[0-9]'
    cgpt show -i "$i" -b "$1"
    cgpt show -i "$i" -u "$1"
    cgpt show -i "$i" -t "$1"
    cgpt show -i "$i" -l "$1"
    cgpt show -i "$i" -A "$1"
    [ "$i" -eq 4 ] || cgpt show -i "$i" -s "$1"
  done
}

# judge FILE: the table is whole, at both ends, with 128 entries of 128 bytes.
judge() {
  sgdisk --verify "$1" >log
  grep -q "No problems found" log || {
    cat log
    return 1
  }
  for header in 512 $(($(stat -c %s "$1") - 512)); do
    [ "$(od -An -tc -N 8 -j "$header" "$1" | tr -d ' ')" = EFIPART ] || fail "no header at $header"
    [ "$(od -An -tu4 -N 8 -j $((header + 80)) "$1" | tr -s ' ')" = " 128 128" ] || fail "not 128 entries at $header"
  done
}

free_at_the_end() {
  echo $(($(stat -c %s "$1") / 512 - $(cgpt show -i 4 -b "$1") - $(cgpt show -i 4 -s "$1")))
}
