# systemd for ChromeOS' kernels: a package of nixpkgs' with the patch, and with
# the result looked at. Releases 254 to 256 have no patch.
#
#   (import ./nix/packages/systemd { inherit lib; }).patch pkgs.systemd
{ lib }:
let
  patchFor =
    version:
    if lib.versionOlder version "254" then
      ./mount-nofollow-252.patch
    else if lib.versionOlder version "257" then
      throw "shimboot: systemd ${version} has no mount-nofollow.patch that fits it, 257 and later have: take a newer nixpkgs"
    else
      ./mount-nofollow.patch;
in
{
  patch =
    systemd:
    systemd.overrideAttrs (old: {
      patches = (old.patches or [ ]) ++ [ (patchFor systemd.version) ];
      postFixup = (old.postFixup or "") + ''
        sh ${./check.sh} "$out"
      '';
    });
}
