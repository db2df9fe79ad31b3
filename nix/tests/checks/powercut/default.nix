# The power is cut while something writes, at every moment that there is: see
# nix/tests/powercut. Each kind is cut a few times in every run, and often in
# slowChecks; some of the cuts are followed by a start.
{
  # nix/call.nix
  call,
  runCommand,
  e2fsprogs,
  jq,
  vboot_reference,
  tools,
  vm,
  kernel,
  # nix/tests/checks/bootloader/images.nix
  bootloaderImages,
  # The board with luks = true.
  luksBoard,
  # first-boot.nix, or null where there is no Debian to make its image of.
  firstBoot,
}:
let
  rig = call ./rig.nix { inherit tools vm kernel; };
  inherit (rig) scripts cut;

  # What is on STATE, before anything is written to it.
  files = runCommand "files-on-state" { } ''
    mkdir -p "$out/shimboot"
    echo "timeout = menu" > "$out/shimboot.conf"
    echo '{ "ssid": "home", "psk": "12345678" }' > "$out/wifi-credentials.json"
    # As an older bootloader left it, and more than a sector, so that it can be torn.
    for n in $(seq 10 29); do
      echo "111111$n-2222-4333-8444-555555555555 7 2"
    done > "$out/shimboot/tries"
    for age in 1 2; do
      yes "the log of $age starts before" | head -c 16384 > "$out/shimboot/boot-$age.log"
    done
  '';

  # The bootloader's: counts and logs.
  saves = rig.record {
    name = "saves";
    disk = bootloaderImages.image {
      state = files;
      broken = "/bin/busybox sleep 1000";
      # A superblock has a copy from 128 MiB on.
      room = "160MiB";
    };
    size = "256M";
    starts = [
      ''
        expect power off
        send "\r"
        expect ^test: generation 3 starts
        pause 2s
      ''
      ''
        expect power off
        send "2\r"
        expect ^shimboot: success of [0-9a-f-]{36} 2 is noted
        pause 2s
      ''
    ];
  };
  cutSaves =
    cuts:
    cut {
      name = "saves";
      writes = saves;
      inherit cuts;
      options = "--old-or-new";
      check = "sh ${scripts}/saves.sh ${files}";
    };
  startAfterSaves =
    cuts:
    cut {
      name = "saves-start";
      writes = saves;
      inherit cuts;
      check = "sh ${scripts}/saves-start.sh ${files} ${vm.key}";
    };

  # The directory that is written to, the newest log, an older one, and the counts;
  # of the FAT's tables and root nothing is written. It is said, the system starts
  # all the same, and nothing that was saved is lost.
  errorsOfSaves = rig.looking "write-errors-saves" { } ''
    cat > script << 'SCRIPT'
    expect power off
    send "2\r"
    expect ^test: generation 2 starts
    pause 4s
    SCRIPT
    sectors=$(python3 ${scripts}/sectors.py ${saves}/2.img "$(cgpt show -i 1 -b ${saves}/2.img)" \
      "BOOT-1  LOG" "BOOT-3  LOG" "TRIES   1  ")
    sh ${scripts}/write-errors.sh ${vm.key} ${saves}/2.img script "STATE.*cannot be written" $sectors -- \
      sh ${scripts}/saves-start.sh ${files} ${vm.key} > "$out" 2>&1 || { cat "$out"; exit 1; }
  '';

  # gpt-pack's.
  older = rig.flashed (bootloaderImages.image { state = files; });
  newer = bootloaderImages.image {
    state = bootloaderImages.conf "timeout = 3\n";
    files = "echo newer > $out/newer";
  };
  flash = rig.lab {
    name = "flash";
    stick = older;
    more = newer;
    command = ''
      gpt-pack flash --force vda /dev/vdb /dev/vda
    '';
  };
  cutFlash =
    cuts:
    cut {
      name = "flash";
      writes = flash;
      inherit cuts;
      check = "sh ${scripts}/flash.sh ${flash}/1.img ${flash}/end.img";
    };
  put =
    name: stick:
    rig.lab {
      inherit name stick;
      more = newer;
      command = ''
        printf 'timeout = 3\ndefault = nixos\n' >/tmp/shimboot.conf
        head -c 20000 /bin/gpt-pack >/tmp/wifi-credentials.json
        gpt-pack put /dev/vda /tmp/shimboot.conf
        gpt-pack put /dev/vda /tmp/wifi-credentials.json
        gpt-pack put /dev/vda /tmp/shimboot.conf=shimboot/new/er.conf
      '';
    };
  cutPutTo =
    name: stick: cuts:
    cut {
      inherit name cuts;
      writes = put name stick;
      options = "--old-or-new";
      check = "sh ${scripts}/put.sh ${files}";
    };
  cutPut = cutPutTo "put" older;
  # As of a board whose shim has no vfat: it has no journal.
  cutPutExt = cutPutTo "put-ext" (
    rig.flashed (
      bootloaderImages.image {
        state = files;
        stateType = "ext4";
      }
    )
  );

  # A root that is encrypted where it lies, up to the words END.
  encrypting =
    name: room: end:
    rig.record {
      inherit name;
      disk = bootloaderImages.image {
        of = luksBoard;
        state = files;
        inherit room;
      };
      size = "320M";
      starts = [
        ''
          expect ^  >  1  nixos +unencrypted
          send "\r"
          expect ^New passphrase for "nixos"
          send "correct horse\r"
          expect ^The same again:
          send "correct horse\r"
          expect ${end}
          pause 2s
        ''
      ];
    };
  # More than cryptsetup moves at once.
  encryption = encrypting "encryption" "60MiB" "\"nixos\" is encrypted";
  # A superblock has a copy from 128 MiB on.
  begin = encrypting "encryption-begin" "160MiB" "^shimboot: encrypting \"nixos\"";
  cutEncryption =
    writes: cuts: options: mode:
    cut {
      name = "encryption";
      inherit writes cuts options;
      check = "sh ${scripts}/encryption.sh ${writes}/1.img ${vm.key} ${mode}";
    };

  # The first start's: the table, the file system and Nix' database.
  firstStart = rig.record {
    name = "first-start";
    disk = vm.file firstBoot.image;
    size = "1G";
    starts = [ "expect ^first-boot: done" ];
  };
  sums = runCommand "sums" { nativeBuildInputs = [ e2fsprogs vboot_reference ]; } ''
    sh ${scripts}/first-start.sh --sums ${firstStart}/1.img ${firstStart}/end.img > sums
    [ "$(wc -l < sums)" -gt 1000 ]
    cp sums "$out"
  '';
  arguments = "${firstStart}/1.img ${sums} ${firstBoot.closure}/store-paths";
  allIsDone = builtins.toFile "all-is-done" ''
    expect ^first-boot: failed units: none
    expect paths are valid
    expect marker: /etc/NIXOS
    expect registration: gone
    expect ^first-boot: done
    expect reboot: Power down
  '';
  cutFirstStart =
    cuts:
    cut {
      name = "first-start";
      writes = firstStart;
      inherit cuts;
      check = "sh ${scripts}/first-start.sh ${arguments}";
    };
  startAfterFirstStart =
    cuts:
    cut {
      name = "first-start-start";
      writes = firstStart;
      inherit cuts;
      check = "sh ${scripts}/first-start-start.sh ${vm.key} ${allIsDone} ${arguments}";
    };
  # The two tables and the file system's superblock. A unit fails, or the bootloader
  # says that it does not start; the next start has all of it done.
  errorsOfFirstStart = rig.looking "write-errors-first-start" { } ''
    echo 'expect reboot: Power down|"nixos" .* does not mount' > script
    sh ${scripts}/write-errors.sh ${vm.key} ${firstStart}/1.img script "!first-boot: failed units: none" 1 2097151 135170 -- \
      sh ${scripts}/first-start-start.sh ${vm.key} ${allIsDone} ${arguments} > "$out" 2>&1 || { cat "$out"; exit 1; }
  '';
