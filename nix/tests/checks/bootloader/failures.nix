# What can go wrong between the menu and a system: it is said, and the menu
# comes back.
{
  vm,
  images,
  e2fsprogs,
  dosfstools,
  vboot_reference,
}:
let
  inherit (images) image conf changed;
  # The kernel will not run generation 3: its interpreter is no program.
  broken = image {
    state = conf "timeout = menu\n";
    files = ''
      cp "$busybox/bin/busybox" "$out/bin/dull"
      chmod 644 "$out/bin/dull"
      echo '#!/bin/dull' > "$out/nix/store/system-3/init"
      rm "$out/nix/store/system-2/init"
    '';
  };
  # Its journal is none.
  damaged =
    changed (image { state = conf "timeout = menu\n"; })
      [
        e2fsprogs
        vboot_reference
      ]
      ''
        start=$(cgpt show -i 4 -b "$out")
        dd if="$out" of=root bs=512 skip="$start" count="$(cgpt show -i 4 -s "$out")" status=none
        journal=$(debugfs -R 'bmap <8> 0' root)
        dd if=/dev/zero of="$out" bs=512 seek=$((start + journal * 8)) count=8 conv=notrunc status=none
      '';
  other =
    changed (image { state = conf "timeout = 1\n"; })
      [
        dosfstools
        vboot_reference
      ]
      ''
        truncate -s $(($(cgpt show -i 4 -s "$out") * 512)) fat
        mkfs.fat fat
        dd if=fat of="$out" bs=512 seek="$(cgpt show -i 4 -b "$out")" count=8 conv=notrunc status=none
      '';
in
{
  # The kernel refuses an init, there is none, the bootloader is killed, a move
  # of mounts fails.
  bootloader-failures = vm.play {
    name = "bootloader-failures";
    disk = broken;
    script = ''
      expect power off
      send "\r"
      expect generation 3: /nix/var/nix/profiles/system-3-link/init
      expect ^shimboot: error: the kernel could not start /nix/var/nix/profiles/system-3-link/init
      expect generation 3  failed
      expect power off
      send "2\r"
      expect "nixos" has no /nix/var/nix/profiles/system-2-link/init that can be run
      expect generation 2  failed
      expect power off
      send "e"
      expect ^rescue#
      send "for p in /proc/[0-9]*; do grep -q shimboot/main $p/cmdline && kill -9 ''${p#/proc/}; done; exit\r"
      expect ended with status 137; starting it again
      expect power off
      send "e"
      expect ^rescue#
      send "mount --make-shared /; exit\r"
      expect power off
      send "3\r"
      expect ^shimboot: error: /dev could not be moved into "nixos"
      expect generation 1  failed
      expect power off
      send "e"
      expect ^rescue#
      send "mount --make-private /; exit\r"
      expect power off
      send "3\r"
      expect ^test: generation 1 starts
      expect ^shimboot: success of [0-9a-f-]{36} 1 is noted
    '';
  };

  # A FAT that was made over it: the old file system's backups are no reason
  # to write there.
  bootloader-other-root = vm.play {
    name = "bootloader-other-root";
    disk = other;
    script = ''
      expect ^  >  1  nixos +FAT
      expect power off
      send "\r"
      expect ^shimboot: error: "nixos" \(sda4\) holds FAT, which cannot be started
      expect power off
      send "f"
      expect ^shimboot: error: f mends ext4; /dev/sda4 holds FAT, and is left as it is
      expect power off
      send "r"
      expect ^shimboot: error: /dev/sda4 holds FAT, and is left as it is
      expect power off
      send "e"
      expect ^rescue#
      send "echo $(od -An -tx1 -j 1080 -N 2 /dev/sda4) $(dd if=/dev/sda4 bs=1 skip=3 count=8 2>/dev/null)\r"
      expect ^00 00 mkfs.fat
    '';
  };

  # A root that does not mount is offered to be checked, and starts after that.
  bootloader-damaged-root = vm.play {
    name = "bootloader-damaged-root";
    disk = damaged;
    script = ''
      expect ^  >  1  nixos +damaged
      expect power off
      send "\r"
      expect ^shimboot: error: "nixos" \(sda4\) does not mount as ext4; f checks and repairs it
      expect power off
      send "f"
      expect ^shimboot: looking at /dev/sda4, which can take minutes; nothing is changed
      expect ^shimboot: /dev/sda4 has errors; by its tables it has [0-9]+ files
      expect ^Type "repair" and Enter
      send "\r"
      expect ^shimboot: /dev/sda4 was left as it is
      expect ^  >  1  nixos +damaged
      expect power off
      send "f"
      expect ^Type "repair" and Enter
      send "repair\r"
      expect has no errors left: [0-9]+ files and directories before, [0-9]+ now
      expect ^  >  1  nixos +generation 3
      expect power off
      send "\r"
      expect ^test: generation 3 starts
    '';
  };
}
