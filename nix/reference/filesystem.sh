# File systems and identifiers that come out the same each time. Sourced, with
# $seed, which distinguishes this disk from others.
# shellcheck shell=sh
: "${seed:?}"

# guid WHAT: a GUID (version 4 in form) for a part of this disk.
guid() {
  printf %s "$seed $1" | sha256sum |
    sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-4\3-a\4-\5/'
}

# make_ext DIRECTORY IMAGE SIZE LABEL MKE2FS-OPTION...
# Everything belongs to root and is from SOURCE_DATE_EPOCH. The options name the
# features: no mke2fs.conf of the system's is read.
make_ext() {
  directory=$1 image=$2 size=$3 label=$4
  shift 4
  uuid=$(guid "file system $label")
  truncate -s "$size" "$image"
  {
    echo '[fs_types]'
    printf '%s = {\n inode_size = 256\n}\n' ext4 small
  } >mke2fs.conf
  MKE2FS_CONFIG=mke2fs.conf E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -b 4096 -m 0 \
    -L "$label" -U "$uuid" -E "hash_seed=$uuid,root_owner=0:0" -I 256 -d "$directory" "$@" "$image"
  # mke2fs takes owner and times from each file, and who builds this is neither
  # root nor able to set a ctime.
  (
    cd "$directory" || exit
    find . -printf '"/%P"\n'
    echo '"/lost+found"'
  ) | awk -v time="@$SOURCE_DATE_EPOCH" '{
    print "set_inode_field", $0, "uid 0"
    print "set_inode_field", $0, "gid 0"
    print "set_inode_field", $0, "atime", time
    print "set_inode_field", $0, "ctime", time
    print "set_inode_field", $0, "mtime", time
  }' >fields.debugfs
  E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH debugfs -w -f fields.debugfs "$image" >fields.log 2>&1
  # debugfs reports errors, but exits 0.
  if grep -v '^debugfs' fields.log; then
    echo "$label: setting owner and times failed" >&2
    exit 1
  fi
}
