# A Chromebook without a person at it: reached over the network with a key,
# never with a password.
{ config, lib, ... }:
let
  keys = config.shimboot.headless.authorizedKeys;
in
{
  options.shimboot.headless.authorizedKeys = lib.mkOption {
    type = lib.types.listOf lib.types.singleLineStr;
    default = [ ];
    description = "Public SSH keys that may log in as root.";
    example = [ "ssh-ed25519 AAAAC3Nz… me" ];
  };

  config = {
    services.openssh = {
      enable = true;
      settings = {
        PasswordAuthentication = false;
        KbdInteractiveAuthentication = false;
        PermitRootLogin = "prohibit-password";
      };
    };
    users.users.root.openssh.authorizedKeys.keys = keys;
    networking.networkmanager.enable = lib.mkDefault true;
    # Nobody is there to see a screen, nor to open the lid.
    environment.etc."systemd/logind.conf.d/60-headless.conf".text = ''
      [Login]
      HandleLidSwitch=ignore
      HandleLidSwitchExternalPower=ignore
    '';

    assertions = [
      {
        assertion = keys != [ ];
        message = ''
          A headless Chromebook without a key has no way in. Set shimboot.headless.authorizedKeys.
        '';
      }
    ];
  };
}
