#!/bin/sh
# Runs a command in a machine of its own, and records what it writes:
#
#   lab.sh KERNEL INITRD DISK MORE
#
# The command, /command of the initrd, has DISK as /dev/vda, and the file MORE as
# /dev/vdb. There is 1.img then, the disk as it was, 1.log, what was written, and
# end.img, the disk in the end.
set -eu
cp --sparse=always --no-preserve=mode "$3" 1.img
cp --sparse=always 1.img end.img
: >1.log
timeout 8m qemu-system-x86_64 -M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 \
  -nodefaults -nographic -no-reboot -serial mon:stdio \
  -kernel "$1" -initrd "$2" -append "console=ttyS0 quiet rdinit=/lab-init" \
  -drive driver=blklogwrites,log-sector-size=512,log-super-update-interval=1,file.driver=file,file.filename=end.img,log.driver=file,log.filename=1.log,if=none,id=stick \
  -device virtio-blk-pci,drive=stick \
  -drive "driver=raw,file.driver=file,file.filename=$4,if=none,id=more,readonly=on" \
  -device virtio-blk-pci,drive=more </dev/null | tee console
grep -F "lab: done" console
