# The partitions of a ChromeOS disk. Sourced by disk.nix, after filesystem.sh.
# shellcheck shell=sh
: "${disk:=}"

# In 512-byte sectors, in the order in which they lie on the disk:
# number, start, size, type, label, and cgpt's options for the boot order.
partitions() {
  cat <<'TABLE'
11 64     16384  firmware RWFW
6  16448  1      kernel   KERN-C     -P 0 -T 15
7  16449  1      rootfs   ROOT-C
9  16450  1      reserved reserved
10 16451  1      reserved reserved
2  20480  65536  kernel   KERN-A     -P 15 -T 15 -S 1
4  86016  32768  kernel   KERN-B     -P 0 -T 15
8  118784 32768  data     OEM
12 151552 65536  efi      EFI-SYSTEM
5  217088 4096   rootfs   ROOT-B
3  221184 131072 rootfs   ROOT-A
1  352256 16384  data     STATE
TABLE
}
disk_sectors=370688

create_disk() {
  truncate -s "$((disk_sectors * 512))" "$disk"
  cgpt create "$disk"
  cgpt edit -u "$(guid disk)" "$disk"
  cgpt boot -p "$disk" >/dev/null
  partitions | while read -r number start size type label options; do
    # shellcheck disable=SC2086 # several options
    cgpt add -i "$number" -b "$start" -s "$size" -t "$type" -l "$label" \
      -u "$(guid "partition $number")" $options "$disk"
  done
}

# field NUMBER COLUMN: of the table.
field() {
  partitions | awk -v number="$1" -v column="$2" '$1 == number { print $column }'
}

# put NUMBER FILE: as the content of a partition, which it has to fit into.
put() {
  size=$(($(field "$1" 3) * 512))
  if [ "$(stat -L -c %s "$2")" -gt "$size" ]; then
    echo "$2 does not fit into the $size bytes of $(field "$1" 5)" >&2
    exit 1
  fi
  write_at "$(($(field "$1" 2) * 512))" "$2"
}

# write_at OFFSET FILE
write_at() {
  dd if="$2" of="$disk" bs=1M seek="$1" oflag=seek_bytes conv=notrunc,sparse status=none
}

# ROOT-A's file system ends before its partition: then comes the tree of hashes
# that dm-verity checks it with. Here it is only something that is no part of
# the file system.
put_hash_tree() {
  perl -e 'binmode STDOUT; srand(3); print pack("C*", map { int(rand(256)) } 1 .. 524288)' >hashes
  write_at "$(($(field 3 2) * 512 + 62914560))" hashes
}

put_state() {
  cp -r "$1" state
  chmod -R u+w state
  make_ext state state.ext4 "$(($(field 1 3) * 512))" STATE -t ext4 \
    -O none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum
  put 1 state.ext4
}

put_oem() {
  mkdir oem
  make_ext oem oem.ext4 "$(($(field 8 3) * 512))" OEM -t ext4 \
    -O none,has_journal,ext_attr,dir_index,filetype,extent,sparse_super,large_file
  put 8 oem.ext4
}

put_efi_system() {
  truncate -s "$(($(field 12 3) * 512))" efi.fat
  mkfs.fat --invariant -i 20200101 -n EFI-SYSTEM efi.fat >/dev/null
  put 12 efi.fat
}
