# shellcheck shell=sh
# The STATE partition of our own disk: settings, tries, logs. It is mounted for
# moments only. Whatever is wrong with it is said and stops nothing. Anybody who
# had the stick can have written to it, so it may have links to anywhere where
# it is an ext4: none is followed.
#
#   shimboot.conf          settings
#   shimboot/tries.0, .1   starts without success, see tries.sh
#   shimboot/boot-N.log    the last five boots, 1 is the newest

state=$run/state
logs_kept=5
log_bytes=16384

# with_state rw|ro COMMAND…: runs it while STATE is mounted on $state. Before it is
# written to, a copy of the disk may have come up: it is looked for.
with_state() {
  mode=$1
  shift
  [ "$mode" = ro ] || scan_partitions
  if copies_there && [ -z "$(own_disk)" ]; then
    state_problem "several disks are copies of the one that this was started from"
    return
  fi
  partition=$(partition_named "$(own_disk)" STATE)
  if [ -z "$partition" ]; then
    state_problem "there is no partition named STATE beside the kernel"
    return
  fi
  mkdir -p "$state"
  mount_state "$mode" || return
  "$@"
  status=$?
  sync
  umount "$state"
  return "$status"
}

# mount_state ro|rw: as the FAT that it is, or as the ext4 that it is where the
# shim's kernel has its FAT in a module. An ext4 can ask for a panic at its faults.
mount_state() {
  mount -t vfat -o "$1,nosuid,nodev,noexec" "$dev/$partition" "$state" 2>/dev/null && return
  [ "$(contents "$dev/$partition")" = ext4 ] &&
    mount -t ext4 -o "$1,nosuid,nodev,noexec,errors=remount-ro" "$dev/$partition" "$state" 2>/dev/null && return
  state_problem "STATE ($partition) does not mount"
}

# plain_file PATH, plain_dir PATH: that and no link.
plain_file() {
  [ -f "$1" ] && ! [ -L "$1" ]
}
plain_dir() {
  [ -d "$1" ] && ! [ -L "$1" ]
}

# state_problem TEXT: said once.
state_problem() {
  if ! [ -e "$run/state-problem" ]; then
    : >"$run/state-problem"
    warn "$1: settings, boot counts and logs are not kept"
  fi
  return 1
}

# load_state: settings and tries, by the partitions that were just found.
load_state() {
  : >"$run/tries"
  with_state ro copy_state
}

copy_state() {
  ! plain_file "$state/shimboot.conf" || read_conf "$state/shimboot.conf"
  load_tries
}

load_tries() {
  plain_dir "$state/shimboot" || return 0
  newest_tries >"$run/tries.read"
  read_tries <"$run/tries.read" >"$run/tries"
}

# write_over FILE NAME: FILE as NAME on STATE, in the place that NAME has: neither
# the FAT nor a directory changes, where a power cut would leave pieces of two
# files. It is on the medium then. Ours have one size for ever; of a stranger's, what was
# longer goes.
write_over() {
  written "$@" || state_problem "STATE cannot be written (full, or read-only?)"
}

# written FILE NAME: whether it could be.
written() {
  our_dir && in_its_place "$state/shimboot/$2" &&
    dd if="$1" of="$state/shimboot/$2" bs=16384 conv=notrunc,fsync &&
    { [ "$(stat -c %s "$state/shimboot/$2")" -eq "$(stat -c %s "$1")" ] ||
      dd if=/dev/null of="$state/shimboot/$2" bs=1 seek="$(stat -c %s "$1")" conv=fsync; }
} 2>/dev/null

# our_dir: is there, whatever was in its place.
our_dir() {
  plain_dir "$state/shimboot" || { rm -f "$state/shimboot" && mkdir "$state/shimboot"; } 2>/dev/null
}

# in_its_place PATH: that a write there is one to a plain file of no other name. In a
# directory that is marked as immutable or for appending a link cannot be removed.
in_its_place() {
  { plain_file "$1" && [ "$(stat -c %h "$1")" -eq 1 ]; } || {
    rm -rf "$1"
    ! [ -e "$1" ] && ! [ -L "$1" ]
  }
}

# filled FILE BYTES: its beginning, cleaned, as STATE may have had it from anybody, and
# empty lines up to that size.
filled() {
  {
    head -c "$2" "$1"
    dd if=/dev/zero bs="$2" count=1 2>/dev/null | tr '\000' '\n'
  } | head -c "$2" | clean
}

# save: tries and log.
save() {
  with_state rw save_all
}

save_log() {
  with_state rw put_log
}

save_all() {
  put_tries
  put_log
}
