# Wi-Fi from the stick itself: wifi-credentials.json on STATE becomes
# connections of NetworkManager's at each start. Neither the build nor the
# Nix store sees it:
#
#   gpt-pack put image wifi-credentials.json
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot.wifi;
  scripts = pkgs.runCommand "shimboot-wifi" { } ''
    mkdir "$out"
    cp ${./from-state.sh} "$out/from-state.sh"
    cp ${./import.sh} "$out/import.sh"
    cp ${./keyfiles.jq} "$out/keyfiles.jq"
    cp ${../first-boot/stick.sh} "$out/stick.sh"
  '';
in
{
  options.shimboot.wifi.importCredentials = lib.mkOption {
    type = lib.types.bool;
    default = config.networking.networkmanager.enable;
    defaultText = lib.literalExpression "config.networking.networkmanager.enable";
    description = ''
      Whether wifi-credentials.json on the STATE partition becomes connections of NetworkManager. It holds one object or a list:
      `{ "ssid": "home", "psk": "…" }`; docs/nixos.md has all fields. Taken off the partition, its networks are gone after the next
      start.
    '';
    example = false;
  };

  config = lib.mkIf cfg.importCredentials {
    systemd.services.shimboot-wifi =
      import ./service.nix {
        run = file: "exec ${pkgs.runtimeShell} ${scripts}/${file}";
        firstBoot = "${scripts}";
      }
      // {
        path = map (name: pkgs.${name}) (import ../programs.nix).services.shimboot-wifi;
      };

    assertions = [
      {
        assertion = config.networking.networkmanager.enable;
        message = ''
          The networks of wifi-credentials.json are NetworkManager's. Set networking.networkmanager.enable = true, or
          shimboot.wifi.importCredentials = false.
        '';
      }
    ];
  };
}
