# Kernel modules of the shim and firmware of shim and recovery image, ready to
# be laid into a root: $out/lib/{modules,firmware,modprobe.d}, drivers.json.
{
  runCommand,
  lib,
  tools,
  kmod,
}:
{
  board,
  kernel,
  shim,
  # null: firmware comes from the shim alone.
  recovery ? null,
  # "needed" by the modules, or "all".
  firmware ? "needed",
  # Globs of further firmware files to keep.
  keep ? [ ],
}:
runCommand "drivers-${board}"
  {
    nativeBuildInputs = [
      tools
      kmod
    ];
  }
  ''
    driver-harvest --shim ${shim} ${
      lib.optionalString (recovery != null) "--recovery ${recovery}"
    } --kernel-json ${kernel}/kernel.json --firmware ${firmware} \
      ${lib.concatMapStringsSep " " (glob: "--keep ${lib.escapeShellArg glob}") keep} --out "$out"
  ''