in
{
  checks = {
    power-cut-saves = cutSaves 600;
    power-cut-flash = cutFlash 30;
    power-cut-put = cutPut 20;
    power-cut-put-ext = cutPutExt 20;
    # (Of eight, one is at the end, where cryptsetup cannot go on.)
    power-cut-encryption = cutEncryption encryption 8 "" "";
    # It writes to memory: here it is killed.
    power-cut-wifi = runCommand "power-cut-wifi" { nativeBuildInputs = [ jq ]; } ''
      sh ${scripts}/wifi.sh ${../../../../modules/wifi} > "$out" 2>&1 || { cat "$out"; exit 1; }
    '';
  };
  slowChecks = {
    power-cut-saves-start = startAfterSaves 10;
    write-errors-saves = errorsOfSaves;
    power-cut-flash-often = cutFlash 200;
    power-cut-put-often = cutPut 200;
    power-cut-put-ext-often = cutPutExt 200;
    power-cut-encryption-often = cutEncryption encryption 60 "" "";
    # The second in which the header is written, after what it takes the place of is kept.
    power-cut-encryption-begin = cutEncryption begin 60 "--flushes 3" "";
    power-cut-encryption-by-f = cutEncryption begin 600 "--flushes 3" "--by-f";
  };
}
// (
  if firstBoot == null then
    {
      checksOfDebian = { };
      slowChecksOfDebian = { };
    }
  else
    {
      checksOfDebian.power-cut-first-start = cutFirstStart 12;
      slowChecksOfDebian = {
        power-cut-first-start-often = cutFirstStart 250;
        write-errors-first-start = errorsOfFirstStart;
        power-cut-first-start-start = startAfterFirstStart 16;
      };
    }
)
