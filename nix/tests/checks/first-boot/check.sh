#!/bin/sh
# Grows a partition of images, and looks at the result with other programs:
# check.sh SCRIPTS, with modules/first-boot.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=nix/tests/checks/first-boot/table.sh
. "$here/table.sh"
grow=$1/grow.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# make_image FILE: laid out as gpt-pack does, 24 MiB.
make_image() {
  truncate -s 24M "$1"
  sgdisk --clear \
    --new 1:2048:+1M --change-name 1:STATE \
    --new 2:4096:+4M --change-name 2:KERN-A --typecode 2:FE3A2A5D-4F32-41A7-B725-ACCC3285A309 \
    --new 3:0:+4M --change-name 3:ROOT-A --typecode 3:3CB8E202-3B7E-47DD-8A3C-7FF2A13CFCEC \
    --new 4:0:0 "$1" >/dev/null
  cgpt add -i 2 -P 10 -T 5 -S 1 "$1"
  cgpt add -i 4 -l shimboot_rootfs:nixos "$1"
}

make_image small.img
entries small.img >before
cp --sparse=always small.img grown.img
truncate -s 64M grown.img

sh "$grow" grown.img 4
judge grown.img
entries grown.img | diff before - || fail "something else has changed"
[ "$(free_at_the_end grown.img)" -le 2048 ] || fail "$(free_at_the_end grown.img) sectors are left"
echo "ok    partition 4 grows, all else stays"

sha256sum grown.img >sum
sh "$grow" grown.img 4 >said
sha256sum --quiet -c sum || fail "grew twice"
[ ! -s said ] || fail "says something where there is nothing to do"
echo "ok    a grown one stays as it is"

sh "$grow" grown.img 3 >said 2>/dev/null
sha256sum --quiet -c sum || fail "a partition in the middle was changed"
grep -q "stays as it is" said || fail "a partition in the middle: nothing is said"
echo "ok    a partition in the middle stays"

mkdir without-awk
printf '#!/bin/sh\nexit 127\n' >without-awk/awk
chmod +x without-awk/awk
cp --sparse=always small.img stays.img
truncate -s 64M stays.img
sha256sum stays.img >sum
! PATH=$PWD/without-awk:$PATH sh "$grow" stays.img 4 >said || fail "is content where it knows nothing"
sha256sum --quiet -c sum || fail "grew where it knows nothing"
echo "ok    what cannot be looked at stays, and the unit fails"

# The file system in it follows.
start=$(cgpt show -i 4 -b grown.img)
truncate -s $(($(cgpt show -i 4 -s small.img) * 512)) root
mke2fs -q -t ext4 -O '^orphan_file,^metadata_csum_seed' root 2>/dev/null || mke2fs -q -t ext4 root
truncate -s $(($(cgpt show -i 4 -s grown.img) * 512)) root
resize2fs root >/dev/null 2>&1
e2fsck -fn root >/dev/null
echo "ok    a file system fills the new partition ($start)"

# A power cut between any two of the writes: first the copy at the new end
# (entries, header), then the table at the beginning (entries, header, MBR).
last=$(($(stat -c %s grown.img) / 512))
put() { dd if=grown.img of="$1" bs=512 skip="$2" seek="$2" count="$3" conv=notrunc status=none; }
for cut in 1 2 3 4; do
  cp --sparse=always small.img cut.img
  truncate -s 64M cut.img
  put cut.img $((last - 33)) 32
  [ "$cut" -lt 2 ] || put cut.img $((last - 1)) 1
  [ "$cut" -lt 3 ] || put cut.img 2 32
  [ "$cut" -lt 4 ] || put cut.img 1 1
  # The firmware mends a broken table before it starts anything.
  cgpt repair cut.img >/dev/null 2>&1 || fail "cut $cut: firmware finds no table"
  sh "$grow" cut.img 4 >/dev/null 2>&1
  judge cut.img
  entries cut.img | diff before - || fail "cut $cut: something else has changed"
  [ "$(free_at_the_end cut.img)" -le 2048 ] || fail "cut $cut: $(free_at_the_end cut.img) sectors are left"
done
echo "ok    taken up after a power cut between any two writes"

