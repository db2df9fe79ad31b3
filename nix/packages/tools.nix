# The command-line tools, one static binary each.
{ lib, buildGoModule }:
buildGoModule {
  pname = "shimboot-tools";
  version = "0.1.0";
  # Only what the build reads: other changes rebuild nothing.
  src = lib.sourceByRegex ../.. [
    "go\\.(mod|sum)"
    "tools"
    "tools/.*"
  ];
  vendorHash = "sha256-ySi7BcBFLKHR6x3AAce//dKN94gxmO0BTr9hQmxFhQI=";
  subPackages = [
    "tools/kern-unpack"
    "tools/initramfs-patch"
    "tools/gpt-pack"
    "tools/qemu-boot"
    "tools/driver-harvest"
  ];
  env.CGO_ENABLED = 0;
  ldflags = [
    "-s"
    "-w"
  ];
  # `make test` runs them, with the programs that they compare with.
  doCheck = false;
  meta.description = "Tools that turn a ChromeOS RMA shim into a bootable NixOS image";
}
