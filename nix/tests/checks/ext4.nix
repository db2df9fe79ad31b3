# Our ext4 under a kernel: mounted for writing, filled, grown while it is
# mounted to more than half a TB, unmounted or cut off; then e2fsck has its say.
{
  runCommand,
  e2fsprogs,
  gptfdisk,
  qemu,
  vboot_reference,
  # initrd.nix
  initrdOf,
  vm,
  # A disk image and a bzImage with busybox in its initramfs.
  image,
  kernel,
}:
let
  initrd = initrdOf {
    name = "ext4-check";
    init = ./ext4/init;
    program = "grow";
    source = ./ext4/grow.c;
  };

  check =
    {
      name,
      size,
      # How the machine goes down: see ext4/init.
      end,
      # Shell commands that judge disk.img, whose partition 4 is at sector $start.
      judge,
    }:
    runCommand name
      {
        nativeBuildInputs = [
          e2fsprogs
          gptfdisk
          qemu
          vboot_reference
        ];
      }
      ''
        cp --sparse=always ${vm.file image} disk.img
        chmod u+w disk.img
        truncate -s ${size} disk.img
        start=$(cgpt show -i 4 -b disk.img)
        sgdisk -e -d 4 -n "4:$start:0" disk.img
        timeout 15m qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 \
          -nodefaults -nographic -no-reboot -serial mon:stdio \
          -kernel ${kernel}/bzImage -initrd ${initrd} -append "console=ttyS0 quiet rdinit=/check ${end}" \
          -drive driver=raw,file.driver=file,file.filename=disk.img,if=none,id=stick \
          -device qemu-xhci -device usb-storage,drive=stick,removable=on < /dev/null | tee log
        grep -F "ext4-check: done" log
        ${judge}
        touch "$out"
      '';
in
{
  ext4-grown-by-kernel = check {
    name = "ext4-grown-by-kernel";
    size = "600G";
    end = "clean";
    judge = ''
      e2fsck -fn "disk.img?offset=$((start * 512))"
    '';
  };

  # Cut off in the middle: the journal brings back what was synced.
  ext4-after-power-cut = check {
    name = "ext4-after-power-cut";
    size = "4G";
    end = "cut";
    judge = ''
      # e2fsck cannot replay a journal at an offset.
      dd if=disk.img of=part bs=1M iflag=skip_bytes skip="$((start * 512))" conv=sparse status=none
      status=0
      e2fsck -p part || status=$?
      [ "$status" -le 1 ]
      e2fsck -fn part
      [ "$(debugfs -R 'ls -p /second/many' part | wc -l)" -gt 3000 ]
    '';
  };
}
