# kern-unpack on the reference kernel, linked again with each compression of
# the kernel (payload) and of the initramfs in it, and on an ARM64 one. Every
# output is held against what the kernel's own build made, and against what
# other programs read there.
{
  runCommand,
  lib,
  tools,
  dtc,
  jq,
  lz4,
  lzop,
  qemu,
  vboot_reference,
  zstd,
  reference,
}:
let
  inherit (reference) initramfs link kernelBlob;
  boards = import ../../boards { inherit lib; };

  blob =
    name: kernel:
    kernelBlob {
      inherit name;
      kernel = "${kernel}/bzImage";
      cmdline = ../../reference/shim/cmdline.txt;
      key = "installer_kernel";
    };

  programs = [
    dtc
    jq
    lz4
    lzop
    qemu
    tools
    vboot_reference
    zstd
  ];

  unpacked =
    {
      payload,
      inside,
      config ? { },
    }:
    let
      kernel = link {
        inherit initramfs config;
        payloadCompression = payload;
        initramfsCompression = inside;
      };
      name = "kernel-${payload}-${inside}";
      signed = blob name kernel;
    in
    runCommand name { nativeBuildInputs = programs; } ''
      kern-unpack extract --require-shim --out out ${signed}
      field() { jq -er "$1" out/kernel.json; }
      [ "$(field .payload.compression)" = ${payload} ]
      [ "$(field .initramfs.compression)" = ${inside} ]
      cmp out/initramfs.cpio ${initramfs}

      # The embedded configuration, where there is one.
      if grep -qx CONFIG_IKCONFIG=y ${kernel}/config; then
        cmp out/kernel.config ${kernel}/config
      else
        [ ! -e out/kernel.config ]
      fi

      # The offsets are right for programs that know nothing of kernels.
      unpack() {
        case $1 in
          none) cat ;;
          lzo) lzop -dc ;;
          lzma) xz --format=lzma -dc ;;
          zstd) zstd -dc ;;
          *) "$1" -dc ;;
        esac
      }
      at=$(($(field .vboot.bodyOffset) + $(field .payload.offset)))
      # Kbuild leaves the length behind the stream: not the programs' matter.
      tail -c "+$((at + 1))" out/kernel.bin | head -c "$(field .payload.size)" |
        unpack ${payload} > vmlinux 2> complaints || cat complaints
      cmp vmlinux ${kernel}/vmlinux
      tail -c "+$(($(field .initramfs.offset) + 1))" vmlinux | head -c "$(field .initramfs.size)" |
        unpack ${inside} | cmp - ${initramfs}

      # What it tells of the kernel's rules stands where it says, and so do the
      # lines of the configuration.
      field '.rules[], .abilities[] | .evidence' > evidence
      sed -n 's/^"\([^"]*\)" at \(0x[0-9a-f]*\).*/\2 \1/p' evidence > texts
      [ "$(wc -l < texts)" -ge 3 ]
      while read -r at text; do
        [ "$(tail -c "+$((at + 1))" vmlinux | head -c "''${#text}")" = "$text" ]
      done < texts
      [ "$(field .rules.symlinkMounts.answer)" = yes ]
      if [ -e out/kernel.config ]; then
        grep -E '^(CONFIG_|# CONFIG_)' evidence > lines
        [ "$(wc -l < lines)" -ge 5 ]
        while read -r line; do grep -qxF "$line" ${kernel}/config; done < lines
      fi

      # What the firmware's own tool takes out is the same kernel, …
      vbutil_kernel --get-vmlinuz ${signed} --vmlinuz-out theirs
      cmp out/vmlinuz theirs
      # … which starts, and finds its initramfs.
      timeout 180 qemu-system-x86_64 -M q35 -m 512 -nographic -no-reboot -nic none \
        -kernel out/vmlinuz -append console=ttyS0 < /dev/null | tee console.log
      grep -F "no kern_guid= on the kernel command line" console.log
      cp out/kernel.json "$out"
    '';

  # Where no initramfs was given, Kbuild's own of three entries is in the
  # kernel; beside decoys, it is still no shim's.
  without =
    let
      kernel = link {
        initramfs = null;
        config = {
          IKCONFIG = "y";
          IKHEADERS = "y";
        };
      };
    in
    runCommand "kernel-without-initramfs" { nativeBuildInputs = programs; } ''
      kern-unpack extract --out out ${blob "kernel-without-initramfs" kernel}
      jq -e '.initramfs.default and .initramfs.entries == 3' out/kernel.json
      jq -e '.bootable.ok | not' out/kernel.json
      jq -er '.bootable.reasons[]' out/kernel.json | grep initramfs
      cmp out/kernel.config ${kernel}/config
      touch "$out"
    '';

  arm64 = runCommand "kernel-arm64" { nativeBuildInputs = programs; } ''
    kern-unpack extract --require-shim --out out ${reference.arm64.blob}
    cmp out/kernel.fit ${reference.arm64.fit}
    cmp out/initramfs.cpio ${initramfs}
    cmp out/kernel.config ${reference.arm64.image}/config
    [ "$(jq -r .arch out/kernel.json)" = aarch64 ]

    # fdtget reads the same in the FIT.
    [ "$(fdtget out/kernel.fit /images/kernel-1 compression)" = "$(jq -r .payload.compression out/kernel.json)" ]
    at=$(($(jq .vboot.bodyOffset out/kernel.json) + $(jq .payload.offset out/kernel.json)))
    tail -c "+$((at + 1))" out/kernel.bin | head -c "$(jq .payload.size out/kernel.json)" | lz4 -dc |
      cmp - ${reference.arm64.image}/Image
    cp out/kernel.json "$out"
  '';

  # No richer than ChromeOS' own, and no poorer than is said there.
  poor = runCommand "reference-kernel-is-poor" { } ''
    wrong=0
    while read -r symbol value lacks; do
      case $symbol in "" | "#") continue ;; esac
      got=$(sed -n "s/^CONFIG_$symbol=//p" ${reference.kernel}/config)
      [ "''${got:-n}" != "$value" ] || continue
      [ "$lacks" != lacks ] || [ "$got" ] || continue
      echo "CONFIG_$symbol is ''${got:-n}, and ChromeOS' is $value" >&2
      wrong=$((wrong + 1))
    done < ${../../reference/chromeos.txt}
    [ "$wrong" = 0 ]
    touch "$out"
  '';

  # Of each kind's shim what it refuses is told, as nix/boards has it of the kind, and in
  # words.
  kindsAreTold =
    let
      pinning = {
        "2016" = "own";
        "2020" = "loadpin";
        "2022" = "loadpin";
        new = "loadpin";
      };
      told = kind: shim: ''
        kern-unpack extract --out ${kind} ${shim}/${shim.image}
        jq -r --arg board ${kind} --slurpfile expected ${builtins.toFile "rules-of-${kind}" (
          builtins.toJSON {
            abilities = { };
            rules = lib.filterAttrs (_: known: known != null) (boards.traitsOf { version = "6.1"; inherit kind; }).rules;
            relied = [ ];
          }
        )} -f ${../../pipeline/kernel-traits.jq} ${kind}/kernel.json > differs
        if [ -s differs ]; then cat differs; exit 1; fi
        [ "$(jq -r .rules.pinning.answer ${kind}/kernel.json)" = ${pinning.${kind}} ]
        kern-unpack info ${shim}/${shim.image} > ${kind}.txt
        for words in "mount through a symlink" "mounts of users" "programs in a tmpfs" "- bpf(2)" "of type overlay"; do
          grep -oF -e "$words" ${kind}.txt || true
        done | sort > ${kind}.words
      '';
    in
    runCommand "kinds-are-told" { nativeBuildInputs = programs; } ''
      ${builtins.concatStringsSep "\n" (builtins.attrValues (builtins.mapAttrs told reference.shims))}
      cat *.txt
      [ "$(cat 2016.words | wc -l) $(cat 2020.words | wc -l) $(cat 2022.words | wc -l) $(cat new.words | wc -l)" = "1 2 5 0" ]
      grep -F "this shim cannot boot" 2022.txt
      # Without the word, but of an age that should have it.
      [ "$(jq -r .abilities.cgroup2.answer 2016/kernel.json) $(jq -r .abilities.cgroup2.answer 2020/kernel.json)" = "unknown yes" ]
      if grep -F "this shim cannot boot" 2016.txt 2020.txt new.txt; then exit 1; fi
      touch "$out"
    '';

  named = variant: lib.nameValuePair "kernel-${variant.payload}-${variant.inside}" (unpacked variant);
in
{
  # Those that are met most, with an embedded configuration and the kernel's
  # headers in front of them: a gzip and an xz stream to be led astray by.
  checks =
    {
      kinds-are-told = kindsAreTold;
      reference-kernel-is-poor = poor;
    }
    // builtins.listToAttrs (
      map named [
        {
          payload = "lz4";
          inside = "none";
          config.IKCONFIG = "y";
        }
        {
          payload = "zstd";
          inside = "xz";
          config = {
            IKCONFIG = "y";
            IKHEADERS = "y";
          };
        }
      ]
    );

  # The others: make test-all.
  slowChecks =
    {
      kernel-arm64 = arm64;
      kernel-without-initramfs = without;
    }
    // builtins.listToAttrs (
      map named [
        {
          payload = "gzip";
          inside = "gzip";
          config.IKHEADERS = "y";
        }
        {
          payload = "bzip2";
          inside = "bzip2";
        }
        {
          payload = "lzma";
          inside = "lzma";
        }
        {
          payload = "xz";
          inside = "lz4";
          config.IKHEADERS = "y";
        }
        {
          payload = "lzo";
          inside = "lzo";
        }
        {
          payload = "zstd";
          inside = "zstd";
        }
      ]
    );
}
