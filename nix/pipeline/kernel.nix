# The shim's kernel, taken apart: $out/kernel.bin, vmlinuz, cmdline.txt,
# initramfs.cpio and kernel.json. A kernel that cannot start a root of ours is
# refused.
{ runCommand, tools }:
{ board, shim }:
runCommand "kernel-${board}" { nativeBuildInputs = [ tools ]; } ''
  kern-unpack extract --require-shim -v --out "$out" ${shim}
''
