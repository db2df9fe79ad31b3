# What a whole image has to do: start where firmware takes it, and be what it
# says to other programs.
{
  runCommand,
  tools,
  vm,
  images,
  shim,
  shims,
  vboot_reference,
  gptfdisk,
  e2fsprogs,
  dosfstools,
}:
let
  image = vm.file images.patched;
in
{
  # The real thing: from the firmware through shim and bootloader to a system
  # with no failed unit, on a kernel with ChromeOS' mount rule.
  boot-patched = vm.boot {
    name = "boot-patched";
    image = images.patched;
    expect = "^boot-report: running";
    contains = [
      "refused mounts: 0"
      # Harvested drivers are found and taken: every one, by modprobe and by a
      # module that requests firmware.
      "test_firmware: loading 'e100/d102e_ucode.bin'"
      "boot-report: modules: 43 of 43 loaded"
      "boot-report: firmware: 5 of 5 files found by the kernel, the same bytes"
    ];
  };

  # The counter-proof: systemd as it is cannot start there. Our bootloader has
  # mounted /proc, /sys, /dev and /run already, so it is the next mount that
  # stops it …
  boot-stock-stops = vm.boot {
    name = "boot-stock-stops";
    image = images.stock;
    expect = "systemd\\[1\\]: Freezing execution";
    contains = [
      "Mount path with symlinks prohibited"
      "Failed to mount"
    ];
    fail = "Kernel panic|boot-report:";
  };

  # … and where nothing is mounted before, the first.
  boot-stock-stops-without-bootloader = vm.boot {
    name = "boot-stock-stops-without-bootloader";
    image = images.stockWithoutBootloader;
    expect = "Failed to mount early API filesystems";
    contains = [ "Mount path with symlinks prohibited" ];
    fail = "Kernel panic|boot-report:";
  };

  # … and it is the rule that stops it, not the image.
  boot-stock-without-rule = vm.boot {
    name = "boot-stock-without-rule";
    image = images.stockWithoutRule;
    expect = "^boot-report: running";
    contains = [ "refused mounts: 0" ];
  };

  # The oldest kernels: control groups of version 1, no bpf(2), and modules from one file
  # system without LoadPin.
  boot-2016 = vm.boot {
    name = "boot-2016";
    image = images.patched2016;
    expect = "^boot-report: running";
    contains = [ "refused mounts: 0" ];
  };

  # Release images of 2022 refuse programs in a tmpfs: the build takes none for a shim,
  # and the start ends where the bootloader would begin.
  boot-2022-stops = vm.boot {
    name = "boot-2022-stops";
    image = images.patched2022;
    expect = "Kernel panic";
    contains = [ "memfd execution blocked" ];
    fail = "shimboot:|boot-report:";
  };
  shim-of-2022-is-refused = runCommand "shim-of-2022-is-refused" { nativeBuildInputs = [ tools ]; } ''
    status=0
    kern-unpack extract --require-shim --out out ${shims."2022".kernA} 2> message || status=$?
    cat message
    [ "$status" -eq 2 ]
    grep "starts no program from a tmpfs" message
    for kind in ${shims."2016".kernA} ${shims."2020".kernA} ${shims.new.kernA}; do
      kern-unpack extract --require-shim --out "$(basename "$kind")" "$kind"
    done
    touch "$out"
  '';

  # A root that cannot start is named, and the menu comes back.
  boot-root-without-init = vm.boot {
    name = "boot-root-without-init";
    image = images.withoutInit;
    expect = "^  >  1  debian .* failed .*\\(sda4\\)";
    contains = [ "shimboot: error: \"debian\" has no /sbin/init that can be run" ];
  };

  # One flipped bit in the kernel's body, and the firmware refuses the stick.
  firmware-refuses-changed-kernel =
    runCommand "firmware-refuses-changed-kernel"
      {
        nativeBuildInputs = [
          tools
          vboot_reference
        ];
      }
      ''
        cp --sparse=always ${image} changed.img
        chmod u+w changed.img
        start=$(($(cgpt show -i 2 -b changed.img) * 512 + 1000000))
        byte=$(od -An -tu1 -j "$start" -N 1 changed.img)
        # shellcheck disable=SC2059
        printf "$(printf '\\%03o' $((byte ^ 1)))" | dd of=changed.img bs=1 seek="$start" conv=notrunc status=none
        status=0
        qemu-boot --key ${vm.key} --expect . changed.img > log 2>&1 || status=$?
        cat log
        [ "$status" -eq 2 ]
        # What vbutil_kernel says, so that no other error passes for this one.
        grep "Error verifying kernel body" log
        grep "firmware refuses this stick" log
        touch "$out"
      '';

  # What others make of our image: vboot's cgpt, gptfdisk, e2fsck, fsck.fat.
  image-judged-by-others =
    runCommand "image-judged-by-others"
      {
        nativeBuildInputs = [
          vboot_reference
          gptfdisk
          e2fsprogs
          dosfstools
        ];
      }
      ''
        part() { dd if=${image} of="$1" bs=512 skip="$(cgpt show -i "$2" -b ${image})" \
          count="$(cgpt show -i "$2" -s ${image})" conv=sparse status=none; }
        sgdisk --verify ${image} | tee log
        grep "No problems found" log
        [ "$(cgpt show -i 2 -P ${image}) $(cgpt show -i 2 -T ${image}) $(cgpt show -i 2 -S ${image})" = "10 5 1" ]
        part state 1
        fsck.fat -n state
        part root-a 3
        e2fsck -fn root-a
        part root 4
        e2fsck -fn root
        touch "$out"
      '';

  # The kernel on the stick is the shim's, byte for byte.
  kernel-untouched =
    runCommand "kernel-untouched"
      {
        nativeBuildInputs = [ vboot_reference ];
      }
      ''
        part() { dd if="$1" bs=512 skip="$(cgpt show -i 2 -b "$1")" count="$(cgpt show -i 2 -s "$1")" status=none; }
        part ${image} > ours
        part ${shim} > shim
        cmp ours shim
        touch "$out"
      '';
}
