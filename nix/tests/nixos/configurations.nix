# Configurations that people have, each on top of modules/: it evaluates, or is
# refused with the sentence that has `refused` in it.
{ lib }:
let
  takes = module: { inherit module; };
  refuses = refused: module: { inherit refused module; };
  user = {
    users.users.me = {
      isNormalUser = true;
      extraGroups = [ "wheel" ];
    };
  };
in
{
  # As nixos-generate-config writes it, with what docs/nixos.md has taken out.
  "hardware-configuration.nix" = takes (
    { config, modulesPath, ... }:
    {
      imports = [ (modulesPath + "/installer/scan/not-detected.nix") ];
      boot.initrd.availableKernelModules = [
        "xhci_pci"
        "usb_storage"
        "sd_mod"
      ];
      boot.initrd.kernelModules = [ ];
      boot.kernelModules = [ "kvm-intel" ];
      boot.extraModulePackages = [ ];
      swapDevices = [ ];
      networking.useDHCP = lib.mkDefault true;
      hardware.cpu.intel.updateMicrocode = lib.mkDefault config.hardware.enableRedistributableFirmware;
    }
  );

  # Desktops, and what draws without one.
  "gnome" = takes {
    services.displayManager.gdm.enable = true;
    services.desktopManager.gnome.enable = true;
  };
  "plasma" = takes {
    services.displayManager.sddm.enable = true;
    services.desktopManager.plasma6.enable = true;
  };
  "hyprland and greetd" = takes {
    programs.hyprland.enable = true;
    services.greetd.enable = true;
    services.greetd.settings.default_session.command = "Hyprland";
  };
  "sway and ly" = takes {
    programs.sway.enable = true;
    services.displayManager.ly.enable = true;
  };
  "cage" = takes { services.cage.enable = true; };
  "kmscon" = takes { services.kmscon.enable = true; };
  "phosh" = takes (
    user
    // {
      services.xserver.desktopManager.phosh = {
        enable = true;
        user = "me";
        group = "users";
      };
    }
  );
  "plymouth" = takes { boot.plymouth.enable = true; };
  "a login behind a desktop" = refuses "has to go before display-manager.service" {
    services.displayManager.gdm.enable = true;
    shimboot.console.login = true;
  };

  # Services and programs.
  "docker" = takes { virtualisation.docker.enable = true; };
  "podman" = takes { virtualisation.podman.enable = true; };
  "libvirtd" = takes { virtualisation.libvirtd.enable = true; };
  "wireguard" = takes { networking.wg-quick.interfaces.wg0.configFile = "/etc/wireguard/wg0.conf"; };
  "tailscale" = takes { services.tailscale.enable = true; };
  "flatpak" = takes (
    { pkgs, ... }:
    {
      services.flatpak.enable = true;
      xdg.portal.enable = true;
      xdg.portal.extraPortals = [ pkgs.xdg-desktop-portal-gtk ];
      xdg.portal.config.common.default = "*";
    }
  );
  "steam" = takes {
    programs.steam.enable = true;
    nixpkgs.config.allowUnfree = true;
    shimboot.setuidBubblewrap = true;
  };
  "sound, bluetooth, printing" = takes {
    services.pipewire.enable = true;
    services.pipewire.pulse.enable = true;
    hardware.bluetooth.enable = true;
    services.printing.enable = true;
    services.avahi.enable = true;
  };
  "ssh and fail2ban" = takes {
    services.openssh.enable = true;
    services.fail2ban.enable = true;
  };
  "networkd and resolved" = takes {
    networking.useNetworkd = true;
    services.resolved.enable = true;
  };
  "iwd" = takes {
    networking.networkmanager.enable = true;
    networking.networkmanager.wifi.backend = "iwd";
  };
  "tlp" = takes { services.tlp.enable = true; };
  "fwupd" = takes { services.fwupd.enable = true; };
  "apparmor and audit" = takes {
    security.apparmor.enable = true;
    security.audit.enable = true;
  };
  "emulated systems" = takes { boot.binfmt.emulatedSystems = [ "aarch64-linux" ]; };
  "nix-ld" = takes { programs.nix-ld.enable = true; };

  # Kinds of systems.
  "the minimal profile" = takes ({ modulesPath, ... }: { imports = [ (modulesPath + "/profiles/minimal.nix") ]; });
  "the installer's profile" = takes (
    { modulesPath, ... }:
    {
      imports = [ (modulesPath + "/profiles/installation-device.nix") ];
    }
  );
  "the hardened profile" = takes ({ modulesPath, ... }: { imports = [ (modulesPath + "/profiles/hardened.nix") ]; });
  "specialisations" = takes { specialisation.quiet.configuration.services.openssh.enable = false; };
  "userborn" = takes { services.userborn.enable = true; };
  "other file systems" = takes {
    boot.supportedFilesystems.ntfs = true;
    boot.tmp.useTmpfs = true;
    fileSystems."/home" = {
      device = "/dev/disk/by-label/home";
      fsType = "btrfs";
    };
  };

  # Whatever needs an initrd, or another kernel.
  "the perlless profile" = refuses "would need one" ({ modulesPath, ... }: { imports = [ (modulesPath + "/profiles/perlless.nix") ]; });
  "an overlay for /etc" = refuses "Set system.etc.overlay.enable = false" {
    system.etc.overlay.enable = true;
    boot.initrd.systemd.enable = true;
  };
  "nixos-init" = refuses "system.nixos-init.enable = false" {
    system.nixos-init.enable = true;
    system.etc.overlay.enable = true;
    services.userborn.enable = true;
  };
  "zfs" = refuses "Remove what asks for them" {
    boot.supportedFilesystems.zfs = true;
    networking.hostId = "01234567";
  };
  "virtualbox" = refuses "Remove what asks for them" { virtualisation.virtualbox.host.enable = true; };
  "the newest kernel" = refuses "boot.kernelPackages has no effect" (
    { pkgs, ... }:
    {
      boot.kernelPackages = pkgs.linuxPackages_latest;
    }
  );
  "kernel parameters" = refuses "boot.kernelParams has no effect" { boot.kernelParams = [ "quiet" ]; };
  "modules in the initrd" = refuses "Use boot.kernelModules" { boot.initrd.kernelModules = [ "i915" ]; };
  "a root that forgets, by an initrd's script" = refuses "There is no initrd" { boot.initrd.postDeviceCommands = "true"; };
  "a root that forgets, by an initrd's service" = refuses "There is no initrd" {
    boot.initrd.systemd.services.rollback.script = "true";
  };
  "a file system that is wanted early" = refuses "no initrd to mount /persist" {
    fileSystems."/persist" = {
      device = "/dev/disk/by-label/persist";
      fsType = "ext4";
      neededForBoot = true;
    };
  };
  "LUKS by the initrd" = refuses "the bootloader on the stick unlocks" {
    boot.initrd.luks.devices.root.device = "/dev/sda4";
  };
  "ssh in the initrd" = refuses "There is no initrd" { boot.initrd.network.enable = true; };
  "hibernation" = refuses "boot.resumeDevice has no effect" { boot.resumeDevice = "/dev/sda5"; };
  "swap" = refuses "Remove swapDevices" { swapDevices = [ { device = "/swap"; } ]; };
  "systemd-boot" = refuses "boot.loader.systemd-boot.enable = false" { boot.loader.systemd-boot.enable = true; };
  "GRUB" = refuses "boot.loader.grub.enable = false" {
    boot.loader.grub.enable = true;
    boot.loader.grub.device = "nodev";
  };
  "a btrfs root" = refuses "roots of ext4 only" { fileSystems."/".fsType = "btrfs"; };
  "nftables" = refuses "networking.nftables.enable = false" { networking.nftables.enable = true; };
  "headless without a key" = refuses "has no way in" ../../../modules/profiles/headless.nix;
}
