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
  graphical = cfg.screenUnits != [ ];
  services = config.services;
  templates = builtins.filter (lib.hasInfix "@.") cfg.screenUnits;
in
{
  options.shimboot.console = {
    login = lib.mkOption {
      type = lib.types.bool;
      default = !graphical;
      defaultText = lib.literalMD "whether nothing takes the screen";
      description = ''
        Whether there is a login on frecon's terminal, which is bound over /dev/console on a Chromebook. Where it is not, as in the reference
        machine, the kernel's serial console has the one of NixOS.
      '';
      example = true;
    };

    screenUnits = lib.mkOption {
      type = lib.types.listOf lib.types.singleLineStr;
      default = [ ];
      description = ''
        Services that draw on the screen, for which frecon has to go. Display managers, cage, kmscon and phosh are among them by themselves; a
        compositor in a service of your own is to be added.
      '';
      example = [ "kiosk.service" ];
    };
  };

  config = {
    shimboot.console.screenUnits =
      lib.optional services.displayManager.enable "display-manager.service"
      ++ lib.optional (services.cage.enable or false) "cage-tty1.service"
      ++ lib.optional (services.kmscon.enable or false) "kmsconvt@.service"
      ++ lib.optional (services.xserver.desktopManager.phosh.enable or false) "phosh.service";

    # NixOS' own unit, and a login: whoever logs in has to be able to become
    # anybody, so nothing is taken from it. Where /dev/console is the kernel's own
    # and a serial line, systemd has a login there already.
    systemd.services = lib.genAttrs (map (lib.removeSuffix ".service") templates) (_: { after = [ "kill-frecon.service" ]; }) // {
      console-getty = lib.mkIf cfg.login {
        enable = true;
        wantedBy = [ "getty.target" ];
        unitConfig.ConditionPathIsMountPoint = "/dev/console";
      };

      kill-frecon = lib.mkIf graphical (
        import ./kill-frecon.nix {
          units = cfg.screenUnits;
          inherit templates;
        }
        // {
          path = map (name: pkgs.${name}) (import ./programs.nix).services.kill-frecon;
        }
      );
    };

    assertions = [
      {
        assertion = !(cfg.login && graphical);
        message = ''
          A login on /dev/console needs frecon, which has to go before ${lib.concatStringsSep ", " cfg.screenUnits} can draw. Remove
          shimboot.console.login or what draws.
        '';
      }
    ];
  };
}
