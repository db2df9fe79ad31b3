# A shim's kernel does not wake up again: closing the lid locks instead. There
# is no option for it, as nobody has seen a board where it works.
{
  config,
  lib,
  ...
}:
{
  config = {
    systemd.targets = lib.genAttrs [
      "sleep"
      "suspend"
      "hibernate"
      "hybrid-sleep"
      "suspend-then-hibernate"
    ] (_: { enable = false; });

    environment.etc."systemd/logind.conf.d/50-shimboot.conf".text = ''
      [Login]
      HandleLidSwitch=lock
      HandleLidSwitchExternalPower=lock
      HandleLidSwitchDocked=ignore
      HandleSuspendKey=lock
      HandleHibernateKey=ignore
    '';
  };
}
