# shellcheck shell=sh
# Read by run: each image on a stick four times as large, with networks and a short clock on STATE,
# and a disk beside it that has what inside has, and the systems that are copied to it.
# shellcheck disable=SC2154 # set by run

# parcel: that disk.
make_parcel() {
  mkdir "$work/parcel"
  for name in second broken; do build tree "toplevel.$name" >"$work/parcel/$name"; done
  "$nix" copy --quiet --to "file://$work/parcel/cache?compression=none" "$(cat "$work/parcel/second")" "$(cat "$work/parcel/broken")"
  cp nix/tests/nixos/inside/* "$work/parcel/"
  truncate -s 1G "$work/parcel.img"
  mke2fs -q -t ext4 -O ^orphan_file,^metadata_csum_seed -d "$work/parcel" "$work/parcel.img"
}

# stick NAME: as its owner has it.
make_stick() {
  cp --sparse=always "$images/$1/shimboot-qemu.img" "$work/$1.img"
  chmod u+w "$work/$1.img"
  truncate -s "$((4 * $(stat -c %s "$work/$1.img")))" "$work/$1.img"
  cgpt repair "$work/$1.img" >"$work/$1.repaired" 2>&1
  for file in wifi-credentials.json shimboot.conf; do "$tools/bin/gpt-pack" put "$work/$1.img" "$work/$file" 2>"$work/$1.put"; done
}

# play NAME: says how long it took, and when all was up at the first start.
play() {
  began=$(date +%s)
  make_stick "$1"
  "$tools/bin/qemu-boot" --key "$key" --show all --timeout 15m --reboots --fail 'Kernel panic|Freezing execution|inside: .* failed' \
    --script "nix/tests/nixos/plays/$1" --disk "usb=$work/parcel.img" "$work/$1.img" >"$work/$1.log" 2>&1 || {
    tail -n 60 "$work/$1.log"
    echo "FAIL  $1"
    return 1
  }
  printf '%4d s  %s, running %s s after Linux began\n' $(($(date +%s) - began)) "$1" \
    "$(sed -nE 's/.*inside: running ([0-9]+).*/\1/p; s/^ *([0-9]+)[.][0-9] +boot-report: running.*/\1/p' "$work/$1.log" | head -n 1)"
  rm "$work/$1.img"
}

cp nix/tests/checks/wifi/good.json "$work/wifi-credentials.json"
echo "timeout = 1" >"$work/shimboot.conf"
make_parcel
did "the systems to switch to, on a disk"
status=0
if [ "$what" = plays ]; then
  # On two cores. (Behind || nothing ends the shell by itself.)
  play live &
  lane=$!
  for name in debian encrypted headless old template; do play "$name" || status=1; done
  wait "$lane" || status=1
else
  play "$what" || status=1
fi
did "$what"
exit "$status"
