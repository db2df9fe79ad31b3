# Debian 13's packages as one tree, for programs that look below /usr: two of them,
# `run` with what a system runs, `build` with what builds one beside. Each has
# lists/PACKAGE, the files of every package, and moved/lib, what is not to be found
# below /usr.
{
  runCommand,
  dpkg,
  requireFile,
  # { name, sha256 } of each, as nix/debian-root/fetch wrote them down.
  packages,
  # Our systemd, which is laid over Debian's: nix/debian-root/systemd.nix.
  systemd,
}:
let
  stored = import ../debian-root/stored.nix {
    inherit requireFile;
    command = "nix/debian-root/fetch --update --only nix/nixos-over-debian/packages.txt";
  };
  # Compilers, headers, and what is called by scripts that build.
  builds =
    { name, ... }:
    builtins.match "(binutils|cpp|gcc|libbinutils|libcc1|libctf|libgprofng|lib(a|hwa|l|t|ub)san|libpython|linux-libc-dev|make|patchutils|python|xsltproc|[^_]*-dev_|libitm|libquadmath|libsframe).*" name
    != null;
  tree =
    name: list:
    runCommand "debian-13-to-${name}"
      {
        nativeBuildInputs = [ dpkg ];
        inherit systemd;
        debs = map stored list;
        unpack = ../debian-root/unpack.sh;
      }
      ''
        mkdir -p "$out/lists"
        sh "$unpack" "$out" $debs
        for deb in $debs; do
          package=''${deb#*-}
          dpkg-deb --fsys-tarfile "$deb" > package.tar
          tar -tf package.tar | sed -n 's,^[.]/\(.*[^/]\)$,\1,p' > "$out/lists/''${package%%_*}"
        done
        cp -r --remove-destination "$systemd/usr" "$out/"
        cd "$out/usr"
        rm -rf share/doc share/man share/info share/locale share/lintian share/bug
        # What update-alternatives would have linked is of its package, too.
        while read -r package link target; do
          if [ -e "../lists/$package" ]; then
            ln -s "$target" "$link"
            echo "usr/$link" >> "../lists/$package"
          fi
        done < ${./alternatives}
        # What systemd and udev would read by themselves. In NixOS it is the
        # configuration that says what of it there is.
        for name in modprobe.d sysctl.d systemd/system systemd/user sysusers.d tmpfiles.d udev/rules.d; do
          mkdir -p "../moved/lib/$(dirname "$name")"
          mv "lib/$name" "../moved/lib/$name"
        done
        mkdir -p ../moved/share
        mv share/dbus-1 ../moved/share/
        mkdir share/dbus-1
        cp ../moved/share/dbus-1/*.conf share/dbus-1/
        # Its own rules are where it has them in NixOS, too.
        mkdir lib/udev/rules.d
        grep -h '^usr/lib/udev/rules[.]d/' ../lists/udev ../lists/systemd | while read -r file; do
          [ ! -e "../moved/''${file#usr/}" ] || cp "../moved/''${file#usr/}" lib/udev/rules.d/
        done
      '';
in
{
  build = tree "build" packages;
  run = tree "run" (builtins.filter (entry: !builds entry) packages);
}
