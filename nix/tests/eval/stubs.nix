# NixOS' options that modules/ gives values to or reads, with their types and
# without what NixOS does with them. docs/nixpkgs-contact.md says where each was
# looked up. A value for an option that is not here is an error, as in NixOS.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; };
  bool = option types.bool;
  strings = option (types.listOf types.str) [ ];
  anything = option types.anything;
  package = types.anything;
  paths = option (types.listOf types.anything) [ ];
  lines = option types.lines "";

  unit = {
    options = {
      enable = bool true;
      description = option types.str "";
      after = strings;
      before = strings;
      wantedBy = strings;
      conflicts = strings;
      requires = strings;
      unitConfig = option (types.attrsOf (types.either types.bool types.str)) { };
    };
  };
  service = {
    imports = [ unit ];
    options = {
      path = paths;
      script = lines;
      environment = option (types.attrsOf types.str) { };
      restartIfChanged = bool true;
      serviceConfig = option (types.attrsOf (types.oneOf [
        types.bool
        types.str
        types.int
        (types.listOf types.str)
      ])) { };
    };
  };
in
{
  # What NixOS sets by itself comes from its own folder (see default.nix).
  _file = "/nixpkgs/nixos/modules/stubs.nix";

  options = {
    assertions = option (types.listOf types.unspecified) [ ];
    warnings = option (types.listOf types.str) [ ];

    boot = {
      isContainer = bool false;
      crashDump.enable = bool false;
      kernel.enable = bool true;
      kernel.sysctl = option (types.attrsOf types.anything) { };
      kernelModules = strings;
      kernelPackages = option types.raw { };
      kernelParams = strings;
      kernelPatches = option (types.listOf types.attrs) [ ];
      extraModulePackages = paths;
      extraModprobeConfig = lines;
      # As nixpkgs has it: a list is taken as well.
      supportedFilesystems = option (types.coercedTo (types.listOf types.str) (lib.flip lib.genAttrs (_: true)) (
        types.attrsOf types.bool
      )) { };
      resumeDevice = option types.str "";
      initrd = {
        enable = bool true;
        availableKernelModules = strings;
        systemd.services = option (types.attrsOf types.anything) { };
        kernelModules = strings;
        luks.devices = option (types.attrsOf types.anything) { };
        luks.reuse = bool true;
        ssh.port = option types.int 22;
        postMountCommands = lines;
      };
      loader = {
        external.enable = bool false;
        external.installHook = anything null;
        timeout = option types.int 5;
        grub.enable = bool true;
        limine.enable = bool false;
        systemd-boot.enable = bool false;
        initScript.enable = bool false;
        generic-extlinux-compatible.enable = bool false;
      };
    };

    containers = option (types.attrsOf types.anything) { };
    environment.etc = option (types.attrsOf (types.submodule {
      options.text = option (types.nullOr types.lines) null;
      options.enable = bool true;
    })) { };
    environment.systemPackages = paths;
    fileSystems = option (types.attrsOf (types.submodule ({ name, ... }: {
      options = {
        device = option (types.nullOr types.str) null;
        fsType = option types.str "auto";
        options = option (types.listOf types.str) [ ];
        mountPoint = option types.str name;
        neededForBoot = bool false;
        encrypted.enable = bool false;
      };
    }))) { };
    hardware.amdgpu.initrd.enable = bool false;
    hardware.firmware = mkOption {
      type = types.listOf package;
      default = [ ];
      apply = list: {
        outPath = "/nix/store/firmware";
        inherit list;
      };
    };
    hardware.firmwareCompression = option (types.enum [
      "xz"
      "zstd"
      "none"
    ]) "zstd";
    networking = {
      hostName = option types.str "nixos";
      bonds = option (types.attrsOf types.anything) { };
      firewall.enable = bool true;
      firewall.package = anything "iptables";
      firewall.checkReversePath = option (types.either types.bool types.str) true;
      firewall.logRefusedConnections = bool true;
      firewall.logRefusedPackets = bool false;
      firewall.logReversePathDrops = bool false;
      firewall.pingLimit = option (types.nullOr types.str) null;
      macvlans = option (types.attrsOf types.anything) { };
      vlans = option (types.attrsOf types.anything) { };
      wg-quick.interfaces = option (types.attrsOf types.anything) { };
      wireguard.interfaces = option (types.attrsOf types.anything) { };
      nat.enable = bool false;
      nat.internalInterfaces = strings;
      networkmanager.enable = bool false;
      nftables.enable = bool false;
    };
    nixpkgs.hostPlatform = anything "";
    nix.package = anything "nix";
    nix.settings = option (types.attrsOf types.anything) { };
    programs.steam.enable = bool false;
    security.apparmor.enable = bool false;
    security.rtkit.enable = bool false;
    security.sudo.wheelNeedsPassword = bool true;
    security.wrappers = option (types.attrsOf types.anything) { };
    services = {
      autofs.autoMaster = option types.str "";
      autofs.enable = bool false;
      bpftune.enable = bool false;
      fail2ban.banaction = option types.str "iptables-multiport";
      fail2ban.enable = bool false;
      flatpak.enable = bool false;
      k3s.enable = bool false;
      opensnitch.enable = bool false;
      opensnitch.settings.ProcMonitorMethod = option types.str "ebpf";
      cage.enable = bool false;
      displayManager.enable = bool false;
      kmscon.enable = bool false;
      getty.autologinUser = option (types.nullOr types.str) null;
      openssh.enable = bool false;
      openssh.settings = option (types.attrsOf types.anything) { };
      xserver = option (types.attrsOf types.anything) { };
    };
    swapDevices = option (types.listOf types.attrs) [ ];
    system = {
      activationScripts = option (types.attrsOf types.anything) { };
      build = option (types.attrsOf types.anything) { };
      checks = paths;
      etc.overlay.enable = bool false;
      nixos-init.enable = bool false;
      nixos.release = option types.str "26.05";
      stateVersion = option types.str "";
      systemBuilderCommands = lines;
    };
    systemd = {
      oomd.enable = bool true;
      package = anything null;
      services = option (types.attrsOf (types.submodule service)) { };
      targets = option (types.attrsOf (types.submodule unit)) { };
    };
    users.users = option (types.attrsOf types.anything) { };
    virtualisation = lib.genAttrs [
      "containerd"
      "docker"
      "libvirtd"
      "lxc"
      "podman"
      "waydroid"
    ] (_: { enable = bool false; });
    zramSwap.enable = bool false;
    zramSwap.algorithm = option types.str "zstd";
  };

  config = {
    system.build.toplevel = {
      outPath = "/nix/store/toplevel";
    };
    boot.kernelParams = [ "loglevel=4" ];
    boot.kernelModules = [ "loop" ];
    systemd.services.console-getty.enable = lib.mkDefault false;
  };
}
