# The only boot loader is the one in ROOT-A: it starts the init of a generation
# of the system profile, by its links. Nothing has to be installed but
# /sbin/init, for loaders that know nothing of generations.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  install = pkgs.writeScript "shimboot-install-init" ''
    #!${pkgs.runtimeShell}
    export PATH=${lib.makeBinPath (map (name: pkgs.${name}) (import ./programs.nix).scripts.install-init)}
    exec ${pkgs.runtimeShell} ${./install-init.sh} "$1"
  '';
  # Every loader that this NixOS knows, by the option that switches it on.
  others = builtins.filter (name: name != "external") (
    builtins.attrNames (
      lib.filterAttrs (_: loader: lib.isOption (loader.enable or null) && (loader.enable.visible or true) != false) options.boot.loader
    )
  );
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
    ++ map (name: {
      assertion = !config.boot.loader.${name}.enable;
      message = "A Chromebook's firmware starts nothing but the shim's kernel: set boot.loader.${name}.enable = false.";
    }) others;
  };
}
