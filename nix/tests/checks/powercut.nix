# The power is cut while something writes: nix/tests/powercut.
{
  runCommand,
  writeTextFile,
  dosfstools,
  e2fsprogs,
  mtools,
  qemu,
  tools,
  vboot_reference,
  vm,
  # nix/tests/checks/bootloader/images.nix
  bootloaderImages,
}:
let
  # What was written from a start of an image to the end of a script, for each.
  record =
    {
      name,
      disk,
      scripts,
      size ? "+0",
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
          mtools
          tools
          vboot_reference
        ];
        inherit writes check;
      }
      ''
        for log in "$writes"/*.log; do
          power-cut --base "''${log%.log}.img" --log "$log" --cuts ${toString cuts} ${options} --check "$check" | tee -a "$out"
        done
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
in
{
  checks.power-cut-saves = cutSaves 30;
  slowChecks.power-cut-saves-often = cutSaves 200;
}
