# The kernel is the shim's and is signed: NixOS builds none and makes no initrd.
# What a configuration says about them has no effect, so it is refused.
{
  config,
  lib,
  options,
  pkgs,
  modulesPath,
  utils,
  ...
}:
let
  # Where an option was given a value that changes something, other than by NixOS
  # itself. nixos-generate-config writes many that are empty.
  definedIn = definedWhere (file: !lib.hasPrefix (toString modulesPath) file);
  definedWhere =
    isFile: option:
    map (definition: toString definition.file) (
      builtins.filter (
        definition:
        isFile (toString definition.file) && !saysNothing definition.value && !isDefault option definition.value
      ) option.definitionsWithLocations
    );
  # Sets may be packages without end.
  isDefault =
    option: value:
    !builtins.isAttrs value && (builtins.tryEval (option ? default && option.default == value)).value;
  saysNothing =
    value:
    builtins.elem value [
      null
      false
      ""
      [ ]
      { }
    ]
    # As kernel modules may be given: { i915 = false; }
    || (builtins.isAttrs value && !lib.isDerivation value && builtins.all (v: v == false) (builtins.attrValues value))
    || isOwnKernel value;
  # NixOS' own default, by hand.
  isOwnKernel = value: value ? kernel.outPath && value.kernel.outPath == pkgs.linuxPackages.kernel.outPath;

  # Options that a signed kernel knows nothing of, with what to do instead.
  futile = {
    "boot.crashDump.enable" = "Remove it: a second kernel needs memory that only the signed command line could set aside.";
    "boot.kernelPackages" = "Remove it: no other kernel than the shim's can be started.";
    "boot.kernelParams" = "Remove them: the command line is part of the signed kernel.";
    "boot.kernelPatches" = "Remove them: the kernel is not built.";
    "boot.resumeDevice" = "Remove it: a shim's kernel does not wake up again.";
    "hardware.amdgpu.initrd.enable" = "Remove it: there is no initrd, and the driver is loaded when the system starts.";
  };

  # An initrd's own. What only says what would be in one, or how it would be
  # packed, changes nothing by itself, and stands in hardware-configuration.nix.
  initrd = builtins.filter (option: !builtins.elem (lib.showOption option.loc) harmless) (
    lib.collect lib.isOption options.boot.initrd
  );
  harmless = map (name: "boot.initrd.${name}") [
    "allowMissingModules"
    "availableKernelModules"
    "checkJournalingFS"
    "compressor"
    "compressorArgs"
    "enable"
    "includeDefaultModules"
    "supportedFilesystems"
    "systemd.enable"
    "verbose"
  ];
  instead = {
    "boot.initrd.kernelModules" = "Use boot.kernelModules, which loads them when the system starts.";
    "boot.initrd.luks.devices" = "Remove them: the bootloader on the stick unlocks LUKS2 roots by passphrase.";
  };
  noInitrd = "There is no initrd. Remove it, or use boot.postBootCommands or a systemd service.";

  assertUnused =
    name: option: remedy:
    let
      files = definedIn option;
    in
    {
      assertion = files == [ ];
      message = ''
        ${name} has no effect on a Chromebook's signed kernel. ${remedy} Defined in: ${lib.concatStringsSep ", " files}
      '';
    };

  # What NixOS' stage 1 would have to have done.
  needInitrd =
    lib.optional (config.system.etc.overlay.enable or false) "system.etc.overlay.enable"
    ++ lib.optional (config.system.nixos-init.enable or false) "system.nixos-init.enable";
  # NixOS unlocks these in the initrd alone.
  encrypted = builtins.filter (path: config.fileSystems.${path}.encrypted.enable or false) (builtins.attrNames config.fileSystems);
  # File systems that are wanted before systemd starts. (/var/log is not.)
  early = builtins.filter (
    path:
    let
      fileSystem = config.fileSystems.${path};
    in
    path != "/" && path != "/var/log" && utils.fsNeededForBoot fileSystem
  ) (builtins.attrNames config.fileSystems);
in
{
  config = {
    boot.kernel.enable = lib.mkDefault false;
    boot.initrd.enable = lib.mkDefault false;

    # Newer releases ask for as many random bits of addresses as NixOS' own
    # kernel has, which an older one, or an ARM one, refuses; and they want that
    # kernel's source for it.
    environment.etc."sysctl.d/55-nixos-aslr-entropy.conf".enable = false;

    assertions = [
      {
        assertion = !config.boot.kernel.enable && !config.boot.initrd.enable;
        message = ''
          The kernel of a shimboot stick is the Chromebook's signed one, and its initramfs is part of it: a kernel or
          initrd of the configuration would never run. Remove boot.kernel.enable and boot.initrd.enable.
        '';
      }
      {
        assertion = !config.boot.isContainer;
        message = "boot.isContainer switches off udev and the console, which a Chromebook needs. Remove it.";
      }
      # Not only where it is said: zfs, virtualbox and others of NixOS' are such.
      {
        assertion = config.boot.extraModulePackages == [ ];
        message = ''
          boot.extraModulePackages has no effect on a Chromebook's signed kernel: nothing here builds modules for it. Remove what asks
          for them: ${lib.concatStringsSep ", " (definedWhere (_: true) options.boot.extraModulePackages)}
        '';
      }
      {
        assertion = !(config.services.opensnitch.enable or false) || config.services.opensnitch.settings.ProcMonitorMethod != "ebpf";
        message = ''
          opensnitch's programs for the kernel would be built for NixOS' own. Set services.opensnitch.settings.ProcMonitorMethod = "proc";
        '';
      }
      {
        assertion = needInitrd == [ ];
        message = ''
          There is no initrd beside a Chromebook's signed kernel, and ${lib.concatStringsSep " and " needInitrd} would need one. Set ${
            lib.concatMapStringsSep ", " (name: "${name} = false;") needInitrd
          } or remove the profile that sets it.
        '';
      }
      {
        assertion = encrypted == [ ];
        message = ''
          There is no initrd to unlock ${lib.concatStringsSep ", " encrypted}. Remove "encrypted", and let systemd unlock it:
          environment.etc.crypttab.text = "NAME UUID=…";
        '';
      }
      {
        assertion = early == [ ];
        message = ''
          There is no initrd to mount ${lib.concatStringsSep ", " early} before the system starts. Remove it from fileSystems, or
          remove neededForBoot: what is on the stick's root is there from the beginning.
        '';
      }
    ]
    ++ lib.mapAttrsToList (
      name: assertUnused name (lib.attrByPath (lib.splitString "." name) { definitionsWithLocations = [ ]; } options)
    ) futile
    ++ map (
      option:
      let
        name = lib.showOption option.loc;
      in
      assertUnused name option (instead.${name} or noInitrd)
    ) initrd;
  };
}
