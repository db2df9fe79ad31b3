# The power is cut while something writes: nix/tests/powercut.
{
  runCommand,
  writeTextFile,
  cpio,
  dosfstools,
  e2fsprogs,
  gptfdisk,
  mtools,
  python3,
  qemu,
  tools,
  vboot_reference,
  vm,
  # The reference board's, with bzImage.
  kernel,
  # nix/tests/checks/bootloader/images.nix
  bootloaderImages,
  # The board with luks = true.
  luksBoard,
  # first-boot.nix's image; null where there is no Debian to make it of.
  firstBootImage,
}:
let
  # What was written from a start of an image to the end of a script, for each.
  record =
    {
      name,
      disk,
      scripts,
      # Of the stick.
      size ? "128M",
    }:
    runCommand "writes-of-${name}"
      {
        nativeBuildInputs = [
          qemu
          tools
          vboot_reference
        ];
        inherit scripts;
      }
      ''
        mkdir "$out"
        cd "$out"
        sh ${../powercut/record.sh} ${vm.key} ${disk} ${size} $scripts
        rm console
      '';

  script = text: writeTextFile { name = "script"; inherit text; };

  # A derivation that succeeds when a command finds no fault at any of so many
  # cuts of each recording. $out has the figures.
  cut =
    {
      name,
      writes,
      check,
      cuts,
      options ? "",
    }:
    runCommand "power-cut-${name}"
      {
        nativeBuildInputs = [
          dosfstools
          e2fsprogs
          gptfdisk
          mtools
          python3
          qemu
          tools
          vboot_reference
        ];
        inherit writes check;
      }
      ''
        lost=
        for log in "$writes"/*.log; do
          power-cut --base "''${log%.log}.img" --log "$log" --cuts ${toString cuts} ${options} --check "$check" >> figures || lost=$log
        done
        cat figures
        [ -z "$lost" ]
        cp figures "$out"
      '';

  # Saves of the bootloader: counts, logs and what it has not written.
  files = runCommand "files-on-state" { } ''
    mkdir -p "$out/shimboot"
    echo "timeout = menu" > "$out/shimboot.conf"
    echo '{ "ssid": "home", "psk": "12345678" }' > "$out/wifi-credentials.json"
    echo "11111111-2222-4333-8444-555555555555 7 2" > "$out/shimboot/tries"
    for age in 1 2 3; do yes "the log of $age starts before" | head -c $((age * 5000)) > "$out/shimboot/boot-$age.log"; done
  '';
  saves = record {
    name = "saves";
    disk = bootloaderImages.image {
      state = files;
      broken = "/bin/busybox sleep 1000";
    };
    scripts = [
      (script ''
        expect power off
        send "\r"
        expect ^test: generation 3 starts
        pause 2s
      '')
      (script ''
        expect power off
        send "2\r"
        expect ^shimboot: success of [0-9a-f-]{36} 2 is noted
        pause 2s
      '')
    ];
  };
  cutSaves =
    cuts:
    cut {
      name = "saves";
      writes = saves;
      inherit cuts;
      options = "--old-or-new";
      check = "sh ${../powercut/saves.sh} ${files}";
    };

  # The first start: the table, the file system and Nix' database.
  firstStart = record {
    name = "first-start";
    disk = vm.file firstBootImage;
    size = "1G";
    scripts = [
      (script ''
        expect ^first-boot: done
      '')
    ];
  };

  # What a tool of this house writes to a stick, in a machine of its own.
  lab =
    {
      name,
      stick,
      # The machine has it as /dev/vdb.
      more,
      command,
    }:
    runCommand "writes-of-${name}"
      {
        nativeBuildInputs = [
          cpio
          qemu
        ];
        inherit command mtools;
        passAsFile = [ "command" ];
      }
      ''
        sh ${../powercut/lab-initrd.sh} ${tools}/bin/gpt-pack "$mtools/bin" ${../powercut/lab-init} "$commandPath" > initrd
        mkdir "$out"
        cd "$out"
        sh ${../powercut/lab.sh} ${kernel}/bzImage "$OLDPWD/initrd" ${stick} ${more}
        rm console
      '';
  older = flashed (bootloaderImages.image { state = files; });
  newer = bootloaderImages.image {
    state = bootloaderImages.conf "timeout = 3\n";
    files = "echo newer > $out/newer";
  };
  # An image on a stick of 128 MiB.
  flashed =
    image:
    runCommand "stick.img" { nativeBuildInputs = [ tools ]; } ''
      truncate -s 128M stick
      gpt-pack flash ${image} stick
      cp --sparse=always stick "$out"
    '';
  flash = lab {
    name = "flash";
    stick = older;
    more = newer;
    command = ''
      dd if=/dev/vdb of=/tmp/newer.img bs=1M
      gpt-pack flash --force vda /tmp/newer.img /dev/vda
    '';
  };
  put = lab {
    name = "put";
    stick = older;
    more = newer;
    command = ''
      printf 'timeout = 3\ndefault = nixos\n' >/tmp/shimboot.conf
      head -c 20000 /bin/gpt-pack >/tmp/wifi-credentials.json
      gpt-pack put /dev/vda /tmp/shimboot.conf
      gpt-pack put /dev/vda /tmp/wifi-credentials.json
      gpt-pack put /dev/vda /tmp/shimboot.conf=shimboot/new/er.conf
    '';
  };
  cutFlash =
    cuts:
    cut {
      name = "flash";
      writes = flash;
      inherit cuts;
      check = "sh ${../powercut/flash.sh} ${flash}/1.img ${flash}/end.img";
    };
  cutPut =
    cuts:
    cut {
      name = "put";
      writes = put;
      inherit cuts;
      options = "--old-or-new";
      check = "sh ${../powercut/put.sh} ${files}";
    };

  # A root that is encrypted where it lies, before its first start.
  encryption = record {
    name = "encryption";
    disk = bootloaderImages.image {
      of = luksBoard;
      state = files;
    };
    size = "192M";
    scripts = [
      (script ''
        expect ^  >  1  nixos +unencrypted
        send "\r"
        expect ^New passphrase for "nixos"
        send "correct horse\r"
        expect ^The same again:
        send "correct horse\r"
        expect "nixos" is encrypted
        pause 2s
      '')
    ];
  };
in
{
  inherit firstStart encryption;
  checks = {
    power-cut-saves = cutSaves 20;
    power-cut-flash = cutFlash 20;
    power-cut-put = cutPut 20;
  };
  slowChecks = {
    power-cut-saves-often = cutSaves 150;
    power-cut-flash-often = cutFlash 150;
    power-cut-put-often = cutPut 150;
  };
}
