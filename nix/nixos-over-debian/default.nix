# A nixpkgs at a path whose programs are Debian 13's, for a NixOS where nothing can
# be fetched from nixpkgs' caches:
#
#   over /path/to/nixpkgs          a package set for nixpkgs.pkgs
{
  # The stand-in's.
  pkgs,
  # nix/debian-root, and the patch for its systemd.
  debianRoot,
  patch,
}:
rec {
  trees = import ../call.nix pkgs ./tree.nix {
    inherit ((pkgs.debianPackagesOf "nixos-over-debian")) packages;
    systemd = debianRoot.systemd { inherit patch; };
  };
  # What Debian's programs have compiled in, for the image's root: links.
  links =
    builtins.listToAttrs (
      map
        (path: {
          name = path;
          value = "${trees.run}/${path}";
        })
        (
          [
            "usr/lib"
            "usr/libexec"
            "usr/sbin"
            "usr/share"
          ]
          ++ map (program: "usr/bin/${program}") [
            "dbus-broker"
            "kmod"
            "loadkeys"
            "mount"
            "setfont"
            "systemd-tty-ask-password-agent"
            "umount"
          ]
        )
    )
    // {
      "sbin/swapon" = "${trees.run}/usr/sbin/swapon";
      "sbin/swapoff" = "${trees.run}/usr/sbin/swapoff";
      "lib64/ld-linux-x86-64.so.2" = "${trees.run}/usr/lib64/ld-linux-x86-64.so.2";
    };
  over =
    nixpkgs:
    import nixpkgs {
      localSystem.system = "x86_64-linux";
      stdenvStages = import ./stdenv.nix nixpkgs;
      overlays = [ (import ./overlay.nix { inherit trees nixpkgs; }) ];
      config.allowUnfree = true;
    };
}
