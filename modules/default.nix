# What a NixOS configuration needs to run on a Chromebook from a stick.
{
  imports = [ ./kernel.nix ];
}
