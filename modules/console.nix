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
    systemd.services.console-getty = lib.mkIf cfg.login {
      enable = true;
      wantedBy = [ "getty.target" ];
    };

    systemd.services.kill-frecon = lib.mkIf graphical {
      description = "Take the screen from frecon";
      wantedBy = [ "display-manager.service" ];
      before = [ "display-manager.service" ];
      path = [
        pkgs.util-linux
        pkgs.procps
      ];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
      };
      # The bootloader bound frecon's terminal over /dev/console.
      script = ''
        if mountpoint -q /dev/console; then umount -l /dev/console; fi
        pkill -x 'frecon(-lite)?' || [ $? -eq 1 ]
      '';
    };

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
