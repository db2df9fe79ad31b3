# What a NixOS of Debian's programs is told beside its profile. What is off here is
# off for a reason, which docs/nixos.md repeats.
{ lib, pkgs, ... }:
{
  # Programs that are written in Rust or Haskell, of which Debian has no package:
  # what makes the RAM disk that a shutdown ends in, and the manual.
  systemd.shutdownRamfs.enable = false;
  documentation.enable = false;
  # nixos-rebuild and its friends are Python packages.
  system.disableInstallerTools = true;
  # Debian's programs have their own dynamic linker.
  environment.stub-ld.enable = false;
  environment.ldso = "${pkgs.debianTree}/usr/lib64/ld-linux-x86-64.so.2";
  # Also in the unit that has a root of its own, and their libraries.
  systemd.services.wpa_supplicant.serviceConfig.BindReadOnlyPaths = [
    "/lib64"
    "/usr"
  ];
  # nixpkgs' wpa_supplicant lets its user have the name on the bus, Debian's only root.
  services.dbus.packages = [
    (pkgs.writeTextDir "share/dbus-1/system.d/wpa_supplicant-user.conf" ''
      <busconfig>
        <policy user="wpa_supplicant">
          <allow own="fi.w1.wpa_supplicant1"/>
        </policy>
      </busconfig>
    '')
  ];
  fonts.fontconfig.enable = false;
  # Debian's polkit has another name for its user.
  users.users.polkitd = {
    isSystemUser = true;
    group = "polkitd";
  };
  users.groups.polkitd = { };
  systemd.services.polkit.serviceConfig.User = lib.mkForce "polkitd";
  # nsncd is Rust as well; the C library's is like it.
  services.nscd.enableNsncd = false;
  services.nscd.package = pkgs.nscd;

  # Folders that Debian's programs want: sshd to shut itself in, logrotate for its state,
  # which it wants also where it only checks. And its Nix has the daemon's for members of
  # a group, nixpkgs' for everybody.
  systemd.tmpfiles.rules = [
    "d /nix/var/nix/daemon-socket 0755 root root"
    "d /run/sshd 0755 root root"
    "d /var/lib/logrotate 0755 root root"
  ];
  services.logrotate.checkConfig = false;
  users.groups.nix-users = { };

  # To see what the kernel lets it do.
  environment.systemPackages = [ pkgs.bubblewrap ];

  # The reference kernel has no bcache.
  boot.bcache.enable = false;
}
