# The firewall, on kernels whose nf_tables cannot carry it.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot.iptablesLegacy;
in
{
  options.shimboot.iptablesLegacy = lib.mkOption {
    type = lib.types.bool;
    default = config.shimboot.facts.iptablesLegacy;
    defaultText = lib.literalMD "whether the board's kernel is older than 5.10, or known to need it";
    description = ''
      Whether the firewall uses iptables' legacy backend. The other one needs expressions of nf_tables that older ChromeOS kernels do
      not have.
    '';
    example = true;
  };

  config = lib.mkMerge [
    {
      # ChromeOS kernels have this match for IPv6 alone, and without it for both
      # the firewall does not start. NixOS asks its own kernel.
      networking.firewall.checkReversePath = lib.mkDefault false;
    }
    (lib.mkIf cfg {
      networking.firewall.package = lib.mkDefault pkgs.iptables-legacy;
      assertions = [
        {
          assertion = !config.networking.nftables.enable;
          message = ''
            The kernel of the board ${config.shimboot.facts.name} cannot run the nftables firewall. Set
            networking.nftables.enable = false, or shimboot.iptablesLegacy = false if you know better.
          '';
        }
      ];
    })
  ];
}
