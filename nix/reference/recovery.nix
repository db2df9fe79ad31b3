# The reference board's recovery image: the same disk as the shim with a newer
# release on it, in a zip as Google ships it. Its KERN-A is for recovery mode,
# its KERN-B what a recovery would install.
{
  pkgs,
  kernel,
  kernelBlob,
  rootA,
  disk,
}:
let
  fileName = "chromeos_99999.0.0_qemu_recovery_stable-channel_mp.bin";
  blob =
    args:
    kernelBlob (
      args
      // {
        kernel = "${kernel}/bzImage";
        cmdline = ./recovery/cmdline.txt;
      }
    );
  raw = disk {
    name = "qemu-recovery";
    image = fileName;
    kernA = blob {
      name = "qemu-recovery-kern-a";
      key = "recovery_kernel";
    };
    kernB = blob {
      name = "qemu-recovery-kern-b";
      key = "kernel";
      verifyKey = "kernel_subkey";
    };
    rootA = rootA {
      name = "qemu-recovery";
      content = ./recovery;
      inherit kernel;
      # Modules of a recovery image fit its own kernel, not the shim's.
      release = "6.6.99-shimboot-qemu-recovery";
    };
    state = ./recovery/state;
  };
in
pkgs.runCommand "qemu-recovery-zip"
  {
    nativeBuildInputs = [ pkgs.zip ];
    inherit fileName;
    passthru = {
      inherit raw;
      image = "${fileName}.zip";
    };
  }
  ''
    # A copy, as the archive takes over the file's time.
    cp --sparse=always "${raw}/$fileName" .
    chmod 644 "$fileName"
    touch -d "@$SOURCE_DATE_EPOCH" "$fileName"
    mkdir "$out"
    zip -q -X "$out/$fileName.zip" "$fileName"
  ''
