# A system made of modules/ over the stubs:
#
#   system { modules = [ { shimboot.board = "dedede"; } ]; }
{ lib }:
let
  fake =
    name: extra:
    {
      type = "derivation";
      inherit name;
      outPath = "/nix/store/${name}";
    }
    // extra;

  packages =
    system: systemdVersion:
    let
      systemd = fake "systemd-${systemdVersion}" {
        version = systemdVersion;
        patches = [ ];
        overrideAttrs = change: systemd // change systemd;
      };
    in
    {
      inherit lib systemd;
      linuxPackages.kernel.outPath = "/nix/store/linux";
      stdenv.hostPlatform.system = system;
      runtimeShell = "/bin/sh";
      runCommand = name: env: script: fake name (env // env.passthru or { } // { inherit script; });
      writeScript = name: text: fake name { inherit text; };
      closureInfo = { rootPaths }: fake "closure-info" { inherit rootPaths; };
    }
    // lib.genAttrs [
      "bash"
      "bubblewrap"
      "coreutils"
      "e2fsprogs"
      "cryptsetup"
      "firefox"
      "gawk"
      "gitMinimal"
      "gnugrep"
      "gnused"
      "iptables-legacy"
      "kmod"
      "jq"
      "pciutils"
      "procps"
      "usbutils"
      "util-linux"
    ] (name: fake name { });

  # The pipeline's steps, which keep what they were called with.
  step = name: arguments: fake "${name}-${arguments.board}" { inherit arguments; };
  pipeline = lib.genAttrs [
    "kernel"
    "bootloader"
    "drivers"
    "image"
    "kernelCheck"
  ] step
  // {
    sources = {
      shim = board: fake "shim-${board.name}.bin" { };
      recovery = board: fake "recovery-${board.name}.zip" { };
    };
  };
in
{
  modules,
  platform ? "x86_64-linux",
  systemd ? "257.9",
}:
let
  result = lib.evalModules {
    specialArgs.modulesPath = "/nixpkgs/nixos/modules";
    specialArgs.utils.fsNeededForBoot =
      fileSystem: fileSystem.neededForBoot || builtins.elem fileSystem.mountPoint [ "/" "/nix" "/var/log" ];
    modules = [
      ./stubs.nix
      ../../../modules
      {
        _module.args.pkgs = packages platform systemd;
        shimboot.pipeline = pipeline;
      }
    ]
    ++ modules;
  };
in
result
// {
  failed = map (assertion: assertion.message) (builtins.filter (assertion: !assertion.assertion) result.config.assertions);
}
