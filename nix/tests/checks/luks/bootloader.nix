# Encrypted roots.
{
  vm,
  images,
  # With luks = true.
  board,
}:
let
  # A header, behind f and the two questions.
  restored = ''
    expect ^Type "repair"
    send "repair\r"
    expect ^Type "restore"
    send "restore\r"
    expect ^shimboot: the LUKS header of /dev/sda4 is restored
    expect ^  >  1  nixos +encrypted +\('';
in
{
  # The whole life of one: made at the first start, with a power cut in between,
  # taken up, unlocked. No word of its init can be read on the disk then. The
  # throttle gives the power cut its time.
  bootloader-luks = vm.play {
    name = "bootloader-luks";
    disk = images.image {
      of = board;
      room = "28MiB";
      state = images.conf "timeout = 20\n";
    };
    reboots = true;
    options = [ "--throttle=12000000" ];
    timeout = "15m";
    script = ''
      expect ^  >  1  nixos +unencrypted
      expect ^New passphrase for "nixos"
      send "correct horse\r"
      expect ^The same again:
      send "wrong horse\r"
      expect two different ones
      expect ^New passphrase
      send "correct horse\r"
      expect ^The same again:
      send "correct horse\r"
      expect ^Progress: +[1-9]
      qmp {"execute": "system_reset"}

      expect ^  >  1  nixos +encrypted
      expect ^Passphrase for "nixos"
      send "battery staple\r"
      expect this is not the passphrase
      expect ^Passphrase for "nixos"
      send "correct horse\r"
      expect "nixos" is encrypted
      expect ^  >  1  nixos +generation 3
      send "e"
      expect ^rescue#
      send "for d in sda4 mapper/shimboot-sda4; do grep -qF 'test: generation 3 starts' /dev/$d; echo $d: $?; done\r"
      expect ^sda4: 1
      expect ^mapper/shimboot-sda4: 0
      # As a system does when the partition was grown: it is not asked anything.
      send "DM_DISABLE_UDEV=1 cryptsetup resize --disable-locks shimboot-sda4 </dev/null && echo resized $((6 * 7))\r"
      expect ^resized 42
      # The first header is lost, the second is there.
      send "dd if=/dev/zero of=/dev/sda4 bs=4096 count=1 conv=fsync\r"
      expect ^1\+0 records out
      qmp {"execute": "system_reset"}

      expect ^  >  1  nixos +the copy of a LUKS header
      expect power off
      send "\r"
      expect holds the copy of a LUKS header, which cannot be started
      expect power off
      send "f"
      expect cryptsetup repair /dev/sda4 restores it from the second
      expect ^Type "repair"
      send "repair\r"
      expect ^Type "restore"
      send "restore\r"
      expect ^shimboot: the LUKS header of /dev/sda4 is restored
      expect ^  >  1  nixos +encrypted
      send "\r"
      expect ^Passphrase for "nixos"
      send "correct horse\r"
      expect ^  >  1  nixos +generation 3
      # One is there, but broken: the other opens it, which heals nothing.
      send "e"
      expect ^rescue#
      send "dd if=/dev/zero of=/dev/sda4 bs=512 seek=8 count=1 conv=fsync\r"
      expect ^1\+0 records out
      qmp {"execute": "system_reset"}

      expect ^  >  1  nixos +encrypted, its first header is broken
      send "\r"
      expect ^Passphrase for "nixos"
      send "correct horse\r"
      expect ^shimboot: the first LUKS header of /dev/sda4 is broken: f restores it
      expect ^  >  1  nixos +generation 3
      qmp {"execute": "system_reset"}

      expect ^  >  1  nixos +encrypted, its first header is broken
      expect power off
      send "f"
      expect the first LUKS header of /dev/sda4 is lost or broken
      ${restored}
      expect power off
      send "e"
      expect ^rescue#
      send "dd if=/dev/zero of=/dev/sda4 bs=512 seek=32 count=1 conv=fsync; exit\r"
      expect ^  >  1  nixos +encrypted, its second header is broken
      expect power off
      send "f"
      ${restored}
      expect power off
      send "\r"
      expect ^Passphrase for "nixos"
      send "correct horse\r"
      expect ^  >  1  nixos +generation 3
      expect power off
      send "\r"
      expect ^test: generation 3 starts
      expect ^shimboot: success of [0-9a-f-]{36} 3 is noted
    '';
  };
}
