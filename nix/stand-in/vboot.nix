# vboot's programs come in three Debian packages; nixpkgs has them in one,
# with the public developer keys under share/vboot/devkeys.
{ debian, runCommand }:
let
  programs = [
    (debian "vboot-kernel-utils" [ "vbutil_kernel" ])
    (debian "vboot-utils" [ "futility" ])
    (debian "cgpt" [ "cgpt" ])
  ];
in
runCommand "vboot_reference" { inherit programs; } ''
  mkdir -p "$out/bin" "$out/share/vboot"
  for package in $programs; do
    cp -P "$package"/bin/* "$out/bin"
  done
  cp -r /usr/share/vboot/devkeys "$out/share/vboot/devkeys"
''
