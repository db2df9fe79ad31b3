# The shim's kernel modules and its and the recovery image's firmware, as what
# this system's modprobe, udev and kernel look at: part of each generation, so
# nixos-rebuild keeps them, without the images they were taken from.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot;
  inherit (lib) mkOption types;
  recovery =
    if !cfg.firmware.fromRecovery then
      null
    else if cfg.recovery != null then
      cfg.recovery
    else if cfg.facts.recovery != null then
      cfg.pipeline.sources.recovery cfg.facts
    else
      null;
  drivers = cfg.build.drivers;
  usermodeHelper = pkgs.writeScript "usermode-helper" ''
    #!${pkgs.runtimeShell}
    export PATH=${lib.makeBinPath (map (name: pkgs.${name}) (import ./programs.nix).scripts.usermode-helper)}
    . ${./usermode-helper.sh}
  '';
in
{
  options.shimboot = {
    drivers.enable = mkOption {
      type = types.bool;
      default = true;
      description = ''
        Whether the shim's kernel modules and the firmware become part of the system. Without them only what is built into the kernel
        works.
      '';
      example = false;
    };

    firmware = {
      fromRecovery = mkOption {
        type = types.bool;
        default = true;
        description = ''
          Whether a recovery image is used for firmware. Without one there is only the little that the shim has, and on most boards
          no Wi-Fi.
        '';
        example = false;
      };
      which = mkOption {
        type = types.enum [
          "needed"
          "all"
        ];
        default = "needed";
        description = "The firmware that the shim's modules ask for, or everything that the images have.";
        example = "all";
      };
      keep = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Patterns of firmware files, under lib/firmware, that are kept though no module asks for them.";
        example = [ "intel/sof*/*" ];
      };
    };

    build.drivers = mkOption {
      type = types.package;
      internal = true;
      readOnly = true;
      default = cfg.pipeline.drivers {
        board = cfg.facts.name;
        inherit (cfg.build) kernel shim;
        inherit recovery;
        firmware = cfg.firmware.which;
        inherit (cfg.firmware) keep;
      };
      description = "What was harvested.";
    };
  };

  config = lib.mkMerge [
    {
      # Compressed firmware needs a kernel of 5.3; the default looks at the
      # version of a kernel that is not the one that runs.
      hardware.firmwareCompression = "none";

      # The list that NixOS writes for kernels of its own.
      environment.etc."modules-load.d/shimboot.conf".text = lib.concatMapStrings (module: "${module}\n") config.boot.kernelModules;
      systemd.services.systemd-modules-load = {
        wantedBy = [ "multi-user.target" ];
        # A module that this kernel has built in, or lacks, stops nothing.
        serviceConfig.SuccessExitStatus = "0 1";
      };

      boot.extraModprobeConfig = cfg.facts.modprobe;
    }

    (lib.mkIf cfg.drivers.enable {
      # kmod looks in /run/{booted,current}-system/kernel-modules first.
      system.systemBuilderCommands = ''
        ln -s ${drivers} $out/kernel-modules
        ln -s ${config.hardware.firmware}/lib/firmware $out/firmware
      '';
      # Of files of one name the first counts: what ChromeOS ships fits its
      # driver.
      hardware.firmware = lib.mkBefore [ drivers ];

      # Runs before udev at the start, and at each switch.
      system.activationScripts.shimboot-drivers = lib.stringAfter [ "specialfs" ] ''
        ${pkgs.runtimeShell} ${./use-drivers.sh} ${drivers} ${config.hardware.firmware}/lib/firmware ${usermodeHelper}
      '';
    })
  ];
}
