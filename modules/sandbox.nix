# What ChromeOS' security module leaves of sandboxes. Its rule: who is not root
# of the machine itself may mount a new file system only as
# nosuid,nodev,noexec, root in a user namespace included.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot;
  inherit (lib) mkOption types;
in
{
  options.shimboot = {
    nixSandbox = mkOption {
      type = types.enum [
        "off"
        "without-user-namespaces"
        "on"
      ];
      default = if cfg.kernelRules.unsafeMounts == false then "on" else "off";
      defaultText = lib.literalMD "`\"on\"` where `shimboot.kernelRules` says that `unsafeMounts` are not refused, else `\"off\"`";
      description = ''
        How Nix builds on the Chromebook itself. Its sandbox makes a user namespace and mounts file systems in it, which most ChromeOS
        kernels refuse. "without-user-namespaces" switches those off for the whole system, so that Nix' daemon mounts as root;
        nobody has tried that on a Chromebook yet. "on" is for kernels without the rule.
      '';
      example = "without-user-namespaces";
    };

    setuidBubblewrap = mkOption {
      type = types.bool;
      default = false;
      description = ''
        Whether bwrap is installed setuid root. ChromeOS' kernels refuse the mounts of an ordinary one (Steam and others fail with
        "Operation not permitted"). It is a program that any user can then run as root, so it is not on by itself.
      '';
      example = true;
    };
  };

  config = lib.mkMerge [
    { nix.settings.sandbox = lib.mkDefault (cfg.nixSandbox != "off"); }
    (lib.mkIf (cfg.nixSandbox == "without-user-namespaces") {
      boot.kernel.sysctl."user.max_user_namespaces" = lib.mkDefault 0;
    })
    (lib.mkIf cfg.setuidBubblewrap {
      security.wrappers.bwrap = {
        setuid = true;
        owner = "root";
        group = "root";
        source = "${pkgs.bubblewrap}/bin/bwrap";
      };
      assertions = [
        {
          assertion = cfg.nixSandbox != "without-user-namespaces" || config.security.wrappers.bwrap.setuid;
          message = "bwrap without user namespaces has to be setuid. Remove the change of security.wrappers.bwrap.";
        }
      ];
    })
  ];
}
