{
  description = "The part of nixpkgs that shimboot uses, made from Debian's packages";

  outputs =
    { self }:
    {
      lib = import ./lib.nix;
      legacyPackages.x86_64-linux = import ./. { };
    };
}
