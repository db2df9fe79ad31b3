# How a package of nixpkgs' kind is made of Debian's.
{
  lib,
  final,
  # tree.nix
  trees,
}:
let
  # Where a package's program has another name than the package.
  mainPrograms = {
    dbus-broker = "dbus-broker-launch";
    gnugrep = "grep";
    gnused = "sed";
    gnutar = "tar";
    iputils = "ping";
    iproute2 = "ip";
    libarchive = "bsdtar";
    netcat = "nc";
    networkmanager = "nmcli";
    openresolv = "resolvconf";
    openssh = "ssh";
    polkit = "pkexec";
    procps = "ps";
  };
in
rec {
  # One output that answers to every output's name, and that stays as it is when it is
  # overridden. `attributes` gets the package itself.
  package =
    attributes: derivation:
    let
      self =
        derivation
        // {
          override = _: self;
          overrideAttrs = _: self;
          meta = {
            priority = 5;
            mainProgram = mainPrograms.${derivation.pname} or derivation.pname;
            platforms = [ "x86_64-linux" ];
            license = [ ];
          };
        }
        // lib.genAttrs [
          "bin"
          "dev"
          "doc"
          "getent"
          "lib"
          "man"
          "out"
          "scripts"
          "static"
        ] (_: self)
        // attributes self;
    in
    self;
  plain = package (_: { });

  # run NAME SCRIPT: a derivation for `package`.
  run =
    name: script:
    final.runCommand "${name}-of-debian" {
      pname = name;
      version = "13";
    } script;

  # of NAME PACKAGES EXTRA: Debian's PACKAGES, and what EXTRA does to them in shell.
  of = from trees.run;
  from =
    tree: name: packages: extra:
    run name ''
      tree=${tree}
      sh ${./package.sh} "$tree" "$out" ${toString packages}
      ${extra}
    '';

  # What NixOS names and no system of ours has: it stops the build that wants it.
  absent =
    name:
    plain (
      run name ''
        echo "${name} is not among Debian's packages of nix/nixos-over-debian" >&2
        exit 1
      ''
    );

  # What adds nothing that would be missed.
  nothing = name: plain (run name ''mkdir "$out"'');

  # instead NAME PATH: a program of ours in another's place, with packages to call.
  instead =
    name: path:
    plain (
      run name ''
        mkdir -p "$out/bin"
        {
          echo "#!${final.runtimeShell}"
          echo "set -eu"
          echo "PATH=${lib.makeBinPath path}:\''${PATH-}"
          cat ${./instead + "/${name}.sh"}
        } > "$out/bin/${name}"
        chmod 755 "$out/bin/${name}"
      ''
    );
}
