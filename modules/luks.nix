# An encrypted root. It is encrypted on the Chromebook, at the first start and
# before anything was started from it: so its passphrase is in no store and no
# build, and each stick made from one image has a key of its own.
{ lib, ... }:
{
  options.shimboot.luks = lib.mkOption {
    type = lib.types.bool;
    default = false;
    description = ''
      Whether the root is encrypted with LUKS2. The bootloader asks for a new passphrase at the first start, encrypts the root where
      it lies, and asks for it at each start from then on: docs/bootloader.md. Its kernel has to have dm-crypt and AES-XTS, as
      ChromeOS' kernels do.
    '';
    example = true;
  };
}
