# The service that imports networks, as ../first-boot/services.nix has its own:
# `run FILE` is the command for a script of this folder, `firstBoot` the folder
# with stick.sh.
{ run, firstBoot }:
{
  description = "Wi-Fi networks from the STATE partition";
  wantedBy = [ "multi-user.target" ];
  before = [ "NetworkManager.service" ];
  after = [ "local-fs.target" ];
  environment.first_boot = firstBoot;
  restartIfChanged = false;
  serviceConfig = {
    Type = "oneshot";
    RemainAfterExit = true;
  };
  script = "${run "from-state.sh"} /run/NetworkManager/system-connections";
}
