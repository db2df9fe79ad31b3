# shellcheck shell=sh
# Read by run: the first start of the live system on a stick of four times its size is
# recorded, and cut off at a hundred moments, with what was not flushed lost or torn.
# What is on the stick then is judged from outside, and for ten by the next start.
# shellcheck disable=SC2154 # set by run

root=$PWD
PATH=$tools/bin:$PATH
export PATH

cat >"$work/until-running" <<'PLAY'
expect nixos@shimboot
send "systemctl is-system-running --wait\r"
expect ^running
PLAY
cat >"$work/all-is-done" <<'PLAY'
expect nixos@shimboot
send "systemctl is-system-running --wait; ls /nix-path-registration\r"
expect ^running
expect cannot access '/nix-path-registration'
expect nixos@shimboot
send "sudo poweroff\r"
expect reboot: Power down
PLAY
mkdir "$work/recorded"
(cd "$work/recorded" && sh "$root/nix/tests/powercut/record.sh" "$key" "$images/live/shimboot-qemu.img" 2G "$work/until-running")
did "the first start, recorded"
(cd "$work/recorded" && sh "$root/nix/tests/powercut/first-start.sh" --sums "$PWD/1.img" "$PWD/end.img") >"$work/sums"
echo "$(wc -l <"$work/sums") files that it leaves alone"
closure=$(build tree closure.live)
# cut MANY JUDGE: in memory, where a copy of a disk costs little.
cut() {
  TMPDIR=/dev/shm power-cut --base "$work/recorded/1.img" --log "$work/recorded/1.log" --cuts "$1" \
    --check "sh $root/nix/tests/powercut/$2 $work/recorded/1.img $work/sums $closure/store-paths"
}
cut 100 first-start.sh
did "a hundred power cuts"
cut 10 "first-start-start.sh $key $work/all-is-done"
did "ten, and the starts after them"
