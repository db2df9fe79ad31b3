# The first start of an image on a larger stick, in the reference machine: the
# services of modules/ as they are, on a Debian that has their programs, Nix and
# NetworkManager among them, started by the init of a generation.
{
  lib,
  runCommand,
  writeTextFile,
  closureInfo,
  e2fsprogs,
  gptfdisk,
  mtools,
  qemu,
  tools,
  vboot_reference,
  units,
  vm,
  # The root's: nix/debian-root.
  stock,
  systemd,
  # Whose image it is, and one whose roots are encrypted: nix/reference/images.nix.
  board,
  luksBoard,
}:
let
  libexec = "/usr/libexec/shimboot";
  onConsole =
    service:
    service
    // {
      serviceConfig = service.serviceConfig // {
        StandardOutput = "journal+console";
        StandardError = "journal+console";
      };
    };
  # -x: what is cut off is a command, and the console shows which.
  firstBoot = import ../../../modules/first-boot/services.nix {
    run = file: "/bin/sh -x ${libexec}/first-boot/${file}";
  };
  services = builtins.mapAttrs (name: service: onConsole (withPrograms name service)) {
    inherit (firstBoot) shimboot-register shimboot-grow;
    shimboot-wifi = import ../../../modules/wifi/service.nix {
      run = file: "/bin/sh ${libexec}/wifi/${file}";
      firstBoot = "${libexec}/first-boot";
    };
    shimboot-success = import ../../../modules/success/service.nix { units = [ ]; };
    kill-frecon = killFrecon // {
      script = "/bin/sh ${libexec}/kill-frecon.sh";
    };
    # What it has to end: a program of that name, with its terminal over /dev/console.
    frecon = {
      description = "Have the screen";
      wantedBy = [ "multi-user.target" ];
      before = [ "kill-frecon.service" ];
      serviceConfig = {
        ExecStartPre = "/usr/bin/mount --bind /dev/ttyS0 /dev/console";
        ExecStart = "${libexec}/frecon infinity";
        SuccessExitStatus = "TERM";
      };
    };
    report = {
      description = "Say what the first start has done";
      wantedBy = [ "multi-user.target" ];
      after = [
        "multi-user.target"
        "shimboot-success.service"
      ];
      serviceConfig = {
        Type = "oneshot";
        ExecStart = "${libexec}/report";
      };
    };
  };
  scripts = runCommand "first-boot-scripts" { } ''
    mkdir "$out"
    cp -r ${import ../../../modules/first-boot/scripts.nix { inherit runCommand; }} "$out/first-boot"
    cp -r ${../../../modules/wifi} "$out/wifi"
    cp ${../../../modules/install-init.sh} "$out/install-init.sh"
    cp ${../../../modules/use-drivers.sh} "$out/use-drivers.sh"
    cp ${../../../modules/link-root.sh} "$out/link-root.sh"
    cp ${../../../modules/usermode-helper.sh} "$out/usermode-helper.sh"
    printf '#!/bin/sh\nexport PATH=%s\n. %s\n' ${libexec}/path/usermode-helper ${libexec}/usermode-helper.sh > "$out/usermode-helper"
    cp ${builtins.toFile "kill-frecon" killFrecon.script} "$out/kill-frecon.sh"
    ln -s /usr/bin/sleep "$out/frecon"
    cp -r ${paths} "$out/path"
    cp ${./first-boot/report} "$out/report"
    cp ${./first-boot/rebuild} "$out/rebuild"
    cp ${./wifi/secret.sh} "$out/secret.sh"
    chmod 755 "$out/report" "$out/usermode-helper"
  '';

  # Exactly the programs that modules/ asks for, of the Debian packages that have
  # them; NixOS gives a service no more.
  withPrograms =
    name: service:
    if programs.services ? ${name} then
      service
      // {
        environment = service.environment or { } // {
          PATH = "${libexec}/path/${name}";
        };
      }
    else
      service;
  programs = import ../../../modules/programs.nix;
  killFrecon = import ../../../modules/kill-frecon.nix { units = [ "report.service" ]; };
  debianNames = {
    gawk = [ "mawk" ];
    gnugrep = [ "grep" ];
    gnused = [ "sed" ];
    nix = [ "nix-bin" ];
    util-linux = [
      "bsdutils"
      "fdisk"
      "mount"
      "util-linux"
    ];
  };
  # A folder for each service, script and activation script, of links.
  paths = runCommand "programs" { inherit stock; } ''
    tar -xf "$stock" ./var/lib/dpkg/info
    # links FOLDER PACKAGE…
    links() {
      folder=$out/$1
      mkdir -p "$folder"
      shift
      for package; do
        if [ "$package" = cryptsetup ]; then echo /usr/sbin/cryptsetup; else sed -nE 's,^(/usr)?(/s?bin/.),/usr\2,p' "var/lib/dpkg/info/$package.list"; fi
      done > programs
      while read -r program; do ln -sf "$program" "$folder/"; done < programs
      # In nixpkgs' packages, and in none of Debian's.
      if [ -L "$folder/mawk" ]; then ln -s mawk "$folder/awk"; fi
      if [ -L "$folder/bash" ]; then ln -s bash "$folder/sh"; fi
    }
    ${builtins.concatStringsSep "\n" (
      lib.mapAttrsToList (name: packages: "links ${name} ${toString (builtins.concatMap (package: debianNames.${package} or [ package ]) packages)}") (
        builtins.mapAttrs (_: packages: packages ++ programs.every.service) programs.services
        // programs.scripts
        // {
          inherit (programs.every) activation;
        }
      )
    )}
  '';

  # What two NixOS systems would be: their init is the stage 2, which has to leave
  # /run/current-system behind, lets Nix alone write to the store, and runs what
  # `modules/` wants to have run there.
  # The second leaves out what makes the root's name.
  system =
    version:
    runCommand "system-${version}"
      {
        inherit version;
        inherit (board) drivers;
        data = writeTextFile {
          name = "data-${version}";
          text = "of system ${version}\n";
        };
      }
      ''
        mkdir "$out"
        ln -s "$data" "$out/etc"
        echo "$version" > "$out/nixos-version"
        ln -s "$drivers" "$out/kernel-modules"
        cat > "$out/init" <<INIT
        #!/bin/sh
        ln -sfn $out /run/current-system
        echo "first-boot: names of descriptors: \$(ls -d /dev/fd/0 /dev/stdin /dev/stdout /dev/stderr | wc -l)"
        PATH=${libexec}/path/activation /bin/sh ${libexec}/use-drivers.sh $out/kernel-modules $out/kernel-modules/lib/firmware ${libexec}/usermode-helper
        mount --bind /nix/store /nix/store
        mount -o remount,ro,bind /nix/store
        [ $version = 26.05.2 ] || PATH=${libexec}/path/link-root first_boot=${libexec}/first-boot /bin/sh ${libexec}/link-root.sh
        exec /usr/lib/systemd/systemd
        INIT
        chmod 755 "$out/init"
      '';
  first = system "26.05.1";
  closure = closureInfo {
    rootPaths = [
      first
      (system "26.05.2")
    ];
  };

  imageOf =
    board: extra:
    board.mkImage {
      size = "content+25%";
      state = writeTextFile {
        name = "state";
        destination = "/shimboot.conf";
        text = "timeout = 0\n";
      };
      root = root ++ extra;
    };
  image = imageOf board [ ];
  root = [
    # First: /sbin is a symlink in Debian.
    {
      closure = {
        storePaths = "${closure}/store-paths";
        registration = "${closure}/registration";
        system = "${first}";
      };
    }
    { tar = stock; }
    { directory = systemd; }
    {
      directory = scripts;
      at = "usr/libexec/shimboot";
    }
    { directory = units services; }
    # As NixOS writes it from modules/root.nix.
    {
      directory = writeTextFile {
        name = "fstab";
        destination = "/etc/fstab";
        text = "/dev/shimboot-root / ext4 noatime 0 1\n";
      };
    }
    # As in modules/image.nix; firmware is left to use-drivers.sh here.
    { links."usr/lib/modules" = "/nix/var/nix/profiles/system/kernel-modules/lib/modules"; }
  ];

  # The bootloader's cryptsetup, which the stand-in has no other of.
  cryptsetup = writeTextFile {
    name = "cryptsetup";
    executable = true;
    destination = "/usr/sbin/cryptsetup";
    text = ''
      #!/bin/sh
      d=/run/shimboot/shimboot/libexec/cryptsetup
      exec "$d/ld.so" --library-path "$d" "$d/cryptsetup" "$@"
    '';
  };
  encrypted = runCommand "larger-stick" { nativeBuildInputs = [ vboot_reference ]; } ''
    cp --sparse=always ${vm.file (imageOf luksBoard [ { directory = cryptsetup; } ])} "$out"
    chmod u+w "$out"
    truncate -s 4G "$out"
    # As firmware does at the next start.
    cgpt repair "$out"
  '';

  check =
    name:
    runCommand name
      {
        nativeBuildInputs = [
          e2fsprogs
          gptfdisk
          mtools
          qemu
          tools
          vboot_reference
        ];
        credentials = ./wifi/good.json;
      }
      ''
        sh ${./first-boot}/vm.sh ${vm.file image} ${vm.key} ${name}
        touch "$out"
      '';
in
{
  inherit image closure;
  checks.first-boot = check "first-boot";
  # Fourteen boots: make test-all.
  slowChecks.first-boot-cut-off = check "first-boot-cut-off";
  # The root is encrypted where it lies, then it grows with what is around it.
  slowChecks.first-boot-encrypted = vm.play {
    name = "first-boot-encrypted";
    disk = encrypted;
    timeout = "30m";
    script = ''
      expect ^New passphrase for "nixos"
      send "correct horse\r"
      expect ^The same again:
      send "correct horse\r"
      expect "nixos" is encrypted
      expect MiB more
      expect cryptsetup resize shimboot-sda4
      expect The filesystem on /dev/dm-0 is now
      expect ^first-boot: failed units: none
      expect ^first-boot: file system: 3[0-9]{3} MiB
      expect ^first-boot: root: dm-0 for
      expect ^first-boot: root: remount success, active
      expect ^first-boot: root: jobs for devices: 0
      expect ^first-boot: done
    '';
  };
}
