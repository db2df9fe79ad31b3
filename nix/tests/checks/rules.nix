# What the reference board's kernels refuse, by the time that they stand for: the
# rules of ChromeOS' kernels, each beside what is like it and is not refused.
{
  lib,
  runCommand,
  e2fsprogs,
  qemu,
  # initrd.nix
  initrdOf,
  # nix/reference: kernels with busybox in their initramfs.
  kernels,
}:
let
  initrd = initrdOf {
    name = "rules";
    init = ./rules/init;
    program = "try";
    source = ./rules/try.c;
  };

  # With root= the first file system is a ramfs, as a shim's is.
  rules =
    kind: pinned:
    runCommand "rules-${kind}-${pinned}"
      {
        nativeBuildInputs = [
          e2fsprogs
          qemu
        ];
      }
      ''
        mkdir disk
        cp -r ${kernels.${kind}}/lib disk
        mke2fs -q -t ext4 -d disk disk.img 64M
        timeout 10m qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 512 -nodefaults -nographic -no-reboot \
          -serial mon:stdio -kernel ${kernels.${kind}}/bzImage -initrd ${initrd} \
          -append "console=ttyS0 quiet root=/dev/vda rdinit=/check pinned=${pinned}" \
          -drive driver=raw,file.driver=file,file.filename=disk.img,if=virtio < /dev/null | tr -d '\r' | tee log
        sed -n 's/.*rule: //p; /^Chromium OS LSM/p' log > said
        diff -u ${./rules}/${kind}-${pinned}.txt said
        touch "$out"
      '';
  both = kind: map (pinned: lib.nameValuePair "rules-${kind}-${pinned}" (rules kind pinned)) [ "disk" "memory" ];
in
builtins.listToAttrs (builtins.concatMap both (builtins.attrNames kernels))
