# The reference image on a stick that was used before, by gpt-pack flash: what
# firmware and others say of it, and whether it boots.
{
  runCommand,
  tools,
  gptfdisk,
  e2fsprogs,
  vboot_reference,
  zstd,
  vm,
  image,
  shim,
}:
let
  # Larger than the image, with another system's tables at both ends and with
  # data everywhere.
  stick =
    runCommand "flashed-stick"
      {
        nativeBuildInputs = [
          e2fsprogs
          gptfdisk
          tools
          vboot_reference
          zstd
        ];
        passthru.image = "stick.img";
      }
      ''
        yes "what was on the stick before" | head -c 400M > used
        sgdisk --clear --new 1:0:+100M --new 2:0:0 --typecode 2:8300 used
        cp used from-zst
        gpt-pack flash ${vm.file image} used | tee said
        grep "read back" said
        zstd -q -1 ${vm.file image} -o image.zst
        gpt-pack flash image.zst from-zst
        cmp used from-zst
        rm from-zst

        gpt-pack verify --shim ${shim} used
        sgdisk --verify used | tee log
        grep "No problems found" log
        # cgpt is vboot's own code; it tells of a table that it had to mend.
        cgpt show used > log 2>&1
        cat log
        ! grep -iE 'invalid|error|warning' log
        [ "$(cgpt find -t kernel used)" = used2 ]
        e2fsck -fn "used?offset=$(($(cgpt show -i 4 -b used) * 512))"
        mkdir "$out"
        mv used "$out/stick.img"
      '';
in
{
  flashed-stick-boots = vm.boot {
    name = "flashed-stick-boots";
    image = stick;
    expect = "^boot-report: running";
    contains = [ "refused mounts: 0" ];
  };
}
