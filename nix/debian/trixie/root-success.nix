# A unit that tells the bootloader that the system is up, which ends its
# counting of starts (docs/bootloader.md); files to lay over a root.
{ runCommand }:
runCommand "boot-success" { unit = ./root-success.service; } ''
  units=$out/usr/lib/systemd/system
  mkdir -p "$units/multi-user.target.wants"
  cp "$unit" "$units/shimboot-success.service"
  ln -s ../shimboot-success.service "$units/multi-user.target.wants/shimboot-success.service"
''
