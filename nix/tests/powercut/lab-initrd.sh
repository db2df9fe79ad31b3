#!/bin/sh
# What lies over the kernel's own initramfs in the machine of lab.sh:
#
#   lab-initrd.sh GPT-PACK DIRECTORY-OF-MTOOLS LAB-INIT COMMAND > INITRD
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
loader=/lib64/ld-linux-x86-64.so.2
mkdir -p "$work/bin" "$work/usr/bin" "$work/lib64"
cp "$1" "$work/bin/gpt-pack"
install -m 755 "$3" "$work/lab-init"
cp "$4" "$work/command"
cp -L "$2/mtools" "$work/usr/bin/mtools"
for program in mcopy mdel mdir mmd; do ln -s mtools "$work/usr/bin/$program"; done
# With what it is linked with ("NAME => FILE (ADDRESS)"), and the C library's
# tables for the names of files.
cp -L "$loader" "$work/lib64"
"$loader" --list "$work/usr/bin/mtools" | sed -n 's/.* => \(.*\) (.*/\1/p' | while read -r library; do
  cp -L --parents "$library" "$work"
done
(cd / && cp -rL --parents usr/lib/x86_64-linux-gnu/gconv/gconv-modules* usr/lib/x86_64-linux-gnu/gconv/IBM850.so "$work")
(cd "$work" && find . | cpio -o -H newc --quiet)
