# Debian 13, or another suite, from its own packages, without root and without
# network: a root file system, and its systemd built again with our patch.
# `fetch` put the packages into the Nix store and wrote down which they are.
{
  suite ? "trixie",
  lib,
  runCommand,
  requireFile,
  bubblewrap,
  dpkg,
}:
let
  lock =
    if builtins.pathExists ../lock/${suite}.json then
      lib.importJSON ../lock/${suite}.json
    else
      throw "nix/debian/lock/${suite}.json is missing: run nix/debian/trixie/fetch --suite ${suite}";

  stored =
    { name, sha256 }:
    requireFile {
      inherit name sha256;
      message = "${name} is no longer in the Nix store: run nix/debian/trixie/fetch --update --suite ${suite}";
    };
  files = map stored;
  # The packages of a list whose Debian names are given.
  named =
    names: entries:
    builtins.filter (e: builtins.elem (builtins.head (builtins.match "([^_]*)_.*" e.name)) names) entries;

  # The fakeroot of the release whose programs run under it: it has to know
  # their C library's calls.
  fakerootDebs = files (named [ "fakeroot" "libfakeroot" ] lock.build);
  rootOf =
    entries:
    import ./root.nix {
      inherit runCommand bubblewrap dpkg fakerootDebs;
      debs = files entries;
    };
in
{
  root = rootOf lock.root;
  # The same, with what tests call.
  rootForTests = rootOf (lock.root ++ lock.more);
  # The patch is the caller's: this directory is a flake of its own.
  systemd = { patch }: import ./systemd.nix {
    inherit runCommand bubblewrap dpkg patch;
    debs = files lock.build;
    source = files lock.source.systemd;
    rootDebs = files lock.root;
  };
  report = import ./report.nix { inherit runCommand; };
  vbootSource = import ./vboot-source.nix {
    inherit runCommand;
    source = files lock.source.vboot-utils;
  };
}