# An encrypted root: what it is in grows, then the mapping, then what is in that.
mkdir -p sys/class/block sys/dev/block sys/devices/sda/sda4 sys/devices/dm-0/slaves sys/devices/dm-0/dm stubs
ln -s ../../devices/sda/sda4 ../../devices/dm-0 sys/class/block
ln -s ../../devices/dm-0 sys/dev/block/254:0
ln -s ../../sda/sda4 sys/devices/dm-0/slaves
echo 4 >sys/devices/sda/sda4/partition
echo shimboot-sda4 >sys/devices/dm-0/dm/name
for program in partx cryptsetup resize2fs; do
  printf '#!/bin/sh\necho "%s $*"\n' "$program" >"stubs/$program"
done
printf '#!/bin/sh\necho 254:0\n' >stubs/mountpoint
chmod +x stubs/*
cp --sparse=always small.img sda
truncate -s 64M sda
printf 'LUKS\272\276\000\002' >sda4
truncate -s 1M sda4
cp --sparse=always root dm-0
sys=$PWD/sys dev=$PWD PATH=$PWD/stubs:$PATH sh "$grow" >said
cat >wanted <<WANTED
grow: partition 4 of $PWD/sda gets 40 MiB more
partx --update --nr 4 $PWD/sda
cryptsetup resize shimboot-sda4
resize2fs $PWD/dm-0
WANTED
diff wanted said || fail "an encrypted root grows otherwise"
judge sda
echo "ok    an encrypted root grows"

# Nothing is written where something else is: each signature that is known, on
# the disk, on the partition, in the mapping.
# shellcheck source=bootloader/shimboot/lib/signatures.sh
. "$1/signatures.sh"
# plant FILE OFFSET BYTES: hexadecimal ones.
plant() {
  at=$2
  case $at in -*) at=$(($(stat -c %s "$1") + at)) ;; esac
  python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$3" |
    dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}
fresh() {
  cp --sparse=always small.img sda
  truncate -s 64M sda
  cp --sparse=always root dm-0
  rm sda4
  printf 'LUKS\272\276\000\002' >sda4
  truncate -s 1M sda4
}
# told DEVICE WORD: that it stays, and what is done all the same.
told() {
  sha256sum "$1" >sum
  sys=$PWD/sys dev=$PWD PATH=$PWD/stubs:$PATH sh "$grow" >said 2>&1 || fail "$2 on $1: fails"
  sha256sum --quiet -c sum || fail "$2 on $1: written to"
  grep -q "^grow: .*stays as it is" said || fail "$2 on $1: nothing is said"
}
grow=$1/grow.sh
signatures >table
while read -r word offset magic; do
  [ "$word" != GPT ] || continue
  fresh
  plant sda "$offset" "$magic"
  case $word in ISO9660 | UDF) ;; *) told sda "$word" ;; esac
  case $word in LUKS*) ;; *)
    fresh
    plant sda4 "$offset" "$magic"
    told sda4 "$word"
    if grep -e cryptsetup -e resize2fs said; then fail "$word on the partition: grows what is in it"; fi
    ;;
  esac
  fresh
  plant dm-0 "$offset" "$magic"
  told dm-0 "$word"
  if grep resize2fs said; then fail "$word in the mapping: resize2fs"; fi
done <table
echo "ok    what holds something else stays: $(wc -l <table) signatures, on three devices"

# A disc's image that was on the stick before: of that, in front of the first
# partition and behind what the last one had, nothing is written to but the tables.
yes "a disc" | head -c 64M >disc
for magic in 4344303031 4245413031; do
  cp disc sda
  dd if=small.img of=sda bs=512 count=34 conv=notrunc status=none
  start=$(cgpt show -i 2 -b small.img)
  dd if=small.img of=sda bs=512 skip="$start" seek="$start" conv=notrunc status=none
  plant sda 32769 "$magic"
  cp --sparse=always sda before.img
  sh "$grow" sda 4 >said
  judge sda
  entries sda | diff before - || fail "a disc: something else has changed"
  [ "$(free_at_the_end sda)" -le 2048 ] || fail "a disc: $(cat said)"
  cmp -i $((34 * 512)) -n $((64 * 1024 * 1024 - 67 * 512)) sda before.img || fail "a disc: more than the tables is written"
done
echo "ok    a disc's image that was there before is no hindrance"

# What is no stick of ours is left alone.
truncate -s 1M empty.img
sh "$grow" empty.img 4 >said 2>/dev/null
cmp -n 1048576 empty.img /dev/zero
grep -q "stays as it is" said || fail "no table: nothing is said"
status=0
sh "$grow" one 2>/dev/null || status=$?
[ "$status" -eq 64 ]
echo "ok    a disk without a table stays, wrong usage is refused"
