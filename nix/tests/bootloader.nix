# Whole boots of the bootloader, with roots that hold no more than a busybox
# and three generations whose init says which one it is.
{
  runCommand,
  writeTextFile,
  busybox,
  vboot_reference,
  vm,
  # Whose bootloader it is.
  board,
}:
let
  conf =
    text:
    writeTextFile {
      name = "state";
      destination = "/shimboot.conf";
      inherit text;
    };

  # broken: what generation 3 does once it has said that it starts.
  root =
    { broken }:
    runCommand "three-generations" { inherit busybox broken; } ''
      profiles=$out/nix/var/nix/profiles
      mkdir -p "$out/bin" "$profiles"
      cp "$busybox/bin/busybox" "$out/bin/busybox"
      ln -s busybox "$out/bin/sh"
      for number in 1 2 3; do
        system=/nix/store/system-$number
        mkdir -p "$out$system"
        echo "26.05.$number" > "$out$system/nixos-version"
        {
          echo '#!/bin/sh'
          echo "echo test: generation $number starts"
          [ "$number" -ne 3 ] || echo "$broken"
          echo '/run/shimboot/shimboot/boot-success && exec /bin/busybox sleep 1000'
        } > "$out$system/init"
        chmod 755 "$out$system/init"
        ln -s "$system" "$profiles/system-$number-link"
      done
      ln -s system-3-link "$profiles/system"
    '';

  image =
    {
      state,
      broken ? "",
    }:
    vm.file (
      board.mkImage {
        root = [ { directory = root { inherit broken; }; } ];
        size = "content+4MiB";
        inherit state;
      }
    );

  patient = image { state = conf "timeout = menu\nwait = 1\n# comment\ncolour = blue\n"; };
  broken = image {
    state = conf "timeout = 1\n";
    broken = "/bin/busybox reboot -f";
  };

  # Nothing on STATE makes sense but that it mounts: otherwise the shim stops.
  corrupt = image {
    state = runCommand "corrupt-state" { } ''
      mkdir -p "$out/shimboot/boot-1.log"
      printf '\001\377\r= timeout = soon\ntimeout = -1\n\000' > "$out/shimboot.conf"
      yes '- 9999999999999999' | head -c 20000 > "$out/shimboot/tries"
    '';
  };

  # The disk without the root's name.
  noRoot = runCommand "no-root" { nativeBuildInputs = [ vboot_reference ]; } ''
    cp --sparse=always ${patient} "$out"
    chmod u+w "$out"
    cgpt add -i 4 -l data "$out"
  '';
in
{
  # A shell and back, then a system that is not the default.
  bootloader-choose = vm.play {
    name = "bootloader-choose";
    disk = patient;
    script = ''
      expect shimboot.conf, line 4: "colour = blue" is not understood
      expect ^  >  1  nixos +generation 3  26\.05\.3 +\(sda4\)
      expect power off
      send "e"
      expect ^rescue#
      send "echo $((6 * 7)) in the shell\r"
      expect ^42 in the shell
      send "exit\r"
      expect ^  >  1  nixos
      expect power off
      send "3"
      expect ^  >  3  nixos +generation 1  26\.05\.1
      send "\r"
      expect ^test: generation 1 starts
      expect ^shimboot: success of [0-9a-f-]{36} 1 is noted
    '';
  };

  # Starts are counted on the stick, through resets of the machine.
  bootloader-falls-back = vm.play {
    name = "bootloader-falls-back";
    disk = broken;
    reboots = true;
    timeout = "8m";
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
    disk = corrupt;
    script = ''
      expect ^shimboot: shimboot.conf, line 2: "timeout = -1" is not understood
      expect Starting number 1 in
      expect ^test: generation 3 starts
    '';
  };

  # What was seen is told, and the machine can be turned off in order.
  bootloader-no-root = vm.play {
    name = "bootloader-no-root";
    disk = noRoot;
    script = ''
      expect ^shimboot: error: no partition is named shimboot_rootfs:NAME; the disks are: sda
      expect There is nothing to start
      expect power off
      send "i"
      expect ^this stick: sda
      expect sda4 [0-9a-f-]{36} data
      expect Enter goes back to the menu
      send "\r"
      expect power off
      send "p"
      expect ^shimboot: poweroff
    '';
  };
}
