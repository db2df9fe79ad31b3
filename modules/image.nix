# The stick's image: config.system.build.shimbootImage.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot;
  inherit (lib) mkOption types;
  inherit (cfg.facts) name;
  toplevel = config.system.build.toplevel;
  closure = pkgs.closureInfo { rootPaths = [ toplevel ]; };
  internal =
    type: default: description:
    mkOption {
      inherit type default description;
      internal = true;
      readOnly = true;
    };
in
{
  options.shimboot = {
    image = {
      rootName = mkOption {
        type = types.strMatching "[A-Za-z0-9._-]{1,16}";
        default = "nixos";
        description = "The root's name in the boot menu, in its partition's name and in its file system's label.";
        example = "work";
      };
      fileName = mkOption {
        type = types.strMatching "[A-Za-z0-9._-]+";
        default = "shimboot-${name}.img";
        defaultText = lib.literalExpression ''"shimboot-''${board}.img"'';
        description = "The image's file name.";
        example = "classroom.img";
      };
      size = mkOption {
        type = types.str;
        default = "content+20%";
        description = "Size of the root's partition, as docs/image-spec.md says. It grows to the stick at the first start.";
        example = "12GiB";
      };
      maxSize = mkOption {
        type = types.nullOr types.str;
        default = null;
        description = "The build stops when the image is larger than this: the size of the stick.";
        example = "14GiB";
      };
      state = mkOption {
        type = types.nullOr types.path;
        default = null;
        description = "A directory of files for the STATE partition. It goes through the Nix store: no secrets.";
        example = lib.literalExpression "./state";
      };
    };

    bootloader.overlays = mkOption {
      type = types.listOf types.path;
      default = [ ];
      description = "Directories that are laid over the bootloader's root, for additions and replacements.";
      example = lib.literalExpression "[ ./bootloader ]";
    };

    build = {
      shim = internal types.path (
        if cfg.shim != null then cfg.shim else cfg.pipeline.sources.shim cfg.facts
      ) "The shim's image.";
      kernel = internal types.package (cfg.pipeline.kernel {
        board = name;
        inherit (cfg.build) shim;
      }) "The shim's kernel, taken apart.";
      bootloader = internal types.package (cfg.pipeline.bootloader {
        board = name;
        inherit (cfg.build) kernel;
        inherit (cfg.bootloader) overlays;
        inherit (cfg) luks;
      }) "The content of ROOT-A.";
    };
  };

  config = {
    system.build.shimbootImage = cfg.pipeline.image {
      board = name;
      inherit (cfg.build) kernel bootloader shim;
      drivers = if cfg.drivers.enable then cfg.build.drivers else null;
      name = cfg.image.rootName;
      inherit (cfg.image)
        fileName
        size
        maxSize
        state
        ;
      inherit (cfg) luks;
      # Not among system.checks: a rebuild on the Chromebook would have to fetch
      # the shim for it.
      checks = [
        (cfg.pipeline.kernelCheck {
          board = name;
          inherit (cfg.build) kernel;
          version = cfg.kernelVersion;
          expected = cfg.kernelExpected;
          system = pkgs.stdenv.hostPlatform.system;
        })
      ];
      root = [
        {
          closure = {
            storePaths = "${closure}/store-paths";
            registration = "${closure}/registration";
            system = "${toplevel}";
          };
        }
        {
          # For whoever looks where other systems have them.
          links = {
            "lib/modules" = "/nix/var/nix/profiles/system/kernel-modules/lib/modules";
            "lib/firmware" = "/nix/var/nix/profiles/system/firmware";
          };
        }
      ];
    };
  };
}
