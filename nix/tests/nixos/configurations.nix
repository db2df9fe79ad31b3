# Configurations that people have, each on top of modules/: it evaluates, with the
# one warning that has `warned` in it or with none, or is refused with the sentence that
# has `refused` in it. On a nissa, whose kernel is 5.15.
{ lib }:
let
  takes = module: { inherit module; };
  refuses = refused: module: { inherit refused module; };
  warns = warned: module: { inherit warned module; };

  # What not every kernel can do, on one that cannot.
  limits = lib.listToAttrs (
    map (
      row:
      lib.nameValuePair "a kernel that cannot: ${row.option}" {
        module.imports = [
          row.example
          needed
          {
            shimboot.kernelAbilities =
              lib.genAttrs (row.needs or [ ]) (_: false) // lib.genAttrs (row.spoiledBy or [ ]) (_: true);
            shimboot.kernelRules = lib.genAttrs (row.barredBy or [ ]) (_: true);
          }
        ]
        # So that its lack of limits is all that is said.
        ++ lib.optional (lib.hasSuffix "with limits" row.option) { shimboot.kernelAbilities.overlayfs = true; };
        ${if row.warns or false then "warned" else "refused"} = "${row.option}: the kernel of the board nissa";
      }
    ) (import ../../../modules/limits/rows.nix { inherit lib; })
  );
  needed =
    { pkgs, ... }:
    {
      nixpkgs.config.allowUnfree = true;
      xdg.portal.enable = true;
      xdg.portal.extraPortals = [ pkgs.xdg-desktop-portal-gtk ];
      xdg.portal.config.common.default = "*";
    };
  user = {
    users.users.me = {
      isNormalUser = true;
      extraGroups = [ "wheel" ];
    };
  };
in
limits
// {
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
  "docker" = warns "virtualisation.docker.enable, with limits: the kernel of the board nissa lacks" { virtualisation.docker.enable = true; };
  "podman" = warns "may be one that refuses users' mounts" { virtualisation.podman.enable = true; };
  "libvirtd" = warns "may be one that lacks KVM" { virtualisation.libvirtd.enable = true; };
  "wireguard" = takes { networking.wg-quick.interfaces.wg0.configFile = "/etc/wireguard/wg0.conf"; };
  "tailscale" = takes { services.tailscale.enable = true; };
  "flatpak" = warns "may be one that refuses users' mounts" (
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
  "ssh and fail2ban" = warns "Set services.fail2ban.banaction = \"iptables-allports\"" {
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
  "opensnitch" = refuses "ProcMonitorMethod = \"proc\"" { services.opensnitch.enable = true; };
  "opensnitch without eBPF" = takes {
    services.opensnitch.enable = true;
    services.opensnitch.settings.ProcMonitorMethod = "proc";
  };
  "tlp" = takes { services.tlp.enable = true; };
  "fwupd" = takes { services.fwupd.enable = true; };
  "AppArmor" = refuses "Set security.apparmor.enable = false" { security.apparmor.enable = true; };
  "audit" = takes {
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
  "the rescue profile's file systems" = takes (
    { modulesPath, ... }:
    {
      imports = [ (modulesPath + "/profiles/base.nix") ];
      boot.supportedFilesystems.zfs = lib.mkForce false;
    }
  );
  "specialisations" = takes { specialisation.quiet.configuration.services.openssh.enable = false; };
  "userborn" = takes { services.userborn.enable = true; };
  "other file systems" = takes {
    boot.supportedFilesystems.ntfs = true;
    boot.tmp.useTmpfs = true;
    fileSystems."/home" = {
      device = "/dev/disk/by-label/home";
      fsType = "exfat";
    };
  };
  "a home of btrfs" = refuses "Format it as ext4" {
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
  # (It came with 25.11.)
  ${if lib.versionAtLeast lib.trivial.release "25.11" then "nixos-init" else null} = refuses "system.nixos-init.enable = false" {
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
  "an encrypted home" = refuses "Remove \"encrypted\", and let systemd unlock it" {
    fileSystems."/home" = {
      device = "/dev/mapper/home";
      fsType = "ext4";
      encrypted = {
        enable = true;
        label = "home";
        blkDev = "/dev/sda5";
      };
    };
  };
  "an encrypted home by crypttab" = takes {
    environment.etc.crypttab.text = "home /dev/sda5";
    fileSystems."/home" = {
      device = "/dev/mapper/home";
      fsType = "ext4";
      options = [ "nofail" ];
    };
  };
  "a kernel for crashes" = refuses "boot.crashDump.enable has no effect" { boot.crashDump.enable = true; };
  "defaults of an initrd" = takes {
    boot.initrd.network.ssh.port = 22;
    boot.initrd.luks.reusePassphrases = true;
    boot.initrd.systemd.tpm2.enable = true;
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
