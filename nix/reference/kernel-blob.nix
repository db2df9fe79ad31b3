# A kernel partition's content: kernel and command line, signed with vboot's
# public developer keys, and verified as the firmware would.
{ pkgs }:
{
  name,
  # bzImage
  kernel,
  # One line; %U is the partition's GUID, put in by the firmware.
  cmdline,
  # KEY.keyblock, KEY_data_key.vbprivk and the key that the firmware checks
  # the keyblock with: recovery_key in recovery mode, kernel_subkey otherwise.
  key,
  verifyKey ? "recovery_key",
}:
pkgs.runCommand "${name}.vboot"
  {
    nativeBuildInputs = [ pkgs.vboot_reference ];
    keys = "${pkgs.vboot_reference}/share/vboot/devkeys";
    inherit key verifyKey;
  }
  ''
    tr -d '\n' < ${cmdline} > cmdline
    # The firmware jumps into the kernel itself; the stub is only expected to
    # look like an EFI program.
    { printf MZ; head -c 8190 /dev/zero; } > stub
    vbutil_kernel --pack "$out" --keyblock "$keys/$key.keyblock" --signprivate "$keys/''${key}_data_key.vbprivk" \
      --version 1 --config cmdline --bootloader stub --vmlinuz ${kernel} --arch x86_64
    vbutil_kernel --verify "$out" --signpubkey "$keys/$verifyKey.vbpubk"
  ''
