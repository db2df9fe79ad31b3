# Fails when the shim's kernel is not the one that the board was described with,
# which the choice of systemd rests on.
{ runCommand, jq }:
{
  board,
  kernel,
  # "5.4.85", or a beginning of it such as "5.15"; null: not known.
  version,
  # "x86_64-linux"
  system,
}:
runCommand "kernel-check-${board}" { nativeBuildInputs = [ jq ]; } ''
  sh ${./kernel-check.sh} ${board} ${kernel}/kernel.json "${if version == null then "" else version}" ${system}
  touch "$out"
''
