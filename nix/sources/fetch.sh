# shellcheck shell=sh
# Fetching one file of some mirrors, for the builders beside this file. What
# arrives counts only when its sha256 is right, so any mirror will do and plain
# http too.

# A transfer that stops is taken up where it stopped, this often.
: "${attempts:=5}" "${pause:=2}"

say() {
  echo "$*" >&2
}

# is_hash FILE HASH
is_hash() {
  [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$2" ]
}

# hex_of SRI: "sha256-…" as hexadecimal digits.
hex_of() {
  printf %s "${1#sha256-}" | base64 -d | od -An -v -tx1 | tr -d ' \n'
}

# Both ways of downloading end with 1 where the server says no, and with 2 where
# it cannot be reached.

# download URL FILE: the whole of it. What FILE has already is not asked for
# again, unless the server knows no ranges (curl's error 33).
download() {
  attempt=0
  while :; do
    status=0
    curl --silent --show-error --fail --location --connect-timeout 30 --speed-limit 1000 --speed-time 60 \
      --continue-at - --output "$2" "$1" || status=$?
    case $status in
      0) return 0 ;;
      22) return 1 ;; # the server says no: asking again changes nothing
      33) rm -f "$2" ;;
    esac
    attempt=$((attempt + 1))
    [ "$attempt" -lt "$attempts" ] || return 2
    sleep "$pause"
  done
}

# download_range URL FILE FIRST LAST: some bytes of it, counted from 0. A short
# answer is completed by asking for the rest.
download_range() {
  : >"$2"
  attempt=0
  while :; do
    have=$(wc -c <"$2")
    [ "$have" -le "$(($4 - $3))" ] || return 0
    status=0
    curl --silent --show-error --fail --location --connect-timeout 30 --speed-limit 1000 --speed-time 60 \
      --range "$(($3 + have))-$4" --max-filesize "$(($4 - $3 + 1))" "$1" >>"$2" || status=$?
    # 63: it would send the whole file, knowing no ranges.
    case $status in 22 | 63) return 1 ;; esac
    # The last piece of a file is shorter than asked for.
    [ "$status" -ne 0 ] || return 0
    attempt=$((attempt + 1))
    [ "$attempt" -lt "$attempts" ] || return 2
    sleep "$pause"
  done
}
