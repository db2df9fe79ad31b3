# Our services as systemd judges them, and NetworkManager as it reads what they
# write: programs of the Debian root, run in it without a start.
{
  runCommand,
  bubblewrap,
  jq,
  python3,
  units,
  # The root's tar: nix/debian-root.
  stock,
}:
let
  run = file: "/bin/sh /${file}";
  firstBoot = import ../../../modules/first-boot/services.nix { inherit run; };
  ours = units {
    inherit (firstBoot) shimboot-register shimboot-grow;
    shimboot-success = import ../../../modules/success/service.nix { units = [ ]; };
    shimboot-wifi = import ../../../modules/wifi/service.nix {
      inherit run;
      firstBoot = "/";
    };
    # Its script is none that a unit file could hold.
    kill-frecon = import ../../../modules/kill-frecon.nix { units = [ "display-manager.service" ]; } // {
      script = run "kill-frecon";
    };
  };
  inRoot =
    name: programs: script:
    runCommand name { nativeBuildInputs = [ bubblewrap ] ++ programs; } ''
      mkdir root
      tar -xf ${stock} -C root --exclude ./dev --exclude dev
      mkdir -p root/proc root/dev root/tmp root/run root/mnt
      ${script}
      touch "$out"
    '';
in
{
  # No service may do more than is written down; one that does less is to be
  # written down too.
  services-are-confined = inRoot "services-are-confined" [ ] ''
    sh ${./services/check.sh} root ${ours}/etc/systemd/system ${./services/exposure}
  '';

  # Every field of wifi-credentials.json, with every control character.
  wifi-fields-reach-networkmanager = inRoot "wifi-fields-reach-networkmanager" [ jq python3 ] ''
    cp -r ${../../../modules/wifi} scripts
    cp ${./wifi}/property.py ${./wifi}/nmcli.sh ${./wifi}/secret.sh .
    python3 property.py "$PWD/scripts/import.sh" "$PWD/root"
  '';
}
