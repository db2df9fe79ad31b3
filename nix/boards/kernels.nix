# Which systemd runs on which kernel. Each release's README names the oldest
# kernel that it runs on: 257 on 3.15, 258 and 259 on 5.4, 260 on 5.10.
rec {
  # A kernel that nobody has read yet (null) may be as old as any.
  olderThan = version: kernel: kernel == null || builtins.compareVersions kernel version < 0;

  # max: the newest major version that may be used, null where there is no
  # limit yet; pin: the input of flake.nix whose own systemd fits.
  systemdFor =
    kernel:
    if olderThan "5.4" kernel then
      {
        max = 257;
        pin = "nixpkgs-systemd-257";
      }
    else if olderThan "5.10" kernel then
      {
        max = 259;
        pin = "nixpkgs-systemd-258";
      }
    else
      {
        max = null;
        pin = "nixpkgs-systemd-260";
      };
}
