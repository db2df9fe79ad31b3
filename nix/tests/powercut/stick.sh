# shellcheck shell=sh
# The parts of a stick, for who looks at it from outside.

fail() {
  echo "$*"
  exit 1
}

# table_of STICK FILE: a file with nothing but the stick's tables, mended as
# firmware does it.
table_of() {
  truncate -s "$(stat -c %s "$1")" "$2"
  last=$(($(stat -c %s "$1") / 1048576 - 1))
  for mebi in 0 "$last"; do dd if="$1" of="$2" bs=1M skip="$mebi" seek="$mebi" count=1 conv=notrunc,sparse status=none; done
  cgpt repair "$2" >said 2>&1 || fail "$(cat said)"
}

# take TABLE STICK NUMBER FILE: a partition's content.
take() {
  dd if="$2" of="$4" bs=1M iflag=skip_bytes,count_bytes conv=sparse status=none \
    skip="$(($(cgpt show -i "$3" -b "$1") * 512))" count="$(($(cgpt show -i "$3" -s "$1") * 512))"
  # What ends in zeros has its size all the same.
  truncate -s "$(($(cgpt show -i "$3" -s "$1") * 512))" "$4"
}

# mount_root FILE: does what a mount does, the journal and the files that nobody
# has a name for; after that there is nothing to repair. A superblock that was torn,
# as whatever writes to an ext4 can leave it, is restored as key f does it.
mount_root() {
  e2fsck -p "$1" >said 2>&1 || [ $? -eq 1 ] || {
    grep -q "Superblock checksum does not match" said || fail "$(cat said)"
    echo "the superblock is torn, and restored from its copy"
    e2fsck -fy -b 32768 -B 4096 "$1" >said 2>&1 || true
    e2fsck -fy "$1" >said 2>&1 || [ $? -eq 1 ] || fail "$(cat said)"
  }
  if grep -i "with errors" said; then exit 1; fi
  e2fsck -fn "$1" >said 2>&1 || fail "$(cat said)"
}

# restoring STICK: the script of who finds its root's superblock torn, and presses f
# and then Enter; nothing where it is whole.
restoring() {
  table_of "$1" table
  take table "$1" 4 root
  if dumpe2fs -h root >said 2>&1; then return; fi
  grep -q "checksum does not match" said || fail "$(cat said)"
  cat <<'SCRIPT'
expect ^  >  1  nixos +an ext4 with a damaged superblock
expect power off
send "f"
expect ^Type "repair"
send "repair\r"
expect ^Type "restore"
send "restore\r"
expect has no errors left: [0-9]+ files and directories before, [0-9]+ now
SCRIPT
}

# dump FILE DIRECTORY: the files of a root, so that they can be removed.
dump() {
  mkdir "$2"
  debugfs -R "rdump / $2" "$1" >/dev/null 2>&1
  chmod -R u+rwX "$2"
}

# sums DIRECTORY: of each file's content.
sums() {
  (cd "$1" && find . -type f -print0 | xargs -0 sha256sum) | LC_ALL=C sort
}
