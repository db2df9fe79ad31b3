# An image whose root is a Nix closure, as NixOS' is: judged by debugfs, and
# booted. The system in it is a busybox with an init, built by Nix like any
# other, so that its paths refer to each other as Nix says they do.
{
  runCommand,
  writeText,
  closureInfo,
  e2fsprogs,
  vboot_reference,
  busybox,
  vm,
  board,
}:
let
  # The program itself, whatever links there are to it.
  shell = runCommand "shell" { inherit busybox; } ''
    mkdir -p "$out/bin"
    cp -L "$busybox/bin/busybox" "$out/bin/busybox"
    ln -s busybox "$out/bin/sh"
  '';

  # Paths of the kinds that a store has: a file, a link, a directory.
  release = writeText "os-release" "PRETTY_NAME=\"A closure\"\n";
  link = runCommand "link" { inherit release; } ''ln -s "$release" "$out"'';
  system =
    runCommand "nixos-system-test" { inherit shell link; } ''
      mkdir -p "$out/etc" "$out/empty" "$out/many"
      ln -s "$link" "$out/etc/os-release"
      ln -s "$shell" "$out/sw"
      echo 26.05.test > "$out/nixos-version"
      seq 100000 > "$out/large"
      ln "$out/large" "$out/linked"
      (cd "$out/many" && seq -f 'ä name of some length %g' 500 | tr '\n' '\0' | xargs -0 touch)
      {
        echo "#!$shell/bin/sh"
        echo "echo test: init of the closure runs"
        echo "/run/shimboot/shimboot/boot-success && exec $shell/bin/busybox sleep 1000"
      } > "$out/init"
      chmod 755 "$out/init"
    '';

  closure = closureInfo { rootPaths = [ system ]; };
  image = board.mkImage {
    size = "content+8MiB";
    reserved = "2%";
    # As of a kernel that has its vfat as a module: STATE is an ext4 then.
    drivers = runCommand "vfat-is-a-module" { } ''
      mkdir -p "$out/lib/modules/6.1"
      echo kernel/fs/ext4/ext4.ko > "$out/lib/modules/6.1/modules.builtin"
    '';
    root = [
      {
        closure = {
          storePaths = "${closure}/store-paths";
          registration = "${closure}/registration";
          system = "${system}";
        };
      }
    ];
  };
in
{
  closure-in-image =
    runCommand "closure-in-image"
      {
        nativeBuildInputs = [
          e2fsprogs
          vboot_reference
        ];
        inherit closure;
        toplevel = system;
        # For nix/tests/oracles/register, where Nix itself judges it.
        passthru = { inherit image closure; };
      }
      ''
        sh ${./closure/check.sh} ${vm.file image} "$closure" "$toplevel"
        touch "$out"
      '';

  # The bootloader finds its first generation, and the kernel its init; what is
  # noted of it goes to a STATE that is an ext4.
  closure-boots = vm.boot {
    name = "closure-boots";
    inherit image;
    expect = "^shimboot: success of [0-9a-f-]{36} 1 is noted";
    contains = [
      "generation 1  26.05.test"
      "test: init of the closure runs"
    ];
  };
}
