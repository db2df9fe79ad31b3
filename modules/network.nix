# The firewall, with the one of iptables' backends that ChromeOS' kernels have, and
# without a rule of NixOS' that the oldest cannot do. What else of it they lack is in
# limits/.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot.iptablesLegacy;
  legacy = pkgs.iptables-legacy;

  # NixOS' firewall has a rule with -m pkttype, whatever it is asked for. It decides who
  # is told of in the log; where no packet is, as on these kernels (limits/rows.nix), the
  # next one does the same with all that come to it.
  withoutPkttype =
    pkgs.runCommand "iptables-legacy-without-pkttype" { passthru.withoutPkttype = true; } ''
      mkdir -p "$out/bin"
      ln -s ${legacy}/bin/* "$out/bin"
      for program in iptables ip6tables; do
        rm "$out/bin/$program"
        cat > "$out/bin/$program" <<END
      #!${pkgs.runtimeShell}
      case "\$*" in *"-A nixos-fw-log-refuse -m pkttype "*) exit 0 ;; esac
      exec ${legacy}/bin/$program "\$@"
      END
        chmod 755 "$out/bin/$program"
      done
    '';
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

  config = lib.mkIf cfg {
    networking.firewall.package = lib.mkDefault (
      if config.shimboot.kernelAbilities.xtPkttype == true then legacy else withoutPkttype
    );
  };
}
