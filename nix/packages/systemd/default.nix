# systemd for ChromeOS' kernels: any package of nixpkgs' from 257 on, with the
# patch, and with the result looked at.
#
#   (import ./nix/packages/systemd { inherit lib; }).patch pkgs.systemd
{ lib }:
{
  patch =
    systemd:
    if lib.versionOlder systemd.version "257" then
      throw "shimboot: systemd ${systemd.version} is too old for mount-nofollow.patch, which fits 257 and later: take a newer nixpkgs"
    else
      systemd.overrideAttrs (old: {
        patches = (old.patches or [ ]) ++ [ ./mount-nofollow.patch ];
        postFixup = (old.postFixup or "") + ''
          sh ${./check.sh} "$out"
        '';
      });
}
