# Sticks and roots on every kind of disk, there from the beginning or later.
{
  vm,
  images,
  vboot_reference,
}:
let
  inherit (images) image conf changed;
  plain = image { state = conf "timeout = menu\nwait = 1\n"; };
  other = image {
    state = conf "timeout = menu\n";
    files = "echo other > $out/other";
  };
  # What would start by itself, and counts the notes that it finds.
  copied = image {
    state = conf "timeout = 15\n";
    broken = ''
      /run/shimboot/shimboot/boot-success
      for p in sda1 sdb1; do
        /bin/busybox mount -t vfat -o ro /dev/$p /mnt
        echo "test: notes on $p: $(/bin/busybox cat /mnt/shimboot/* | /bin/busybox grep -c .)"
        /bin/busybox umount /mnt
      done
    '';
    files = "mkdir $out/mnt";
  };
  # The disk without the root's name.
  noRoot = changed plain [ vboot_reference ] ''cgpt add -i 4 -l data "$out"'';
  # A card's size is a power of two.
  card = changed other [ ] ''truncate -s 128M "$out"'';
in
{
  # Four disks with the same names: the one that the kernel came from is first,
  # and any can be chosen.
  bootloader-disks = vm.play {
    name = "bootloader-disks";
    disk = plain;
    options = [
      "--attach=nvme"
      "--disk=usb=${other}"
      "--disk=sd=${card}"
      "--disk=virtio=${other}"
    ];
    script = ''
      expect ^  >  1  nixos +generation 3  26\.05\.3 +\(nvme0n1p4\)
      expect ^     4  nixos +generation 3  26\.05\.3 +\(mmcblk0p4\)
      expect ^     7  nixos +generation 3  26\.05\.3 +\(sda4\)
      expect ^    10  nixos +generation 3  26\.05\.3 +\(vda4\)
      expect power off
      send "i"
      expect ^this stick: nvme0n1
      expect --More--
      send " "
      expect Enter goes back to the menu
      send "\r"
      expect power off
      send "5"
      expect ^  >  5
      expect power off
      send "\r"
      expect generation 2: /nix/var/nix/profiles/system-2-link/init on /dev/mmcblk0p4
      expect ^test: generation 2 starts
      expect ^shimboot: success of [0-9a-f-]{36} 2 is noted
    '';
  };

  # A copy of the stick with its GUIDs, plugged in while the clock runs (the shim
  # itself stops where it finds two): nobody can say which of them was started
  # from, so nothing starts unasked and neither is written to.
  bootloader-copies = vm.play {
    name = "bootloader-copies";
    disk = copied;
    options = [ "--disk=later=${copied}" ];
    script = ''
      expect Starting number 1 in 1[0-9] s
      qmp {"execute": "device_add", "arguments": {"driver": "usb-storage", "id": "late", "drive": "disk1", "bus": "usb.0"}}
      expect ^shimboot: error: these disks are copies of each other: sda sdb
      expect ^     4  nixos +generation 3  26\.05\.3 +\(sdb4\)
      expect power off
      pause 3s
      send "4\r"
      expect generation 3: /nix/var/nix/profiles/system-3-link/init on /dev/sdb4
      expect ^test: generation 3 starts
      expect ^several disks are copies of the one that this was started from: settings, boot counts and logs are not kept
      expect ^test: notes on sda1: 0
      expect ^test: notes on sdb1: 0
    '';
  };

  # What was seen is told; a root that is plugged in later, behind a slow port,
  # appears by itself.
  bootloader-no-root = vm.play {
    name = "bootloader-no-root";
    disk = noRoot;
    options = [
      "--throttle=4000000"
      "--disk=later=${other}"
    ];
    script = ''
      expect ^shimboot: waiting for a disk with a root \(up to 1 s\)
      expect ^shimboot: error: no partition is named shimboot_rootfs:NAME; the disks are: sda
      expect There is nothing to start
      expect power off
      send "i"
      expect ^this stick: sda
      expect sda4 [0-9a-f-]{36} data
      expect Enter goes back to the menu
      send "\r"
      expect power off
      qmp {"execute": "device_add", "arguments": {"driver": "usb-storage", "id": "late", "drive": "disk1", "bus": "usb.0"}}
      expect ^  >  1  nixos +generation 3  26\.05\.3 +\(sdb4\)
      expect power off
      send "p"
      expect ^shimboot: poweroff
    '';
  };
}
