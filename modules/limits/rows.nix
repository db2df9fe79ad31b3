# Options of NixOS that not every ChromeOS kernel can do. From these rows come the
# refusals and warnings of ./default.nix, and docs/kernels.md. A row:
#
#   option     as a user writes it
#   asked      config -> whether the configuration asks for it
#   needs      abilities without which it does not work (nix/boards/branches.nix)
#   spoiledBy  abilities with which it does not work
#   barredBy   rules with which it does not work
#   warns      true where it works in part: it is not refused then
#   off        what NixOS is told where the kernel is not known to be able to
#   effect     what would happen
#   remedy     what works instead
#   example    a module that asks for it
{
  lib,
  # name -> whether the user's own files ask for that file system: NixOS' profiles
  # ask for all that there are, to have their programs.
  asksForFileSystem ? _: false,
}:
let
  inherit (builtins) any attrNames attrValues;
  inherit (lib) hasInfix;

  # The file systems that a configuration names.
  fileSystem =
    name: remedy:
    {
      option = "boot.supportedFilesystems.${name}";
      asked = _: asksForFileSystem name;
      needs = [ name ];
      effect = "nothing can be mounted as ${name}";
      inherit remedy;
      example.boot.supportedFilesystems = [ name ];
    };
  firewallLog = name: {
    option = "networking.firewall.${name}";
    asked = config: config.networking.firewall.enable && config.networking.firewall.${name};
    needs = [ "xtLog" ];
    effect = "the firewall does not start";
    remedy = "Remove it: it is off by itself.";
    off.networking.firewall.${name} = lib.mkDefault false;
    example.networking.firewall.${name} = true;
  };
  interfaces = name: ability: remedy: {
    option = "networking.${name}";
    asked = config: config.networking.${name} or { } != { };
    needs = [ ability ];
    effect = "the interfaces cannot be made";
    inherit remedy;
  };
  plain = "Format it as ext4, and remove the entry.";

  isPackage = name: package: lib.hasPrefix name (package.pname or package.name or "");
  automounts = fs: any (hasInfix "x-systemd.automount") fs.options;
  # wg-quick takes a program for it where the kernel has no such interface.
  inUserSpace = config: name: any (isPackage "wireguard-go") (config.systemd.services."wg-quick-${name}".path or [ ]);
