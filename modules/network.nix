# The firewall, with what ChromeOS' kernels have for it. Of their configurations
# those of 5.4 and 5.15 were read.
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
    default = true;
    description = ''
      Whether the firewall uses iptables' legacy backend. The other one needs nf_tables, which ChromeOS' kernels do not have.
    '';
    example = false;
  };

  config = lib.mkMerge [
    {
      # They have the rpfilter match for IPv6 alone, and where a rule is refused the
      # firewall does not start. NixOS asks its own kernel.
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
