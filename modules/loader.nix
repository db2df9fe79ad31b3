# The only boot loader is the one in ROOT-A: it starts the init of a generation
# of the system profile, by its links. Nothing has to be installed but
# /sbin/init, for loaders that know nothing of generations.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  install = pkgs.writeScript "shimboot-install-init" ''
    #!${pkgs.runtimeShell}
    export PATH=${pkgs.coreutils}/bin
    exec ${pkgs.runtimeShell} ${./install-init.sh} "$1"
  '';
  others = {
    "boot.loader.grub.enable" = config.boot.loader.grub.enable;
    "boot.loader.systemd-boot.enable" = config.boot.loader.systemd-boot.enable;
    "boot.loader.initScript.enable" = config.boot.loader.initScript.enable;
    "boot.loader.generic-extlinux-compatible.enable" = config.boot.loader.generic-extlinux-compatible.enable;
  };
in
{
  config = {
    boot.loader.external = {
      enable = lib.mkDefault true;
      installHook = install;
    };
    boot.loader.grub.enable = lib.mkDefault false;

    assertions = [
      {
        assertion = config.boot.loader.external.enable;
        message = "boot.loader.external is how nixos-rebuild knows of shimboot's links. Remove boot.loader.external.enable = false.";
      }
    ]
    ++ lib.mapAttrsToList (name: enabled: {
      assertion = !enabled;
      message = "A Chromebook's firmware starts nothing but the shim's kernel: set ${name} = false.";
    }) others;
  };
}
