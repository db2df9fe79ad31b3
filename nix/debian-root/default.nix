# Debian 13, or another suite, from its own packages, without root and without
# network: a root file system, and its systemd built again with our patch.
# `fetch` put the packages into the Nix store and wrote down which they are.
{
  suite ? "trixie",
  # What it wrote down of that suite: lists of { name, sha256 }.
  packages,
  runCommand,
  requireFile,
  bubblewrap,
  dpkg,
}:
let
  stored = import ./stored.nix {
    inherit requireFile;
    command = "nix/debian-root/fetch --update --suite ${suite}";
  };
  files = map stored;
  # The packages of a list whose Debian names are given.
  named =
    names: entries:
    builtins.filter (e: builtins.elem (builtins.head (builtins.match "([^_]*)_.*" e.name)) names) entries;

  # The fakeroot of the release whose programs run under it: it has to know
  # their C library's calls.
  fakerootDebs = files (named [ "fakeroot" "libfakeroot" ] packages.build);
  rootOf =
    entries:
    import ./root.nix {
      inherit runCommand bubblewrap dpkg fakerootDebs;
      debs = files entries;
    };
in
{
  root = rootOf packages.root;
  # The same, with what tests call.
  rootForTests = rootOf (packages.root ++ packages.more);
  systemd = { patch }: import ./systemd.nix {
    inherit runCommand bubblewrap dpkg patch;
    debs = files packages.build;
    source = files packages.source.systemd;
    rootDebs = files packages.root;
  };
  report = import ./report.nix { inherit runCommand; };
  vbootSource = import ./vboot-source.nix {
    inherit runCommand;
    source = files packages.source.vboot-utils;
  };
}
