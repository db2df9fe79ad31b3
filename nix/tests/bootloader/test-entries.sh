# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Which entry is started unasked.
# shellcheck disable=SC2154,SC2034
. "$here/fixture.sh"

cat >"$run/entries" <<'END'
sda4 A 3 - 26.05 2026-11-20 my nixos
sda4 A 2 auto 26.05 2026-11-19 my nixos
sda4 A 1 auto - - my nixos
sdb4 B - auto - - debian
sdc4 C damaged - - - old
END
tries() {
  printf '%s\n' "$@" >"$run/tries"
}

equal "the profile's, not the newest" "$(default_entry)" 2
equal "nothing passed over" "$(passed_over 2)" ""
tries "A 2 2"
equal "two tries" "$(default_entry)" 2
tries "A 2 3"
equal "the next older" "$(default_entry)" 3
equal "said" "$(passed_over 3)" '"my nixos" generation 2 was started 3 times without success'
tries "A 2 3" "A 1 4"
equal "the other root" "$(default_entry)" 4
tries "A 2 3" "A 1 4" "B - 3"
equal "nothing is left" "$(default_entry)" 2
entry_failed "A 2"
equal "failed just now" "$(default_entry)" 3
entry_failed "A 1"
entry_failed "B -"
equal "all failed" "$(default_entry)" ""
: >"$run/entries"
equal "no entries" "$(default_entry)" ""

printf 'sda4 A my nixos\nsdb4 B debian\nsdc4 C old\n' >"$run/roots"
conf_default=debian
equal "default root" "$(in_default_order <"$run/roots" | cut -d ' ' -f 1 | tr '\n' ' ')" "sdb4 sda4 sdc4 "
conf_default="my nixos"
equal "spaces" "$(in_default_order <"$run/roots" | cut -d ' ' -f 1 | tr '\n' ' ')" "sda4 sdb4 sdc4 "
conf_default=gone
equal "not there" "$(in_default_order <"$run/roots" | cut -d ' ' -f 1 | tr '\n' ' ')" "sda4 sdb4 sdc4 "

# What each kind of root becomes.
mount_root() { [ "$2" != "$dev/sdc4" ]; }
leave_root() { :; }
make_ext4 "$dev/sda4" 16 65536
make_ext4 "$dev/sdc4" 16 65536
make_ext4 "$dev/sdd4" 16 65536
plant "$dev/sdd4" 0 58465342
zeros 4096 >"$dev/sde4"
printf 'sdd4 D both\nsde4 E nobody knows\n' >>"$run/roots"
printf 'LUKS\272\276\000\001' >"$dev/sdb4"
mkdir -p "$newroot$profiles"
ln -s /nix/store/x "$newroot$profiles/system-7-link"
ln -s /nix/store/y "$newroot$profiles/system-8-link"
ln -s system-7-link "$newroot$profiles/system"
equal "entries" "$(list_entries | cut -d ' ' -f 1,3,4,7-)" "sda4 8 - my nixos
sda4 7 auto my nixos
sdb4 encrypted auto debian
sdc4 damaged - old
sdd4 holds:ext4+XFS - both
sde4 holds:nothing - nobody knows"
mkdir "$dev/mapper"
: >"$dev/mapper/shimboot-sdb4"
equal "unlocked" "$(list_entries | grep -c encrypted)" 0
equal "its device" "$(root_device sdb4)" "$dev/mapper/shimboot-sdb4"
