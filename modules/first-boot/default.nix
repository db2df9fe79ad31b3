# What the first start does, and what every start may do again: the store's
# database, the size of the root. The machine's id and the host keys of sshd are
# made by systemd and sshd's own units, as no image has any.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot.firstBoot;
  scripts = import ./scripts.nix { inherit (pkgs) runCommand; };
  programs = (import ../programs.nix).services;
  packages = map (name: if name == "nix" then config.nix.package else pkgs.${name});
  services = import ./services.nix { run = file: "exec ${pkgs.runtimeShell} ${scripts}/${file}"; };
in
{
  options.shimboot.firstBoot.grow = lib.mkOption {
    type = lib.types.bool;
    default = true;
    description = ''
      Whether the root is grown to the size of the stick it is on. This happens at each start at which there is room behind it, so
      also after a copy to a larger stick.
    '';
    example = false;
  };

  config.systemd.services = {
    shimboot-register = services.shimboot-register // {
      path = packages programs.shimboot-register;
    };
    shimboot-grow = lib.mkIf cfg.grow (
      services.shimboot-grow
      // {
        path = packages (builtins.filter (name: name != "cryptsetup" || config.shimboot.luks) programs.shimboot-grow);
      }
    );
  };
}
