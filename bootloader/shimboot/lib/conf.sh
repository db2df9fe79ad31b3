# shellcheck shell=sh
# shimboot.conf on STATE, see docs/bootloader.md: lines "WORD = VALUE". What is
# not understood is said and has no effect.

defaults() {
  conf_timeout=5 # seconds, or "menu"
  conf_default=  # a root's name
  conf_tries=3   # starts without success before an older one is taken
  conf_wait=20   # seconds for disks to appear
}

# is_number VALUE MAXIMUM
is_number() {
  case $1 in '' | 0?* | *[!0-9]* | ?????*) return 1 ;; esac
  [ "$1" -le "$2" ]
}

# trim TEXT: without blanks around it, and without the carriage return of
# another system's editor.
trim() {
  printf '%s\n' "$1" | tr -d '\r' | sed 's/^[[:blank:]]*//; s/[[:blank:]]*$//'
}

set_conf() {
  # shellcheck disable=SC2034 # read by the menu
  case $1 in
    timeout) [ "$2" = menu ] || is_number "$2" 3600 && conf_timeout=$2 ;;
    tries) is_number "$2" 99 && [ "$2" -gt 0 ] && conf_tries=$2 ;;
    wait) is_number "$2" 600 && conf_wait=$2 ;;
    default) conf_default=$2 ;;
    *) return 1 ;;
  esac
}

# not_understood LINE: said of five, as each takes time and room in the log.
not_understood() {
  unknown=$((unknown + 1))
  case $unknown in
    [1-5]) warn "shimboot.conf, line $number: \"$(printable "$1")\" is not understood" ;;
    6) warn "shimboot.conf: more lines are not understood" ;;
  esac
}

# read_conf FILE. Only its beginning is looked at, whatever its size.
read_conf() {
  head -c 4096 "$1" | tr -d '\000' >"$run/conf"
  number=0 unknown=0
  while read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=$(trim "$line")
    case $line in '' | '#'*) continue ;; esac
    case $line in *=*) set_conf "$(trim "${line%%=*}")" "$(trim "${line#*=}")" ;; *) false ;; esac ||
      not_understood "$line"
  done <"$run/conf"
}
