#!/bin/sh
# Makes the small images of this folder with e2fsprogs 1.47.
set -eu
cd "$(dirname "$0")"
src=$(mktemp -d)
trap 'rm -rf "$src" "$src.value"' EXIT
mkdir -p "$src/dir/sub"
echo hello >"$src/dir/hello"
ln -s /dir "$src/link"
ln -s "$(printf './%.0s' $(seq 1 60))dir" "$src/slow"
for i in $(seq 1 60); do : >"$src/dir/sub/a longer name for file number $i"; done
truncate -s 100K "$src/sparse" && echo tail >>"$src/sparse"
for i in $(seq 0 9); do printf x | dd of="$src/frag" bs=1 seek=$((i * 20000)) conv=notrunc status=none; done
head -c 3000 /dev/zero | tr '\0' v >"$src.value"
make_image() {
  name=$1
  shift
  rm -f "$name.img"
  E2FSPROGS_FAKE_TIME=1700000000 mke2fs -q -F -U 01234567-89ab-cdef-0123-456789abcdef -E hash_seed=01234567-89ab-cdef-0123-456789abcdef "$@" -d "$src" "$name.img" 700K
  debugfs -w -R 'ea_set dir/hello user.note something' "$name.img" 2>/dev/null
  case $name in
    *-values)
      debugfs -w -R "ea_set -f $src.value sparse user.inode" "$name.img" 2>/dev/null
      e2fsck -fyD "$name.img" >/dev/null || [ $? -eq 1 ]
      ;;
  esac
  gzip -9nf "$name.img"
}
make_image ext2-1k -t ext2 -b 1024 -N 100
make_image ext2-2k -t ext2 -b 2048 -N 100 -O dir_index -I 128
make_image ext4-inline -t ext4 -b 1024 -N 100 -O '^has_journal,inline_data,64bit,metadata_csum' -I 256
make_image ext4-meta -t ext4 -b 1024 -N 100 -O '^has_journal,meta_bg,^resize_inode,64bit'
make_image ext4-values -t ext4 -b 1024 -N 100 -O '^has_journal,ea_inode,^metadata_csum' -I 256
