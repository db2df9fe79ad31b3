# What cannot work is refused with the right words; what is next to it is not.
{
  lib,
  system,
  forBoard,
  test,
  ...
}:
let
  # Exactly one refusal, with this text in it.
  refuses =
    name: text: it:
    test "refuses ${name}" (
      if builtins.length it.failed != 1 then
        "${toString (builtins.length it.failed)} refusals: ${lib.concatStringsSep " | " it.failed}"
      else if !lib.hasInfix text (builtins.head it.failed) then
        "says: ${builtins.head it.failed}"
      else
        null
    );
  takes = name: it: test "takes ${name}" (if it.failed == [ ] then null else lib.concatStringsSep " | " it.failed);
  # The evaluation itself stops.
  stops =
    name: value:
    test "stops at ${name}" (if (builtins.tryEval (builtins.deepSeq value value)).success then "evaluates" else null);

  dedede = module: forBoard "dedede" [ module ];
  own = module: system {
    modules = [
      module
      { shimboot.shim = ./default.nix; }
    ];
  };
in
[
  (refuses "no board" "not said which Chromebook" (system { modules = [ ]; }))
  (takes "a shim of one's own" (own { }))
  (takes "the template" (system {
    modules = [ ../../../templates/default/configuration.nix ];
    systemd = "258.7";
  }))
  (stops "an unknown board" (system { modules = [ { shimboot.board = "dedide"; } ]; }).failed)
  (stops "a shim that checks its root" (system { modules = [ { shimboot.board = "reef"; } ]; }).failed)
  (refuses "another architecture" "runs aarch64-linux" (system {
    modules = [ { shimboot.board = "hana"; } ];
  }))
  (refuses "a board without sources" "No shim of the board qemu" (system {
    modules = [ { shimboot.board = "qemu"; } ];
  }))
  (takes "the reference board with its files" (system {
    modules = [
      {
        shimboot.board = "qemu";
        shimboot.shim = ./default.nix;
        shimboot.recovery = ./default.nix;
      }
    ];
    systemd = "260.2";
  }))

  (refuses "systemd 258 on 4.14" "257 is the newest" (system {
    modules = [ { shimboot.board = "octopus"; } ];
    systemd = "258.7";
  }))
  (refuses "systemd 260 on 5.4" "259 is the newest" (system {
    modules = [ { shimboot.board = "dedede"; } ];
    systemd = "260.2";
  }))
  (refuses "a new systemd on an unknown kernel" "or set shimboot.kernelVersion" (system {
    modules = [ { shimboot.shim = ./default.nix; } ];
    systemd = "260.2";
  }))
  (takes "systemd 260 once the kernel is known" (system {
    modules = [
      {
        shimboot.shim = ./default.nix;
        shimboot.kernelVersion = "5.15.74";
      }
    ];
    systemd = "260.2";
  }))
  (stops "a systemd that the patch does not fit" (system {
    modules = [ { shimboot.board = "snappy"; } ];
    systemd = "256.2";
  }).config.systemd.package.patches)

  (refuses "a kernel" "Remove boot.kernel.enable" (dedede { boot.kernel.enable = true; }))
  (refuses "an initrd" "Remove boot.kernel.enable and boot.initrd.enable" (dedede { boot.initrd.enable = true; }))
  (refuses "kernelPackages" "boot.kernelPackages has no effect" (dedede { boot.kernelPackages.kernel.outPath = "/nix/store/another"; }))
  (refuses "kernelParams" "boot.kernelParams has no effect" (dedede {
    _file = "configuration.nix";
    boot.kernelParams = [ "quiet" ];
  }))
  (refuses "kernelParams, naming the file" "Defined in: configuration.nix" (dedede {
    _file = "configuration.nix";
    boot.kernelParams = [ "quiet" ];
  }))
  (refuses "kernelPatches" "boot.kernelPatches has no effect" (dedede { boot.kernelPatches = [ { } ]; }))
  (refuses "modules built for another kernel" "boot.extraModulePackages" (dedede {
    boot.extraModulePackages = [ "zfs" ];
  }))
  (refuses "programs built for another kernel" "ProcMonitorMethod = \"proc\"" (dedede { services.opensnitch.enable = true; }))
  (takes "what does without" (dedede {
    services.opensnitch.enable = true;
    services.opensnitch.settings.ProcMonitorMethod = "proc";
  }))
  (refuses "an initrd's modules" "boot.kernelModules" (dedede { boot.initrd.kernelModules = [ "i915" ]; }))
  (refuses "zfs and others, that NixOS itself sets modules for" "Remove what asks" (dedede {
    _file = "/nixpkgs/nixos/modules/tasks/zfs.nix";
    boot.extraModulePackages = [ "zfs" ];
  }))
  (refuses "a service of the initrd" "There is no initrd" (dedede { boot.initrd.systemd.services.rollback = { script = "true"; }; }))
  (refuses "commands of the initrd" "There is no initrd" (dedede { boot.initrd.postMountCommands = "true"; }))
  (refuses "hibernation" "boot.resumeDevice" (dedede { boot.resumeDevice = "/dev/sda2"; }))
  (refuses "an overlay for /etc" "Set system.etc.overlay.enable = false" (dedede { system.etc.overlay.enable = true; }))
  (refuses "nixos-init" "Set system.nixos-init.enable = false" (dedede { system.nixos-init.enable = true; }))
  (refuses "an encrypted home of the initrd's" "no initrd to unlock /home. Remove \"encrypted\"" (dedede {
    fileSystems."/home" = {
      device = "/dev/mapper/home";
      encrypted.enable = true;
    };
  }))
  (refuses "a kernel for crashes" "boot.crashDump.enable has no effect" (dedede { boot.crashDump.enable = true; }))
  (refuses "a driver in the initrd" "hardware.amdgpu.initrd.enable has no effect" (dedede { hardware.amdgpu.initrd.enable = true; }))
  (takes "an initrd's own defaults" (dedede {
    boot.initrd.ssh.port = 22;
    boot.initrd.luks.reuse = true;
  }))
  (refuses "other values of these" "boot.initrd.ssh.port has no effect" (dedede { boot.initrd.ssh.port = 2222; }))
  (refuses "a root that forgets" "no initrd to mount /persist" (dedede {
    fileSystems."/persist" = {
      device = "/dev/sda5";
      neededForBoot = true;
    };
  }))
  (refuses "a store of its own" "no initrd to mount /nix before" (dedede { fileSystems."/nix".device = "/dev/sda5"; }))
  (takes "other file systems" (dedede {
    fileSystems."/home".device = "/dev/sda5";
    fileSystems."/var/log".device = "/dev/sda6";
  }))
  # As nixos-generate-config writes it, and what else changes nothing.
  (takes "values that change nothing" (dedede {
    boot.initrd.availableKernelModules = [ "xhci_pci" ];
    boot.initrd.kernelModules = [ ];
    boot.initrd.luks.devices = { };
    boot.initrd.postMountCommands = "";
    boot.initrd.enable = false;
    boot.kernel.enable = false;
    boot.kernelModules = [ "kvm-intel" ];
    boot.kernelPackages = { kernel.outPath = "/nix/store/linux"; };
    boot.kernelParams = [ ];
    boot.kernelPatches = [ ];
    boot.extraModulePackages = [ ];
    boot.resumeDevice = "";
    boot.isContainer = false;
    boot.loader.grub.enable = false;
    boot.loader.systemd-boot.enable = false;
    boot.loader.limine.enable = false;
    boot.loader.external.enable = true;
    swapDevices = [ ];
    fileSystems."/".fsType = "auto";
    networking.nftables.enable = false;
    system.etc.overlay.enable = false;
  }))
  (refuses "LUKS by the initrd" "the bootloader on the stick" (dedede { boot.initrd.luks.devices.root = { }; }))
  (refuses "a container" "boot.isContainer" (dedede { boot.isContainer = true; }))
  (takes "modules to load" (dedede { boot.kernelModules = [ "i915" ]; }))

  (refuses "GRUB" "boot.loader.grub.enable = false" (dedede { boot.loader.grub.enable = true; }))
  (refuses "systemd-boot" "boot.loader.systemd-boot.enable = false" (dedede { boot.loader.systemd-boot.enable = true; }))
  (refuses "a loader that came later" "boot.loader.limine.enable = false" (dedede { boot.loader.limine.enable = true; }))
  (takes "the name of a loader that is gone" (dedede {
    options.boot.loader.raspberryPi.enable = lib.mkOption {
      visible = false;
      apply = _: throw "it is gone";
    };
  }))
  (refuses "no loader" "Remove boot.loader.external.enable" (dedede { boot.loader.external.enable = false; }))

  (refuses "swap on the stick" "Remove swapDevices" (dedede { swapDevices = [ { device = "/swap"; } ]; }))
  (refuses "another file system" "roots of ext4 only" (dedede { fileSystems."/".fsType = "btrfs"; }))
  (refuses "nftables" "networking.nftables.enable = false" (dedede { networking.nftables.enable = true; }))
  (takes "nftables, for who knows better" (dedede {
    networking.nftables.enable = true;
    shimboot.iptablesLegacy = false;
  }))
  (refuses "credentials without NetworkManager" "networking.networkmanager.enable = true" (dedede {
    shimboot.wifi.importCredentials = true;
  }))
  (refuses "a login behind a display manager" "needs frecon" (dedede {
    services.displayManager.enable = true;
    shimboot.console.login = true;
  }))
  (refuses "headless without a key" "has no way in" (dedede ../../../modules/profiles/headless.nix))

  (stops "a wrong kind of firmware" (dedede { shimboot.firmware.which = "some"; }).config.shimboot.firmware.which)
  (stops "a root's name that does not fit" (dedede { shimboot.image.rootName = "far too long a name"; }).config.shimboot.image.rootName)
  (stops "an unknown option" (dedede { shimboot.bord = "dedede"; }).config.shimboot)
]