in
[
  # The firewall.
  {
    option = "networking.nftables.enable";
    asked = config: config.networking.nftables.enable && config.shimboot.iptablesLegacy;
    needs = [ "nftables" ];
    effect = "no rule can be set";
    remedy = "Set networking.nftables.enable = false; the firewall then uses iptables' legacy backend, which works.";
    example.networking.nftables.enable = true;
  }
  (firewallLog "logRefusedConnections")
  (firewallLog "logRefusedPackets")
  (firewallLog "logReversePathDrops")
  {
    option = "networking.firewall.checkReversePath";
    asked = config: config.networking.firewall.enable && config.networking.firewall.checkReversePath != false;
    needs = [ "rpfilter" ];
    effect = "the firewall does not start";
    remedy = "Set networking.firewall.checkReversePath = false; with lib.mkForce where a service asks for it.";
    # NixOS asks its own kernel.
    off.networking.firewall.checkReversePath = lib.mkDefault false;
    example.networking.firewall.checkReversePath = "loose";
  }
  {
    option = "networking.firewall.package";
    asked =
      config:
      config.networking.firewall.enable
      && !config.networking.nftables.enable
      && !(config.networking.firewall.package.withoutPkttype or false);
    needs = [ "xtPkttype" ];
    effect = "the firewall does not start";
    remedy = "Remove it: it is iptables' legacy backend by itself, which passes that rule over.";
    example = { pkgs, ... }: { networking.firewall.package = pkgs.iptables-legacy; };
  }
  {
    option = "networking.firewall.pingLimit";
    asked = config: config.networking.firewall.enable && config.networking.firewall.pingLimit or null != null;
    needs = [ "xtLimit" ];
    effect = "the firewall does not start";
    remedy = "Set networking.firewall.pingLimit = null;";
    example.networking.firewall.pingLimit = "--limit 1/minute --limit-burst 5";
  }
  {
    option = "networking.nat.internalInterfaces";
    asked = config: config.networking.nat.enable or false && config.networking.nat.internalInterfaces or [ ] != [ ];
    needs = [ "xtMark" ];
    effect = "the firewall does not start";
    remedy = "Name the addresses instead: networking.nat.internalIPs.";
    example.networking.nat = {
      enable = true;
      internalInterfaces = [ "eth1" ];
    };
  }
  {
    option = "services.fail2ban.enable";
    asked = config: (config.services.fail2ban.enable or false) && hasInfix "multiport" (config.services.fail2ban.banaction or "");
    needs = [ "xtMultiport" ];
    warns = true;
    effect = "nobody is banned";
    remedy = "Set services.fail2ban.banaction = \"iptables-allports\";";
    example.services.fail2ban = {
      enable = true;
      banaction = "iptables-multiport";
    };
  }

  # Interfaces.
  {
    option = "networking.wireguard.interfaces";
    asked = config: config.networking.wireguard.interfaces or { } != { };
    needs = [ "wireguard" ];
    effect = "the interfaces cannot be made";
    remedy = "Use networking.wg-quick with wireguard-go in systemd.services.\"wg-quick-NAME\".path, or services.tailscale: both work in user space.";
    example.networking.wireguard.interfaces.wg0.privateKeyFile = "/etc/wireguard/key";
  }
  {
    option = "networking.wg-quick.interfaces";
    asked = config: any (name: !inUserSpace config name) (attrNames (config.networking.wg-quick.interfaces or { }));
    needs = [ "wireguard" ];
    effect = "the interfaces cannot be made";
    remedy = "Set systemd.services.\"wg-quick-NAME\".path = [ pkgs.wireguard-go ]; which does it in user space.";
    example.networking.wg-quick.interfaces.wg0.configFile = "/etc/wireguard/wg0.conf";
  }
  (
    interfaces "vlans" "vlan" "Remove them: let the router or the switch do it."
    // {
      example.networking.vlans.guests = {
        id = 7;
        interface = "eth0";
      };
    }
  )
  (
    interfaces "macvlans" "macvlan" "Use networking.bridges, which works."
    // {
      example.networking.macvlans.guests.interface = "eth0";
    }
  )
  (
    interfaces "bonds" "bonding" "Use one of the interfaces; NetworkManager changes over to another one by itself."
    // {
      example.networking.bonds.both.interfaces = [
        "eth0"
        "eth1"
      ];
    }
  )

  # Containers and machines.
  {
    option = "virtualisation.docker.enable";
    asked = config: config.virtualisation.docker.enable or false;
    needs = [ "overlayfs" ];
    barredBy = [ "bpf" ];
    effect = "its daemon does not start";
    remedy = "Use virtualisation.podman, as an ordinary user, with fuse-overlayfs.";
    example.virtualisation.docker.enable = true;
  }
  {
    option = "virtualisation.containerd.enable";
    asked = config: config.virtualisation.containerd.enable or false;
    needs = [ "overlayfs" ];
    barredBy = [ "bpf" ];
    effect = "no container starts";
    remedy = "Use virtualisation.podman, as an ordinary user, with fuse-overlayfs.";
    example.virtualisation.containerd.enable = true;
  }
  {
    option = "services.k3s.enable";
    asked = config: config.services.k3s.enable or false;
    needs = [
      "overlayfs"
      "memoryController"
      "pidsController"
    ];
    effect = "it does not start";
    remedy = "Run it on another machine.";
    example.services.k3s.enable = true;
  }
  {
    option = "virtualisation.docker.enable, with limits";
    asked = config: (config.virtualisation.docker.enable or false) && config.shimboot.kernelAbilities.overlayfs != false;
    needs = [
      "memoryController"
      "pidsController"
    ];
    warns = true;
    effect = "no limit of a container's memory and processes holds";
    remedy = "Set none.";
    example.virtualisation.docker.enable = true;
  }
  {
    option = "virtualisation.podman.enable";
    asked = config: config.virtualisation.podman.enable or false;
    needs = [ "overlayfs" ];
    barredBy = [ "unsafeMounts" ];
    warns = true;
    effect = "containers start in part only: those of root want overlay, those of users mounts of their own";
    remedy = "Run them as an ordinary user with fuse-overlayfs where users may mount, and else on another machine.";
    example.virtualisation.podman.enable = true;
  }
  {
    option = "virtualisation.lxc.enable";
    # The next one brings it along.
    asked = config: (config.virtualisation.lxc.enable or false) && !(config.virtualisation.waydroid.enable or false);
    needs = [ "pidsController" ];
    barredBy = [ "unsafeMounts" ];
    effect = "no container starts";
    remedy = "Run them on another machine.";
    example.virtualisation.lxc.enable = true;
  }
  {
    option = "virtualisation.waydroid.enable";
    asked = config: config.virtualisation.waydroid.enable or false;
    needs = [ "pidsController" ];
    barredBy = [ "unsafeMounts" ];
    effect = "it does not start, as it stands on LXC";
    remedy = "Remove it.";
    example.virtualisation.waydroid.enable = true;
  }
  {
    option = "containers";
    asked = config: config.containers or { } != { };
    barredBy = [ "symlinkMounts" ];
    warns = true;
    effect = "systemd-nspawn may fail to mount";
    remedy = "Nobody has tried it: a service of its own is the surer way.";
    example.containers.web.config = { };
  }
  {
    option = "virtualisation.libvirtd.enable";
    asked = config: config.virtualisation.libvirtd.enable or false;
    needs = [ "kvm" ];
    warns = true;
    effect = "machines are emulated, and slow";
    remedy = "Run them on another machine.";
    example.virtualisation.libvirtd.enable = true;
  }
  {
    option = "services.flatpak.enable";
    asked = config: (config.services.flatpak.enable or false) && !config.shimboot.setuidBubblewrap;
    barredBy = [ "unsafeMounts" ];
    warns = true;
    effect = "no application starts";
    remedy = "Set shimboot.setuidBubblewrap = true; having read what docs/options.md says of it.";
    example.services.flatpak.enable = true;
  }
  {
    option = "programs.steam.enable";
    asked = config: (config.programs.steam.enable or false) && !config.shimboot.setuidBubblewrap;
    barredBy = [ "unsafeMounts" ];
    warns = true;
    effect = "it does not start";
    remedy = "Set shimboot.setuidBubblewrap = true; having read what docs/options.md says of it.";
    example.programs.steam.enable = true;
  }

  # File systems and memory.
  (fileSystem "btrfs" plain)
  (fileSystem "xfs" plain)
  (fileSystem "f2fs" plain)
  (fileSystem "cifs" "Use sshfs, NFS or gvfs, which work in user space or are there.")
  (fileSystem "exfat" "Put pkgs.exfat (FUSE) into environment.systemPackages, and mount with mount.exfat-fuse.")
  {
    option = "fileSystems.NAME.options, x-systemd.automount";
    asked = config: any automounts (attrValues config.fileSystems);
    needs = [ "autofs" ];
    effect = "it is never mounted";
    remedy = "Use \"nofail\" in its place, which mounts it at the start.";
    example.fileSystems."/srv" = {
      device = "/dev/sda5";
      fsType = "ext4";
      options = [ "x-systemd.automount" ];
    };
  }
  {
    option = "services.autofs.enable";
    asked = config: config.services.autofs.enable or false;
    needs = [ "autofs" ];
    effect = "it does not start";
    remedy = "Put what is to be mounted into fileSystems, with \"nofail\".";
    example.services.autofs = {
      enable = true;
      autoMaster = "";
    };
  }
  {
    option = "zramSwap.algorithm";
    asked = config: config.zramSwap.enable && builtins.elem config.zramSwap.algorithm [ "zstd" "lz4" ];
    needs = [ "cryptoZstd" ];
    effect = "there is no swap";
    remedy = "Remove it: \"lzo\" works everywhere.";
    example.zramSwap.algorithm = "zstd";
  }
  {
    option = "systemd.oomd.enable";
    asked = config: config.systemd.oomd.enable or false;
    needs = [ "memoryController" ];
    warns = true;
    effect = "it is skipped at the start";
    remedy = "Remove it: it is off by itself. services.earlyoom works.";
    off.systemd.oomd.enable = lib.mkDefault false;
    example.systemd.oomd.enable = true;
  }

  # The rest.
  {
    option = "security.apparmor.enable";
    asked = config: config.security.apparmor.enable or false;
    needs = [ "appArmor" ];
    effect = "nothing is confined";
    remedy = "Set security.apparmor.enable = false; the options of systemd's services confine without it.";
    example.security.apparmor.enable = true;
  }
  {
    option = "security.rtkit.enable";
    asked = config: config.security.rtkit.enable or false;
    spoiledBy = [ "rtGroupSched" ];
    warns = true;
    effect = "no program gets real-time priority";
    remedy = "Sound plays without it.";
    example.security.rtkit.enable = true;
  }
  {
    option = "services.bpftune.enable";
    asked = config: config.services.bpftune.enable or false;
    needs = [ "bpfSyscall" ];
    barredBy = [ "bpf" ];
    effect = "it does not start";
    remedy = "Remove it.";
    example.services.bpftune.enable = true;
  }
]
