# What the kinds of power cuts have in common: recordings of what is written to a
# stick, and looks at what is on it after a cut.
{
  runCommand,
  writeTextFile,
  cpio,
  dosfstools,
  e2fsprogs,
  gptfdisk,
  mtools,
  python3,
  qemu,
  tools,
  vboot_reference,
  vm,
  # The reference board's, with bzImage.
  kernel,
}:
let
  scripts = ../../powercut;

  # A derivation with the programs that judge what is on a stick.
  looking =
    name: variables: commands:
    runCommand name (
      {
        nativeBuildInputs = [
          dosfstools
          e2fsprogs
          gptfdisk
          mtools
          python3
          qemu
          tools
          vboot_reference
        ];
      }
      // variables
    ) commands;
in
{
  inherit scripts looking;

  # What was written from a start of an image to the end of a script, for each of
  # these: $out has N.img, the stick before it, N.log, and end.img.
  record =
    {
      name,
      disk,
      # Texts, for qemu-boot.
      starts,
      # Of the stick.
      size ? "128M",
    }:
    runCommand "writes-of-${name}"
      {
        nativeBuildInputs = [
          qemu
          tools
          vboot_reference
        ];
        scripts = map (
          text:
          writeTextFile {
            name = "script";
            inherit text;
          }
        ) starts;
      }
      ''
        mkdir "$out"
        cd "$out"
        sh ${../../powercut/record.sh} ${vm.key} ${disk} ${size} $scripts
        rm console
      '';

  # The same for a command that writes to /dev/vda, in a machine of its own with
  # gpt-pack and mtools.
  lab =
    {
      name,
      stick,
      # The machine has it as /dev/vdb.
      more,
      command,
    }:
    runCommand "writes-of-${name}"
      {
        nativeBuildInputs = [
          cpio
          qemu
        ];
        inherit command mtools;
        passAsFile = [ "command" ];
      }
      ''
        sh ${../../powercut/lab-initrd.sh} ${tools}/bin/gpt-pack "$mtools/bin" ${../../powercut/lab-init} "$commandPath" > initrd
        mkdir "$out"
        cd "$out"
        sh ${../../powercut/lab.sh} ${kernel}/bzImage "$OLDPWD/initrd" ${stick} ${more}
        rm console
      '';

  # An image on a stick of 128 MiB.
  flashed =
    image:
    runCommand "stick.img" { nativeBuildInputs = [ tools ]; } ''
      truncate -s 128M stick
      gpt-pack flash ${image} stick
      cp --sparse=always stick "$out"
    '';

  # A derivation that succeeds when a command finds no fault at any of so many
  # cuts of each recording. $out has the figures.
  cut =
    {
      name,
      writes,
      check,
      cuts,
      options ? "",
    }:
    looking "power-cut-${name}" { inherit writes check; } ''
        # In memory, where a copy of a disk costs little.
        export TMPDIR=/dev/shm
        lost=
        for log in "$writes"/*.log; do
          power-cut --base "''${log%.log}.img" --log "$log" --cuts ${toString cuts} ${options} --check "$check" >> figures &&
            tail -n 1 figures | grep -qF "; ${toString cuts} cuts:" || lost=$log
        done
        cat figures
        if [ -n "$lost" ]; then
          echo "the recording: $lost"
          exit 1
        fi
        cp figures "$out"
      '';
}
