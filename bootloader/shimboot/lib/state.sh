# shellcheck shell=sh
# The STATE partition of our own disk: settings, tries, logs. It is mounted for
# moments only. Whatever is wrong with it is said and stops nothing. Anybody who
# had the stick can have written to it, so it may have links to anywhere where
# it is an ext4: none is followed.
#
#   shimboot.conf          settings
#   shimboot/tries         starts without success, see tries.sh
#   shimboot/boot-N.log    the last five boots, 1 is the newest

state=$run/state
logs_kept=5
log_bytes=16384

# with_state rw|ro COMMAND…: runs it while STATE is mounted on $state.
with_state() {
  mode=$1
  shift
  scan_partitions
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
# shim's kernel has its FAT in a module.
mount_state() {
  mount -t vfat -o "$1,nosuid,nodev,noexec" "$dev/$partition" "$state" 2>/dev/null && return
  [ "$(contents "$dev/$partition")" = ext4 ] &&
    mount -t ext4 -o "$1,nosuid,nodev,noexec" "$dev/$partition" "$state" 2>/dev/null && return
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

# load_state: settings and tries.
load_state() {
  : >"$run/tries"
  with_state ro copy_state
}

copy_state() {
  ! plain_file "$state/shimboot.conf" || read_conf "$state/shimboot.conf"
  ! plain_dir "$state/shimboot" || ! plain_file "$state/shimboot/tries" ||
    read_tries <"$state/shimboot/tries" >"$run/tries"
}

# put FILE NAME: FILE as NAME on STATE: all of it, or nothing and the old stays.
put() {
  if our_dir; then
    gone "$state/shimboot/new" && cp "$1" "$state/shimboot/new" && replace new "$2" && return
    rm -f "$state/shimboot/new"
  fi 2>/dev/null
  state_problem "STATE cannot be written (full, or read-only?)"
}

# gone PATH: nothing is there any more. In a directory that is marked as immutable
# or for appending a link cannot be removed, and would be followed.
gone() {
  rm -rf "$1"
  ! [ -e "$1" ] && ! [ -L "$1" ]
}

# our_dir: is there, whatever was in its place.
our_dir() {
  plain_dir "$state/shimboot" || { rm -f "$state/shimboot" && mkdir "$state/shimboot"; } 2>/dev/null
}

# replace NAME OTHER: renames on STATE, over whatever is there.
replace() {
  if [ -d "$state/shimboot/$2" ]; then gone "$state/shimboot/$2" || return; fi
  mv -f "$state/shimboot/$1" "$state/shimboot/$2"
}

# save: tries and log.
save() {
  with_state rw save_all
}

save_log() {
  with_state rw put_log
}

save_all() {
  put "$run/tries" tries
  put_log
}

# put_log: this boot's log, in the first place of the ring each time.
put_log() {
  if ! [ -e "$run/log-turned" ]; then
    turn_logs
    : >"$run/log-turned"
  fi
  if [ -s "$run/errors" ]; then
    note_lines '            printed: ' <"$run/errors"
    : >"$run/errors"
  fi
  tail -c "$log_bytes" "$log" >"$run/log-tail"
  put "$run/log-tail" boot-1.log
}

turn_logs() {
  our_dir || return
  older=$logs_kept
  while [ "$older" -gt 1 ]; do
    newer=$((older - 1))
    ! plain_file "$state/shimboot/boot-$newer.log" || replace "boot-$newer.log" "boot-$older.log" 2>/dev/null
    older=$newer
  done
}
