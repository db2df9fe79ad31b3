# What goes on top of the reference kernel's own initramfs: a first process, as /check,
# and a program in C that it calls.
{
  runCommand,
  binutils,
  cpio,
  gcc,
}:
{
  name,
  init,
  # What it is called in /bin, and its source.
  program,
  source,
}:
runCommand "${name}.cpio"
  {
    nativeBuildInputs = [
      binutils
      cpio
      gcc
    ];
  }
  ''
    mkdir -p root/bin
    gcc -static -O2 -Wall -Werror -o root/bin/${program} ${source}
    install -m 0755 ${init} root/check
    (cd root && find . | cpio -o -H newc --quiet) > "$out"
  ''
