#!/bin/sh
# Credentials on a STATE that others have written, with stubs for what mounts it.
set -eu
# shellcheck source=nix/tests/checks/wifi/lib.sh
. "$(dirname "$0")/lib.sh"

run "$work/one.json" || fail "one.json: $(cat "$work/message")"

# STATE: what it is mounted as, and that nothing on it leads elsewhere.
mkdir -p "$work/sys/class/block" "$work/sys/dev/block" "$work/sys/devices/sda/sda1" "$work/sys/devices/sda/sda4" "$work/state" "$work/stubs"
ln -s ../../devices/sda ../../devices/sda/sda1 ../../devices/sda/sda4 "$work/sys/class/block"
ln -s ../../devices/sda/sda4 "$work/sys/dev/block/8:4"
echo 1 >"$work/sys/devices/sda/sda1/partition"
echo 4 >"$work/sys/devices/sda/sda4/partition"
printf 'DEVNAME=sda1\nPARTNAME=STATE\n' >"$work/sys/devices/sda/sda1/uevent"
printf 'DEVNAME=sda4\n' >"$work/sys/devices/sda/sda4/uevent"
printf '#!/bin/sh\necho 8:4\n' >"$work/stubs/mountpoint"
cat >"$work/stubs/mount" <<'MOUNT'
#!/bin/sh
echo "$*" >>"$mounts"
[ "$2" = "$is" ] || exit 32
cp -a "$content/." "$6"
MOUNT
cat >"$work/stubs/umount" <<'UMOUNT'
#!/bin/sh
rm -r "$1"
UMOUNT
chmod +x "$work"/stubs/*
export mounts="$work/mounts" content="$work/state" is

# from_state TYPE: of a STATE that is one.
from_state() {
  is=$1
  : >"$mounts"
  env sys="$work/sys" dev=/dev mounted="$work/mounted" first_boot="$first_boot" PATH="$work/stubs:$PATH" \
    sh "$scripts/from-state.sh" "$work/connections" >"$work/message" 2>&1
}
cat "$here/good.json" >"$work/state/wifi-credentials.json"
from_state vfat || fail "from a FAT: $(cat "$work/message")"
[ "$(cat "$mounts")" = "-t vfat -o ro,nosuid,nodev,noexec /dev/sda1 $work/mounted" ] || fail "mounted otherwise: $(cat "$mounts")"
[ "$(cd "$work/connections" && echo shimboot-*)" = "$(cd "$here/good" && echo shimboot-*)" ] || fail "from a FAT: not all"
cp "$work/one.json" "$work/state/wifi-credentials.json"
from_state ext4 || fail "from an ext4: $(cat "$work/message")"
[ "$(tail -n 1 "$mounts")" = "-t ext4 -o ro,noload,nosuid,nodev,noexec,errors=continue /dev/sda1 $work/mounted" ] || fail "mounted otherwise: $(cat "$mounts")"
echo "root:secret" >"$work/secret"
ln -sf "$work/secret" "$work/state/wifi-credentials.json"
cp -a "$work/connections" "$work/before"
if from_state ext4; then fail "follows a link on STATE"; fi
if grep -q secret "$work/message"; then fail "says what a link on STATE leads to"; fi
if from_state xfs; then fail "no STATE that mounts is a success"; fi
diff -r "$work/before" "$work/connections" || fail "a bad STATE changes the connections"
rm "$work/state/wifi-credentials.json"
from_state vfat || fail "a STATE without networks: $(cat "$work/message")"
diff -r "$work/before" "$work/connections" || fail "a STATE without networks changes the connections"

done_with "from STATE"
