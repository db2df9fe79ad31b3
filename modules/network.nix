# The firewall, with the one of iptables' backends that ChromeOS' kernels have. What
# else of it they lack is in limits/.
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

  config = lib.mkIf cfg { networking.firewall.package = lib.mkDefault pkgs.iptables-legacy; };
}
