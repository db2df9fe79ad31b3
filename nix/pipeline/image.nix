# The disk image: $out/shimboot-<board>.img, image.json (the plan as it was
# carried out) and spec.json.
{
  lib,
  runCommand,
  writeText,
  tools,
  jq,
  dosfstools,
  mtools,
}:
{
  board,
  kernel,
  bootloader,
  shim,
  # What pipeline/drivers.nix makes, for what the kernel has built in.
  drivers ? null,
  # The root's name in the boot menu and in its partition's name.
  name ? "nixos",
  # What the root file system is made of: a list of gpt-pack sources, later
  # ones over earlier ones. A Nix closure, a tar archive, a directory:
  #   [ { closure = { storePaths, registration, system }; } ]
  #   [ { tar = ./root.tar; } { directory = ./extra; at = "etc"; } ]
  root,
  # Size of the root's partition, as in docs/image-spec.md.
  size ? "content+20%",
  # How much of it only root may fill, "5%" or "64MiB"; nothing if not given.
  reserved ? "0%",
  # Whether the root is to be encrypted at the first start (docs/bootloader.md):
  # leaves the room for it, and needs a bootloader with luks.
  luks ? false,
  # Files for the STATE partition, a directory.
  state ? null,
  # Its file system. The shim mounts it before a module can be loaded: if not
  # given it is vfat, which any computer can write to, where that is known to be
  # built in, else ext4.
  stateType ? null,
  # Refuse an image larger than this, such as "14GiB".
  maxSize ? null,
  fileName ? "shimboot-${board}.img",
  # Derivations that have to succeed first.
  checks ? [ ],
}:
let
  image = fileName;
  # What the shim looks for, and the files that the bootloader writes over in their
  # places: where they are made first, a power cut can spoil their neighbours.
  stateFiles = runCommand "state-${board}" { inherit board; } ''
    mkdir -p "$out/dev_image/etc" "$out/shimboot"
    echo "SHIMBOOT_BOARD=$board" > "$out/dev_image/etc/lsb-factory"
    for n in 0 1; do
      head -c 8192 /dev/zero | tr '\0' '\n' > "$out/shimboot/tries.$n"
    done
    for n in 1 2 3 4 5; do
      head -c 16384 /dev/zero | tr '\0' '\n' > "$out/shimboot/boot-$n.log"
    done
  '';
  spec = {
    schemaVersion = 1;
    # Store paths: any change of an input gives the image other GUIDs.
    seed = "${board} ${kernel} ${bootloader} ${builtins.toJSON root}";
    inherit board;
    partitions = [
      {
        name = "STATE";
        type = "linux-data";
        size = "1MiB";
        content.${if stateType == null then "vfat" else stateType} = {
          label = "STATE";
          sources = [ { directory = stateFiles; } ] ++ lib.optional (state != null) { directory = state; };
        };
      }
      {
        name = "KERN-A";
        type = "chromeos-kernel";
        size = "32MiB";
        priority = 10;
        tries = 5;
        successful = true;
        content.raw.path = "${kernel}/kernel.bin";
      }
      {
        name = "ROOT-A";
        type = "chromeos-rootfs";
        size = "32MiB";
        content.ext2 = {
          label = "ROOT-A";
          sources = [ { cpio = "${bootloader}/root-a.cpio"; } ];
        };
      }
      {
        name = "shimboot_rootfs:${name}";
        type = "linux-data";
        inherit size;
        room = lib.optionalString luks "32MiB";
        content.ext4 = {
          label = builtins.substring 0 16 name;
          inherit reserved;
          sources = root;
        };
      }
    ];
  };
in
runCommand "image-${board}"
  {
    nativeBuildInputs = [
      tools
      jq
      dosfstools
      mtools
    ];
    spec = writeText "image-${board}.json" (builtins.toJSON spec);
    inherit image checks;
    builtIn = lib.optionalString (drivers != null) "${drivers}/lib/modules";
    stateIsGiven = stateType != null;
    passthru = {
      inherit board image spec;
    };
  }
  ''
    mkdir "$out"
    # built_in MODULE…
    built_in() {
      for module; do
        [ -n "$builtIn" ] && grep -qx "kernel/fs/$module.ko" "$builtIn"/*/modules.builtin || return 1
      done
    }
    filter=.
    if [ -z "$stateIsGiven" ] && ! built_in fat/vfat nls/nls_cp437 nls/nls_iso8859-1; then
      echo "STATE is an ext4, as the shim's kernel is not known to have vfat built in" >&2
      filter='(.partitions[] | select(.name == "STATE").content) |= {ext4: .vfat}'
    fi
    jq "$filter" "$spec" > "$out/spec.json"
    gpt-pack build --spec "$out/spec.json" ${
      lib.optionalString (maxSize != null) "--max-size ${lib.escapeShellArg maxSize} "
    }--out "$out/$image" --json > "$out/image.json"
    gpt-pack verify --shim ${shim} "$out/$image"
  ''
