# Fails when the shim's kernel is not the one that the configuration was made for:
# the choice of systemd rests on its version, and other things on what it has and
# refuses. Where it differs in what nothing rests on, that is said.
{
  lib,
  runCommand,
  jq,
}:
{
  board,
  kernel,
  # "5.4.85", or a beginning of it such as "5.15"; null: not known.
  version,
  # { abilities.NAME and rules.NAME: true, false or null; relied = [ NAME… ]; }
  expected,
  # "x86_64-linux"
  system,
}:
runCommand "kernel-check-${board}"
  {
    nativeBuildInputs = [ jq ];
    expected = builtins.toJSON expected;
    passAsFile = [ "expected" ];
  }
  ''
    sh ${./kernel-check.sh} ${board} ${kernel}/kernel.json "${if version == null then "" else version}" ${system}
    jq -r --arg board ${board} --slurpfile expected "$expectedPath" -f ${./kernel-traits.jq} ${kernel}/kernel.json >&2
    touch "$out"
  ''
