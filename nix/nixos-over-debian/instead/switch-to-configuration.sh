# shellcheck shell=sh
# A short switch-to-configuration: NixOS' own is Rust. It calls what that calls, in
# its order (checks, boot loader, activation, systemd), and restarts units whose
# files have changed, where theirs do not say otherwise.
action=${1-}
case $action in
  boot | switch | test | dry-activate | check) ;;
  *)
    echo "usage: $0 boot | switch | test | dry-activate | check" >&2
    exit 64
    ;;
esac
old=$(readlink -f /run/current-system)

"$PRE_SWITCH_CHECK" "$TOPLEVEL" "$action"
[ "$action" != check ] || exit 0
case $action in
  boot | switch) "$INSTALL_BOOTLOADER" "$TOPLEVEL" ;;
esac
[ "$action" != boot ] || exit 0

# changed: running units whose file is another, or is gone.
changed() {
  systemctl list-units --state=active --plain --no-legend | while read -r unit _; do
    for file in "$unit" "${unit%%@*}@.${unit##*.}"; do
      before=$old/etc/systemd/system/$file
      [ -e "$before" ] || continue
      after=$TOPLEVEL/etc/systemd/system/$file
      if ! [ -e "$after" ]; then
        echo "stop $unit"
      elif ! cmp -s "$before" "$after" && ! grep -qE '^X-(RestartIfChanged|StopIfChanged|OnlyManualStart)=false|^RefuseManualStop=(true|yes)' "$after"; then
        echo "restart $unit"
      fi
    done
  done
}
changed >/run/switch-units
if [ "$action" = dry-activate ]; then
  cat /run/switch-units
  exit
fi
sed -n 's/^stop //p' /run/switch-units | xargs -r systemctl stop
"$OUT/activate"
systemctl daemon-reload
sed -n 's/^restart //p' /run/switch-units | xargs -r systemctl try-restart
systemctl start multi-user.target
rm /run/switch-units
sync
