# The command-line tools, one static binary each.
{ lib, buildGoModule }:
let
  version = lib.fileContents ../../VERSION;
in
buildGoModule {
  pname = "shimboot-tools";
  inherit version;
  # Only what the build reads: other changes rebuild nothing.
  src = lib.sourceByRegex ../.. [
    "go\\.(mod|sum)"
    "tools"
    "tools/.*"
  ];
  vendorHash = "sha256-lRAmEZF3M3DTwAQ6wxSeZACjTt0XShhoNxmwZSCEVsk=";
  subPackages = [
    "tools/kern-unpack"
    "tools/initramfs-patch"
    "tools/gpt-pack"
    "tools/qemu-boot"
    "tools/power-cut"
    "tools/driver-harvest"
  ];
  env.CGO_ENABLED = 0;
  ldflags = [
    "-s"
    "-w"
    "-X shimboot/tools/internal/command.version=${version}"
  ];
  # `make test` runs them, with the programs that they compare with.
  doCheck = false;
  meta.description = "Tools that turn a ChromeOS RMA shim into a bootable NixOS image";
}
