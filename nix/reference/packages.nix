# The reference board's outputs of the flake, by their names there.
{
  lib,
  # The board's files: default.nix. Its images: images.nix.
  files,
  images,
  # Whether there is a Debian to make roots of.
  onDebian,
}:
{
  kernel-qemu = images.board.kernel;
  bootloader-qemu = images.board.bootloader;
  drivers-qemu = images.board.drivers;
  shim-qemu = files.shim;
  recovery-qemu = files.recovery;
}
// lib.optionalAttrs onDebian {
  default = images.patched;
  shimboot-image = images.patched;
  image-qemu = images.patched;
  systemd-qemu = images.systemd;
  # ChromeOS kernels and keys for the tools' tests.
  vboot-source = images.debian.vbootSource;
}
