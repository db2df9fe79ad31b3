# What modules/ makes of a configuration, and what a user may change.
{
  lib,
  forBoard,
  system,
  test,
  is,
  ...
}:
let
  dedede = modules: (forBoard "dedede" modules).config;
  nissa = modules: (forBoard "nissa" modules).config;
  headless = dedede [
    ../../../modules/profiles/headless.nix
    { shimboot.headless.authorizedKeys = [ "ssh-ed25519 AAAA me" ]; }
  ];
  bare = dedede [ ];
  image = config: config.system.build.shimbootImage.arguments;
in
[
  (test "no kernel, initrd or loader but ours" (is [ false false false true ] [
    bare.boot.kernel.enable
    bare.boot.initrd.enable
    bare.boot.loader.grub.enable
    bare.boot.loader.external.enable
  ]))
  (test "drivers are part of the generation" (
    is true (lib.hasInfix "ln -s /nix/store/drivers-dedede $out/kernel-modules" bare.system.systemBuilderCommands)
  ))
  (test "without drivers nothing is harvested" (is "" (dedede [ { shimboot.drivers.enable = false; } ]).system.systemBuilderCommands))
  (test "our firmware comes before others'" (is [ "/nix/store/drivers-dedede" "linux-firmware" ] (
    map toString (dedede [ { hardware.firmware = [ "linux-firmware" ]; } ]).hardware.firmware.list
  )))
  (test "firmware is not compressed" (is "none" bare.hardware.firmwareCompression))
  (test "modules to load reach systemd" (is "i915\nloop\n" (
    (dedede [ { boot.kernelModules = [ "i915" ]; } ]).environment.etc."modules-load.d/shimboot.conf".text
  )))
  (test "a board's quirk reaches modprobe" (is true (lib.hasInfix "disable_11ax=1" (nissa [ ]).boot.extraModprobeConfig)))
  (test "a rebuild needs no shim" (is [ "systemd-is-patched" ] (map (c: c.name) bare.system.checks)))
  (test "the systemd is patched" (is 1 (builtins.length bare.systemd.package.patches)))
  (test "a systemd of one's own" (is "mine" (dedede [
    {
      shimboot.systemd.package = {
        type = "derivation";
        name = "mine";
        outPath = "/nix/store/mine";
        version = "257.1";
      };
    }
  ]).systemd.package.name))

  (test "no match in the firewall that the kernel lacks" (is [ false "loose" ] [
    bare.networking.firewall.checkReversePath
    (dedede [ { networking.firewall.checkReversePath = "loose"; } ]).networking.firewall.checkReversePath
  ]))
  (test "iptables legacy, unless it is said" (is [ "iptables-legacy" "iptables" ] [
    bare.networking.firewall.package.name
    (dedede [ { shimboot.iptablesLegacy = false; } ]).networking.firewall.package
  ]))
  (test "no rule that the oldest kernels cannot do" (is [ "iptables-legacy" "iptables-legacy-without-pkttype" ] [
    bare.networking.firewall.package.name
    (forBoard "snappy" [ ]).config.networking.firewall.package.name
  ]))
  (test "defaults give way" (is [ "zstd" "relaxed" ] [
    (dedede [ { zramSwap.algorithm = "zstd"; } ]).zramSwap.algorithm
    (dedede [ { nix.settings.sandbox = "relaxed"; } ]).nix.settings.sandbox
  ]))
  (test "the sandbox is off, unless it is said" (is [ false true ] [
    bare.nix.settings.sandbox
    (dedede [ { shimboot.nixSandbox = "without-user-namespaces"; } ]).nix.settings.sandbox
  ]))
  (test "success is multi-user.target, and what is asked for beside" (is [ [ ] [ "sshd.service" ] [ "multi-user.target" "sshd.service" ] ] [
    bare.systemd.services.shimboot-success.requires
    (dedede [ { shimboot.success.units = [ "sshd.service" ]; } ]).systemd.services.shimboot-success.requires
    (dedede [ { shimboot.success.units = [ "sshd.service" ]; } ]).systemd.services.shimboot-success.after
  ]))
  (test "the lid locks" (is true (lib.hasInfix "HandleLidSwitch=lock" bare.environment.etc."systemd/logind.conf.d/50-shimboot.conf".text)))
  (test "nothing sleeps" (is false bare.systemd.targets.suspend.enable))
  (test "frecon goes before what draws, and only then" (is [ false "display-manager.service" "cage-tty1.service" "" "phosh.service" "mine.service" ] (
    [ (bare.systemd.services ? kill-frecon) ]
    ++ map (module: toString (dedede [ module ]).systemd.services.kill-frecon.before) [
      { services.displayManager.enable = true; }
      { services.cage.enable = true; }
      { services.kmscon.enable = true; }
      { services.xserver.desktopManager.phosh.enable = true; }
      { shimboot.console.screenUnits = [ "mine.service" ]; }
    ]
  )))
  # systemd makes kmsconvt@kill-frecon.service of a template in Before=.
  (test "where a template draws, its instances wait" (is [ "kmsconvt@.service" "kill-frecon.service" ] (
    let
      services = (dedede [ { services.kmscon.enable = true; } ]).systemd.services;
    in
    map toString [
      services.kill-frecon.wantedBy
      services."kmsconvt@".after
    ]
  )))
  (test "one login where the console is a serial line" (
    is "/dev/console" bare.systemd.services.console-getty.unitConfig.ConditionPathIsMountPoint
  ))
  (test "a console's login where nothing is graphical" (is [ true false ] [
    bare.systemd.services.console-getty.enable
    (dedede [ { services.displayManager.enable = true; } ]).systemd.services.console-getty.enable
  ]))

  (test "no ssh, no users, no passwords by default" (is [ false { } ] [
    bare.services.openssh.enable
    bare.users.users
  ]))
  (test "headless: keys only" (is [ true false "prohibit-password" [ "ssh-ed25519 AAAA me" ] ] [
    headless.services.openssh.enable
    headless.services.openssh.settings.PasswordAuthentication
    headless.services.openssh.settings.PermitRootLogin
    headless.users.users.root.openssh.authorizedKeys.keys
  ]))
  (test "credentials are imported with NetworkManager, before it starts" (is [ false [ "NetworkManager.service" ] ] [
    (bare.systemd.services ? shimboot-wifi)
    (dedede [ { networking.networkmanager.enable = true; } ]).systemd.services.shimboot-wifi.before
  ]))

  (test "the image's options reach it" (is
    {
      name = "work";
      fileName = "classroom.img";
      size = "12GiB";
      maxSize = "14GiB";
    }
    (
      builtins.intersectAttrs
        {
          name = 0;
          fileName = 0;
          size = 0;
          maxSize = 0;
        }
        (image (dedede [
          {
            shimboot.image = {
              rootName = "work";
              fileName = "classroom.img";
              size = "12GiB";
              maxSize = "14GiB";
            };
          }
        ]))
    )
  ))
  (test "the root is what was started, and what finds it is there" (is [ "/dev/shimboot-root" true ] [
    (dedede [ { shimboot.image.rootName = "work"; } ]).fileSystems."/".device
    (lib.hasInfix "link-root.sh" bare.system.activationScripts.shimboot-root.text)
  ]))
  # What they may do is judged in nix/tests/checks/services.nix: none is left out
  # there. The other two are NixOS' own, and only switched on.
  (test "every service is confined" (
    is
      (
        [
          "console-getty"
          "systemd-modules-load"
        ]
        ++ map (line: builtins.head (lib.splitString " " line)) (
          lib.splitString "\n" (lib.removeSuffix "\n" (builtins.readFile ../checks/services/exposure))
        )
      )
      (
        let
          services =
            (dedede [ { networking.networkmanager.enable = true; } ]).systemd.services
            // (dedede [ { services.displayManager.enable = true; } ]).systemd.services;
          confined = name: services.${name}.serviceConfig.NoNewPrivileges or false;
          grouped = builtins.partition confined (builtins.attrNames services);
        in
        grouped.wrong ++ grouped.right
      )
  ))
  (test "services that run sh have one" (is true (
    builtins.elem "bash" (
      map (package: package.name or "")
        (dedede [ { networking.networkmanager.enable = true; } ]).systemd.services.shimboot-wifi.path
    )
  )))
  (test "two boards, two images" (is [ "dedede" "nissa" ] [
    (image bare).board
    (image (nissa [ ])).board
  ]))
  (test "a shim of one's own wins over the board's" (
    is (toString ./default.nix) (toString (dedede [ { shimboot.shim = ./default.nix; } ]).shimboot.build.shim)
  ))
  (test "a custom board has no recovery image unless it is given" (is [ null true ] [
    (system { modules = [ { shimboot.shim = ./default.nix; } ]; }).config.shimboot.build.drivers.arguments.recovery
    ((system {
      modules = [
        {
          shimboot.shim = ./default.nix;
          shimboot.recovery = ./default.nix;
        }
      ];
    }).config.shimboot.build.drivers.arguments.recovery != null)
  ]))
  (test "no recovery image where it is not wanted" (
    is null (dedede [ { shimboot.firmware.fromRecovery = false; } ]).shimboot.build.drivers.arguments.recovery
  ))
]
