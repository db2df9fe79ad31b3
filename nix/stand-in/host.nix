# A package of the machine's own Debian as a derivation: $out/bin links to the
# programs under /usr, which the sandbox is given (extra-sandbox-paths). The
# version is part of the derivation, so an apt upgrade rebuilds what uses it;
# setup writes the versions down.
{ lock }:
package: programs:
let
  version =
    lock.${package}
      or (throw "the Debian package ${package} is not in nix/stand-in/lock: run nix/stand-in/setup");
in
derivation {
  name = "debian-${package}-${version}";
  system = "x86_64-linux";
  builder = "/bin/sh";
  args = [ ./host-package.sh ];
  inherit package programs;
}
// {
  inherit version;
}
