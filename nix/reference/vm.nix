# Starting an image in a virtual machine, behind an emulated firmware that has
# the public developer keys.
{
  lib,
  runCommand,
  writeTextFile,
  tools,
  qemu,
  vboot_reference,
}:
let
  key = "${vboot_reference}/share/vboot/devkeys/recovery_key.vbpubk";
  programs = [
    tools
    qemu
    vboot_reference
  ];
  file = image: "${image}/${image.image}";
  boot = "qemu-boot --key ${key} --show all";
in
{
  inherit key file;

  # A derivation that succeeds when every step of a script can be done: see
  # tools/internal/bootscript. $out/console.log is what the console said.
  play =
    {
      name,
      # An image's file.
      disk,
      # Lines: expect REGEXP, send "TEXT", qmp JSON.
      script,
      # Of qemu-boot, such as further disks.
      options ? [ ],
      # Whether a reboot is part of it, and not the end.
      reboots ? false,
      fail ? "Kernel panic|Freezing execution",
      timeout ? "4m",
      # Commands that look at what the script has left in this directory.
      after ? "",
    }:
    runCommand name
      {
        nativeBuildInputs = programs;
        inherit script;
        passAsFile = [ "script" ];
      }
      ''
        ${boot} --timeout ${timeout} --script "$scriptPath" --fail ${lib.escapeShellArg fail} \
          ${lib.optionalString reboots "--reboots"} ${lib.concatMapStringsSep " " lib.escapeShellArg options} ${disk} > console.log || {
            status=$?
            cat console.log
            exit "$status"
          }
        mkdir "$out"
        cp console.log "$out"
        ${after}
      '';

  # A derivation that succeeds when the image's console says what is expected.
  # $out is the console's log.
  boot =
    {
      name,
      image,
      expect,
      # What the lines before have to contain as well.
      contains ? [ ],
      fail ? "Kernel panic|Freezing execution|boot-report: degraded",
      timeout ? "4m",
    }:
    runCommand name { nativeBuildInputs = programs; } ''
      ${boot} --timeout ${timeout} \
        --expect ${lib.escapeShellArg expect} --fail ${lib.escapeShellArg fail} \
        ${file image} > console.log || { status=$?; cat console.log; exit "$status"; }
      ${lib.concatMapStringsSep "\n" (text: ''
        grep -F ${lib.escapeShellArg text} console.log || { cat console.log; exit 1; }
      '') contains}
      cp console.log "$out"
    '';

  # A program that boots the image with the terminal as its console; further
  # arguments go to qemu-boot.
  app =
    image:
    writeTextFile {
      name = "shimboot-boot";
      executable = true;
      destination = "/bin/shimboot-boot";
      text = ''
        #!/bin/sh
        PATH=${lib.makeBinPath programs}:$PATH
        [ $# -gt 0 ] || set -- --interactive
        exec qemu-boot --key ${key} "$@" ${file image}
      '';
    };
}
