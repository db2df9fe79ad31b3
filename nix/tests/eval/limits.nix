# What a kernel lacks or refuses, row by row of modules/limits/rows.nix: refused or
# warned of where that is so, warned of where it is not known, and else taken.
{
  lib,
  forBoard,
  test,
  is,
  ...
}:
let
  rows = import ../../../modules/limits/rows.nix { inherit lib; };

  # The row's configuration on a kernel where all that the row is about is bad
  # (true), good (false) or not known (null), and all else is good.
  on =
    bad: row:
    let
      all = names: value: lib.genAttrs (names) (_: value);
      not = value: if value == null then null else !value;
      about = names: value: lib.genAttrs (row.${names} or [ ]) (_: value);
      others = attribute: lib.concatMap (r: r.${attribute} or [ ]) rows;
    in
    forBoard "dedede" [
      row.example
      {
        shimboot.kernelAbilities =
          all (others "needs") true // all (others "spoiledBy") false // about "needs" (not bad) // about "spoiledBy" bad;
        shimboot.kernelRules = all (others "barredBy") false // about "barredBy" bad;
      }
    ];
  # Whose messages they are.
  of = row: builtins.filter (lib.hasPrefix "${row.option}: the kernel of the board dedede ");
  said = row: system: [
    (builtins.length system.failed)
    (builtins.length (of row system.failed))
    (builtins.length system.config.warnings)
    (builtins.length (of row system.config.warnings))
  ];
  each = row: [
    (test "${row.option}, on a kernel that cannot" (is (if row.warns or false then [ 0 0 1 1 ] else [ 1 1 0 0 ]) (said row (on true row))))
    (test "${row.option}, on a kernel that may" (is [ 0 0 1 1 ] (said row (on null row))))
    (test "${row.option}, on a kernel that can" (is [ 0 0 0 0 ] (said row (on false row))))
  ];

  # The same, by what is known of boards.
  says = board: module: let system = forBoard board [ module ]; in {
    refused = map (lib.splitString ":") system.failed;
    warned = map (lib.splitString ":") system.config.warnings;
  };
  options = lib.mapAttrs (_: map builtins.head);
  docker.virtualisation.docker.enable = true;
  wireguard.networking.wg-quick.interfaces.wg0 = { };
  own = module: forBoard "dedede" [ module ];
in
lib.concatMap each rows
++ [
  (test "docker on 5.4 and on 5.15" (
    is
      [
        {
          refused = [ "virtualisation.docker.enable" ];
          warned = [ ];
        }
        {
          refused = [ ];
          warned = [ "virtualisation.docker.enable, with limits" ];
        }
      ]
      [
        (options (says "dedede" docker))
        (options (says "nissa" docker))
      ]
  ))
  (test "WireGuard on 5.4, there in user space, and on 5.15" (
    is [ [ "networking.wg-quick.interfaces" ] [ ] [ ] ] (
      map (s: (options s).refused) [
        (says "dedede" wireguard)
        (says "dedede" (lib.recursiveUpdate wireguard { systemd.services.wg-quick-wg0.path = [ { pname = "wireguard-go"; } ]; }))
        (says "nissa" wireguard)
      ]
    )
  ))
  (test "btrfs, as a list, as a set and of a file system" (
    is [ 1 1 1 0 0 ] (
      map (module: builtins.length (own module).failed) [
        { boot.supportedFilesystems = [ "btrfs" ]; }
        { boot.supportedFilesystems.btrfs = true; }
        {
          fileSystems."/home" = {
            device = "/dev/sda5";
            fsType = "btrfs";
          };
        }
        { boot.supportedFilesystems.btrfs = false; }
        # NixOS' own profiles, which are after the programs.
        {
          _file = "/nixpkgs/nixos/modules/profiles/base.nix";
          boot.supportedFilesystems = [ "btrfs" ];
        }
      ]
    )
  ))
  (test "Nix' sandbox follows the rule" (
    is [ "on" "off" "off" "on" "off" ] (
      map (system: system.config.shimboot.nixSandbox) [
        (forBoard "snappy" [ ])
        (forBoard "dedede" [ ])
        (forBoard "nissa" [ ])
        (own { shimboot.kernelRules.unsafeMounts = false; })
        (own { shimboot.kernelRules.unsafeMounts = null; })
      ]
    )
  ))
  (test "a task that hangs is no panic, unless it is said" (
    is [ 0 1 ] (
      map (system: system.config.boot.kernel.sysctl."kernel.hung_task_panic") [
        (own { })
        (own { boot.kernel.sysctl."kernel.hung_task_panic" = 1; })
      ]
    )
  ))
  (test "what the kernel lacks is off by itself" (
    is [ false false false ] [
      (own { }).config.networking.firewall.logRefusedConnections
      (own { }).config.networking.firewall.checkReversePath
      (own { }).config.systemd.oomd.enable
    ]
  ))
  (test "what the kernel has is left to NixOS" (
    is [ true true true ] (
      let
        rich = own {
          shimboot.kernelAbilities = {
            memoryController = true;
            rpfilter = true;
            xtLog = true;
          };
        };
      in
      [
        rich.config.networking.firewall.logRefusedConnections
        rich.config.networking.firewall.checkReversePath
        rich.config.systemd.oomd.enable
      ]
    )
  ))
  (test "a name that there is not" (
    is [ true true ] [
      (lib.hasInfix "has no btrfsroot. Remove it, or take one of: appArmor, " (
        toString (own { shimboot.kernelAbilities.btrfsroot = true; }).failed
      ))
      (lib.hasInfix "has no mounts. Remove it, or take one of: bpf, " (
        toString (own { shimboot.kernelRules.mounts = true; }).failed
      ))
    ]
  ))
]
