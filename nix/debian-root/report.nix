# A unit that says on the console how the boot went; files to lay over a root.
{ runCommand }:
runCommand "boot-report" { unit = ./boot-report.service; script = ./boot-report; } ''
  units=$out/usr/lib/systemd/system
  mkdir -p "$units/multi-user.target.wants" "$out/usr/libexec"
  cp "$unit" "$units/boot-report.service"
  ln -s ../boot-report.service "$units/multi-user.target.wants/boot-report.service"
  cp "$script" "$out/usr/libexec/boot-report"
  chmod 755 "$out/usr/libexec/boot-report"
''
