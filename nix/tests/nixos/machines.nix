# The systems of `make nixos`, by their modules.
{
  outputs,
  # The shim of the reference board with a kernel as of 2016.
  oldShim,
}:
let
  inherit (outputs) nixosModules;
  live = [ nixosModules.live ];
  second = live ++ [ { environment.etc.generation.text = "second\n"; } ];
  # To see it: as on live images.
  loggedIn = {
    services.getty.autologinUser = "root";
  };
in
{
  inherit live second;
  # One that never gets as far as to say that it is up.
  broken = second ++ [
    (
      { lib, pkgs, ... }:
      {
        environment.etc.generation.text = lib.mkForce "broken\n";
        systemd.services.shimboot-success.requires = [ "never.service" ];
        systemd.services.never = {
          wantedBy = [ "sysinit.target" ];
          unitConfig.DefaultDependencies = false;
          serviceConfig.ExecStart = "${pkgs.systemd}/bin/systemctl reboot --force --force";
        };
      }
    )
  ];
  encrypted = live ++ [ { shimboot.luks = true; } ];
  headless = [
    nixosModules.headless
    loggedIn
    (
      { config, ... }:
      {
        shimboot.headless.authorizedKeys = [ "ssh-ed25519 AAAA me" ];
        system.stateVersion = config.system.nixos.release;
      }
    )
  ];
  # As on snappy: what its kernel has not is said as the build asks for it.
  old = [
    nixosModules.headless
    loggedIn
    (
      { config, lib, ... }:
      {
        shimboot = {
          shim = lib.mkForce oldShim;
          kernelRules = {
            unsafeMounts = false;
            usermodeHelper = false;
          };
          kernelAbilities = lib.genAttrs [
            "bpfSyscall"
            "cgroup2"
            "cryptoZstd"
            "exfat"
            "squashfsZstd"
            "wireguard"
            "xtLimit"
            "xtMark"
            "xtPkttype"
          ] (_: false);
          headless.authorizedKeys = [ "ssh-ed25519 AAAA me" ];
        };
        system.stateVersion = config.system.nixos.release;
      }
    )
  ];
  # As a user gets it, but for the desktop and the browser, which Debian's programs
  # do not stand for.
  template = [
    (outputs.templates.default.path + "/configuration.nix")
    loggedIn
    (
      { lib, ... }:
      {
        services.xserver.enable = lib.mkForce false;
        services.xserver.desktopManager.xfce.enable = lib.mkForce false;
        services.xserver.displayManager.lightdm.enable = lib.mkForce false;
      }
    )
  ];
}
