# shellcheck shell=sh
# Disks and their partitions, from sysfs and from the partition tables
# themselves: any name and any kind of disk will do.
#
# $run/partitions has a line each: DISK PARTITION ID NAME, where ID is the
# partition's unique GUID (lsblk: PARTUUID), or its device where that cannot be
# read. The name may have spaces.

# read_uevent FILE: sets devname, partn and partname. (No programs: this is done
# for everything there is, again and again.)
read_uevent() {
  devname= partn= partname=
  while IFS= read -r line; do
    case $line in
      DEVNAME=*) devname=${line#*=} ;;
      PARTN=*) partn=${line#*=} ;;
      PARTNAME=*) partname=${line#*=} ;;
    esac
  done <"$1"
}

# gpt_guids DISK: "NUMBER GUID" for each entry of the partition table that is in
# use.
gpt_guids() (
  file=$dev/$1
  sector=$(cat "$sys/class/block/$1/queue/logical_block_size" 2>/dev/null)
  sector=${sector:-512}
  [ "$(hexdump -s "$sector" -n 8 -e '8/1 "%c"' "$file" 2>/dev/null)" = "EFI PART" ] || return 0
  table=$(hexdump -s "$((sector + 72))" -n 4 -e '1/4 "%u"' "$file")
  # An entry is 128 bytes: type, GUID, the rest.
  hexdump -v -s "$((table * sector))" -n $((128 * 128)) \
    -e '4/4 "%08x" " " 1/4 "%08x" 2/2 "-%04x" 1/1 "-%02x" 1/1 "%02x" 1/1 "-%02x" 5/1 "%02x" 24/4 " %08x" "\n"' "$file" |
    awk '$2 !~ /^[0-]*$/ { print NR, $2 }'
)

# disk_of PARTITION NUMBER: sets disk: sda for sda4, mmcblk0 for mmcblk0p4.
disk_of() {
  disk=${1%"$2"}
  case $disk in *[0-9]p) disk=${disk%p} ;; esac
}

# id_of PARTITION NUMBER: sets id, from $run/guids.
id_of() {
  id=$1
  while read -r number guid; do
    [ "$number" != "$2" ] || id=$guid
  done <"$run/guids"
}

list_partitions() (
  known=
  for uevent in "$sys"/class/block/*/uevent; do
    [ -r "$uevent" ] || continue
    read_uevent "$uevent"
    [ -n "$partn" ] || continue
    disk_of "$devname" "$partn"
    if [ "$disk" != "$known" ]; then
      gpt_guids "$disk" >"$run/guids"
      known=$disk
    fi
    id_of "$devname" "$partn"
    echo "$disk $devname $id $partname"
  done
)

# kernel_argument NAME: its value on the kernel's command line.
kernel_argument() {
  tr ' ' '\n' <"$proc/cmdline" | sed -n "s/^$1=//p" | head -n 1
}

# own_disks: those with the partition that this kernel says it was started from:
# more than one where a stick was copied with its GUIDs.
own_disks() {
  awk '
    FILENAME == ARGV[1] {
      for (i = NF; i > 0; i--) if (index($i, "kern_guid=") == 1) guid = tolower(substr($i, 11))
      next
    }
    guid != "" && $3 == guid { print $1 }' "$proc/cmdline" "$run/partitions"
}

# own_disk: the one that this kernel was started from; none where it could be
# one of several. Once a system is started it stays what it was then.
own_disk() (
  disks=$(own_disks)
  if [ -s "$run/own-disk" ]; then
    grep -xF "$disks" "$run/own-disk"
    return
  fi
  case $disks in
    '' | *"
"*) ;;
    *) echo "$disks" ;;
  esac
)

# is_own DISK: whether it may be our own.
is_own() {
  own_disks | grep -qxF "$1"
}

copies_there() {
  [ "$(own_disks | wc -l)" -gt 1 ]
}

# disk_with PARTITION: the disk that it is on.
disk_with() {
  awk -v partition="$1" '$2 == partition { print $1; exit }' "$run/partitions"
}

# partition_named DISK NAME: its device.
partition_named() {
  awk -v disk="$1" -v name="$2" '
    $1 == disk && substr($0, length($1 $2 $3) + 4) == name { print $2; exit }' "$run/partitions"
}

# list_roots: "PARTITION ID NAME", those of our own disk first, then by name.
# They are the partitions whose name starts with "shimboot_rootfs:".
list_roots() {
  awk -v own=" $(own_disks | tr '\n' ' ')" '
    index(name = substr($0, length($1 $2 $3) + 4), "shimboot_rootfs:") == 1 {
      print !index(own, " " $1 " "), substr(name, 17) "\t" $2, $3, substr(name, 17)
    }' "$run/partitions" | sort | cut -f 2
}

scan_partitions() {
  list_partitions >"$run/partitions"
  list_roots >"$run/roots"
}

own_disk_found() {
  [ -n "$(own_disks)" ] || [ -z "$(kernel_argument kern_guid)" ]
}

# look_again: at what is plugged in now. With another disk of our own there is
# another STATE, and with a copy of it there is none.
look_again() {
  scan_partitions
  disks=$(own_disks)
  [ "$disks" != "${disks_before-none}" ] || return 0
  disks_before=$disks
  rm -f "$run/state-problem"
  if copies_there; then
    warn "error: these disks are copies of each other: $(printf '%s' "$disks" | tr '\n' ' ')"
    warn "Nothing starts by itself, and counts and logs are not kept. Unplug one of them and press s."
    : >"$run/state-problem"
  else
    load_state
  fi
}

root_found() {
  [ -s "$run/roots" ]
}

# wait_for WHAT CONDITION: sticks and card readers can take their time.
wait_for() {
  waited=0
  while scan_partitions && ! "$2"; do
    if [ "$waited" -ge "$conf_wait" ]; then
      note "$1 did not appear in $conf_wait s"
      return
    fi
    [ "$waited" -ne 0 ] || say "waiting for $1 (up to $conf_wait s)"
    sleep 1
    waited=$((waited + 1))
  done
}

no_root() {
  warn "error: no partition is named shimboot_rootfs:NAME; the disks are:" \
    "$(cut -d ' ' -f 1 "$run/partitions" | sort -u | tr '\n' ' ')"
  warn "Is the disk with the system plugged in? It is found when it appears."
}
