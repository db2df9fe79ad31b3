# Images with roots that hold no more than a busybox and three generations whose
# init says which one it is.
{
  runCommand,
  writeTextFile,
  busybox,
  vm,
  # Whose bootloader it is.
  board,
}:
let
  root =
    { broken, files }:
    runCommand "three-generations" { inherit busybox broken files; } ''
      profiles=$out/nix/var/nix/profiles
      mkdir -p "$out/bin" "$profiles"
      cp "$busybox/bin/busybox" "$out/bin/busybox"
      ln -s busybox "$out/bin/sh"
      for number in 1 2 3; do
        system=/nix/store/system-$number
        mkdir -p "$out$system"
        echo "26.05.$number" > "$out$system/nixos-version"
        {
          echo '#!/bin/sh'
          echo "echo test: generation $number starts"
          [ "$number" -ne 3 ] || echo "$broken"
          mounted='/bin/busybox sed -n "s|^/.* / |test: mounted |p" /proc/mounts'
          echo "$mounted"
          echo '/run/shimboot/shimboot/boot-success'
          echo "$mounted"
          echo 'exec /bin/busybox sleep 1000'
        } > "$out$system/init"
        chmod 755 "$out$system/init"
        ln -s "$system" "$profiles/system-$number-link"
      done
      ln -s system-3-link "$profiles/system"
      eval "$files"
    '';
in
{
  # A directory for STATE with settings: "timeout = 1".
  conf =
    text:
    writeTextFile {
      name = "state";
      destination = "/shimboot.conf";
      inherit text;
    };

  # The file of an image.
  image =
    {
      # A directory for STATE.
      state,
      # Its file system, as for mkImage.
      stateType ? null,
      # What generation 3 does once it has said that it starts.
      broken ? "",
      # What else is done to the root's files, in $out.
      files ? "",
      # Free space in the root.
      room ? "12MiB",
      of ? board,
    }:
    vm.file (
      of.mkImage {
        root = [ { directory = root { inherit broken files; }; } ];
        size = "content+${room}";
        inherit state stateType;
      }
    );

  # changed IMAGE COMMANDS: a copy of it, $out, after the commands.
  changed =
    image: programs: commands:
    runCommand "changed.img" { nativeBuildInputs = programs; } ''
      cp --sparse=always ${image} "$out"
      chmod u+w "$out"
      ${commands}
    '';
}
