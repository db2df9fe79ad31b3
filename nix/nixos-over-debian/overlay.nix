# nixpkgs' names for Debian's programs, as an overlay. Whatever is not here is
# nixpkgs' own, as far as it is made of what is: scripts, lists, what NixOS writes.
{
  # tree.nix
  trees,
  nixpkgs,
}:
final: prev:
let
  inherit (prev) lib;
  inherit (import ./package.nix { inherit lib final trees; })
    package
    plain
    run
    of
    from
    absent
    nothing
    instead
    ;
  names = import ./names.nix;
  debian = name: packages: plain (of name packages "");
  same = value: list: lib.genAttrs list (_: value);
in
builtins.mapAttrs debian names
// lib.genAttrs [
  "firefox"
  "hicolor-icon-theme"
  "nix-bash-completions"
  "nixos-firewall-tool"
  "sound-theme-freedesktop"
] nothing
// lib.genAttrs [
  "fish"
  "xonsh"
  "zsh"
] absent

# Several names for the same.
// same final.bash [
  "bashInteractive"
  "bashInteractiveFHS"
  "bashNonInteractive"
  "bashNonInteractiveFHS"
]
// same final.iptables [
  "iptables-legacy"
  "iptables-nftables-compat"
]
// same final.systemd [
  "systemdLibs"
  "systemdMinimal"
  "udev"
]
// same final.util-linux [
  "util-linuxMinimal"
  "utillinux"
]
// {
  coreutils-full = final.coreutils;
  getent = final.glibc;
  gitMinimal = final.git;
  glibcLocalesUtf8 = final.glibcLocales;
  gnupatch = final.patch;
  host = final.bind;
  net-tools = final.nettools;
  wirelesstools = final.iw;

  # What lies below /usr on a system of these.
  debianTree = trees.run;

  # What is more than Debian's files.
  systemd = import ./systemd.nix {
    inherit
      lib
      nixpkgs
      of
      package
      final
      ;
  };
  bash = package (_: {
    shellPath = "/bin/bash";
    interactive = true;
  }) (of "bash" [ "bash" ] ''ln -s bash "$out/bin/sh"'');
  perl = package (self: {
    withPackages = _: self;
    buildEnv = _: self;
    interpreter = "${self}/bin/perl";
    libPrefix = "lib/perl5";
  }) (of "perl" [ "perl" "perl-base" ] "");
  # su is util-linux' in Debian, and shadow's in nixpkgs.
  shadow = package (self: {
    su = self;
    shellPath = "/bin/nologin";
  }) (of "shadow" names.shadow ''ln -s "$tree/usr/bin/su" "$out/bin/"'');
  util-linux = package (self: { lastlog = self; }) (of "util-linux" names.util-linux ''rm "$out/bin/su"'');
  glibc = plain (
    of "glibc" names.glibc ''
      mkdir -p "$out/lib"
      ln -s "$tree/usr/lib64/ld-linux-x86-64.so.2" "$out/lib/"
    ''
  );

  # Data.
  glibcLocales = plain (
    run "locales" ''
      mkdir -p "$out/lib" usr/lib/locale
      for name in C en_US; do
        I18NPATH=${trees.run}/usr/share/i18n localedef --prefix="$PWD" --inputfile "$name" --charmap UTF-8 "$name.UTF-8"
      done
      cp -r usr/lib/locale "$out/lib/"
    ''
  );
  cacert = package (self: {
    hashed = self;
    p11kit = self;
    unbundled = self;
  }) (
    run "cacert" ''
      mkdir -p "$out/etc/ssl/certs" "$out/etc/ssl/trust-source"
      find ${trees.run}/usr/share/ca-certificates -name '*.crt' | LC_ALL=C sort | xargs cat > "$out/etc/ssl/certs/ca-bundle.crt"
    ''
  );
  iana-etc = plain (
    run "iana-etc" ''
      mkdir -p "$out/etc"
      cp ${trees.run}/etc/protocols ${trees.run}/etc/services "$out/etc/"
    ''
  );
  kmod-blacklist-ubuntu = plain (
    run "kmod-blacklist" ''
      mkdir "$out"
      : > "$out/modprobe.conf"
    ''
  );
  kmod-debian-aliases = run "aliases.conf" ''cp ${trees.run}/moved/lib/modprobe.d/aliases.conf "$out"'';

  # Rust, in few lines of shell.
  nixos-init = instead "env-generator" [ final.jq ];
  switch-to-configuration-ng = instead "switch-to-configuration" [
    final.coreutils
    final.diffutils
    final.findutils
    final.gnugrep
    final.gnused
    final.systemd
  ];

  # What only builds. NixOS has the C library's programs from stdenv; scripts are not
  # checked by shellcheck, which is Haskell.
  stdenv = prev.stdenv // {
    cc = prev.stdenv.cc // {
      libc = final.glibc;
    };
  };
  writeShellApplication = arguments: prev.writeShellApplication ({ checkPhase = ""; } // arguments);
  libxslt = plain (from trees.build "libxslt" [ "xsltproc" ] "");
  lndir = instead "lndir" [ final.coreutils ];

  # security.wrappers are compiled with a list of glibc's source, of the variables
  # that a setuid program is not to see.
  pkgsStatic = final;
  linuxHeaders = final.emptyDirectory;
  srcOnly =
    source:
    if source == final.glibc then
      run "unsecvars" ''
        mkdir "$out"
        cp ${./unsecvars.h} "$out/unsecvars.h"
      ''
    else
      prev.srcOnly source;
}
