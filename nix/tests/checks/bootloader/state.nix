# Counting starts on STATE, and a STATE that cannot be used.
{
  runCommand,
  vm,
  images,
}:
let
  inherit (images) image conf;

  # Nothing on STATE makes sense but that it mounts: otherwise the shim stops.
  nonsense = runCommand "corrupt-state" { } ''
    mkdir -p "$out/shimboot/boot-1.log/directory" "$out/shimboot/boot-4.log"
    printf '\001\377\r= timeout = soon\ntimeout = -1\n\000' > "$out/shimboot.conf"
    yes '- 9999999999999999' | head -c 20000 > "$out/shimboot/tries"
    cp "$out/shimboot/tries" "$out/shimboot/tries.0"
    mkdir "$out/shimboot/tries.1"
  '';
in
{
  # Starts are counted on the stick, through resets of the machine.
  bootloader-falls-back = vm.play {
    name = "bootloader-falls-back";
    disk = image {
      state = conf "timeout = 1\n";
      broken = "/bin/busybox reboot -f";
    };
    reboots = true;
    timeout = "10m";
    script = ''
      expect ^test: generation 3 starts
      expect ^test: generation 3 starts
      expect ^test: generation 3 starts
      expect ^shimboot: "nixos" generation 3 was started 3 times without success
      expect ^test: generation 2 starts
      expect ^shimboot: success of [0-9a-f-]{36} 2 is noted
    '';
  };

  # Without settings the time is five seconds; what can be written is.
  bootloader-corrupt-state = vm.play {
    name = "bootloader-corrupt-state";
    disk = image { state = nonsense; };
    script = ''
      expect ^shimboot: shimboot.conf, line 2: "timeout = -1" is not understood
      expect Starting number 1 in
      expect ^test: generation 3 starts
      expect ^shimboot: success of [0-9a-f-]{36} 3 is noted
    '';
  };

  # The shim itself wants a STATE, so each goes wrong behind its back: one that
  # is full and has not got the bootloader's files, one that somebody else has mounted for reading only, none at all.
  # Each shell has the log saved first; the mark is for saying it once a boot.
  bootloader-state-is-no-use = vm.play {
    name = "bootloader-state-is-no-use";
    disk = image { state = conf "timeout = menu\n"; };
    script = ''
      expect power off
      send "e"
      expect ^rescue#
      send "mkdir /a; mount -t vfat /dev/sda1 /a; rm -r /a/shimboot; dd if=/dev/zero of=/a/full bs=512; umount /a; exit\r"
      expect ^  >  1
      expect power off
      send "e"
      expect STATE cannot be written \(full, or read-only\?\): settings, boot counts and logs are not kept
      expect ^rescue#
      send "mount -t vfat /dev/sda1 /a; rm /a/full /shimboot/run/state-problem; umount /a; mount -t vfat -o ro /dev/sda1 /a; exit\r"
      expect ^  >  1
      expect power off
      send "e"
      expect STATE \(sda1\) does not mount: settings, boot counts and logs are not kept
      expect ^rescue#
      send "umount /a; dd if=/dev/zero of=/dev/sda1 bs=1024 count=1024; rm /shimboot/run/state-problem; exit\r"
      expect ^  >  1
      expect power off
      send "\r"
      expect STATE \(sda1\) does not mount: settings, boot counts and logs are not kept
      expect ^test: generation 3 starts
      expect ^STATE \(sda1\) does not mount: settings, boot counts and logs are not kept
    '';
  };
}
