# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Counting starts.
# shellcheck disable=SC2154
. "$here/fixture.sh"

a=01234567-89ab-cdef-0123-456789abcdef
b=11234567-89ab-cdef-0123-456789abcdef

equal "none yet" "$(tries_of "$a 3")" 0
add_try "$a 3"
add_try "$a 3"
add_try "$a -"
add_try "$b 3"
equal "counted" "$(tries_of "$a 3") $(tries_of "$a -") $(tries_of "$b 3") $(tries_of "$b 2")" "2 1 1 0"
fails "two are not enough" worn_out "$a 3"
add_try "$a 3"
holds "three are" worn_out "$a 3"
set_tries "$a 3" 0
equal "success" "$(tries_of "$a 3") $(tries_of "$b 3")" "0 1"

entry_failed "$a 3"
holds "failed now" failed_now "$a 3"
fails "not another" failed_now "$a 30"

# Only lines that this program writes come back in.
{
  echo "$a 3 2"
  echo "$a 3; reboot 2"
  echo "$a"
  echo "x $a 3 2"
  echo "$a 3 99999"
  echo "$b - 1"
  dd if=/dev/urandom bs=1024 count=64 2>/dev/null
} >file
equal "read back" "$(read_tries <file)" "$a 3 2
$b - 1"
equal "an empty file" "$(read_tries </dev/null)" ""

# A system that never reports is worn out after the thousandth start, too.
set_tries "$a 3" 999
add_try "$a 3"
read_tries <"$run/tries" >kept
equal "the thousandth" "$(grep -c "^$a 3 999$" kept)" 1

# Others' lines, of which there may be many, leave room for what is counted now.
number=0
while [ "$number" -lt 200 ]; do
  number=$((number + 1))
  echo "$b $number 1"
done >"$run/tries"
add_try "$a 3"
equal "the last hundred" "$(read_tries <"$run/tries" | wc -l) $(read_tries <"$run/tries" | tail -n 1)" "100 $a 3 1"
