# The screen. ChromeOS' kernels have no console of their own: frecon, started by
# the shim, draws the terminals until something graphical takes over.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot.console;
  graphical = config.services.displayManager.enable;
in
{
  options.shimboot.console.login = lib.mkOption {
    type = lib.types.bool;
    default = !graphical;
    defaultText = lib.literalMD "whether there is no display manager";
    description = ''
      Whether there is a login on /dev/console, which is frecon's terminal on a Chromebook and the serial line elsewhere.
    '';
    example = true;
  };

  config = {
    # NixOS' own unit, and a login: whoever logs in has to be able to become
    # anybody, so nothing is taken from it.
    systemd.services.console-getty = lib.mkIf cfg.login {
      enable = true;
      wantedBy = [ "getty.target" ];
    };

    systemd.services.kill-frecon = lib.mkIf graphical (
      import ./kill-frecon.nix
      // {
        path = [
          pkgs.util-linux
          pkgs.procps
        ];
      }
    );

    assertions = [
      {
        assertion = !(cfg.login && graphical);
        message = ''
          A login on /dev/console needs frecon, which has to go before a display manager can draw. Remove
          shimboot.console.login or the display manager.
        '';
      }
    ];
  };
}
