# The kernel is the shim's and is signed: NixOS builds none and makes no initrd.
# What a configuration says about them has no effect, so it is refused.
{
  config,
  lib,
  options,
  modulesPath,
  ...
}:
let
  # Where an option was given a value, other than by NixOS itself.
  definedIn =
    option:
    builtins.filter (file: !lib.hasPrefix (toString modulesPath) file) (
      map (definition: toString definition.file) option.definitionsWithLocations
    );

  # Options that a signed kernel knows nothing of, with what to do instead.
  futile = {
    "boot.kernelPackages" = "Remove it: no other kernel than the shim's can be started.";
    "boot.kernelParams" = "Remove them: the command line is part of the signed kernel.";
    "boot.kernelPatches" = "Remove them: the kernel is not built.";
    "boot.extraModulePackages" = "Remove them: nothing here builds modules for the shim's kernel.";
    "boot.initrd.kernelModules" = "Use boot.kernelModules, which loads them when the system starts.";
    "boot.initrd.luks.devices" = "Remove them: the bootloader on the stick unlocks LUKS2 roots by passphrase.";
    "boot.initrd.postMountCommands" = "Use boot.postBootCommands or a systemd service.";
  };
  assertUnused = name: remedy: {
    assertion = definedIn (lib.attrByPath (lib.splitString "." name) { definitionsWithLocations = [ ]; } options) == [ ];
    message = ''
      ${name} has no effect on a Chromebook's signed kernel. ${remedy} Defined in: ${
        lib.concatStringsSep ", " (
          definedIn (lib.attrByPath (lib.splitString "." name) { definitionsWithLocations = [ ]; } options)
        )
      }
    '';
  };
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
    ]
    ++ lib.mapAttrsToList assertUnused futile;
  };
}
