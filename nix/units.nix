# Services in the shape of NixOS' systemd.services as unit files, to lay over a
# root that is not NixOS: modules/*/service.nix have some. Programs are the
# root's own, so `path` is left out.
#
#   units { shimboot-grow = { description = …; script = …; }; }
{ lib, runCommand }:
services:
let
  text = value: if builtins.isBool value then (if value then "yes" else "no") else toString value;
  # A setting that is a list has a line for each.
  lines = key: value: map (v: "${key}=${text v}") (if builtins.isList value then value else [ value ]);
  section = name: settings: [ "[${name}]" ] ++ builtins.concatLists (lib.mapAttrsToList lines settings);

  unit =
    service:
    builtins.concatStringsSep "\n" (
      section "Unit" (
        {
          Description = service.description;
          After = service.after or [ ];
          Before = service.before or [ ];
          Conflicts = service.conflicts or [ ];
          Requires = service.requires or [ ];
        }
        // service.unitConfig or { }
      )
      ++ section "Service" (
        {
          Environment = lib.mapAttrsToList (key: value: "${key}=${value}") (service.environment or { });
        }
        // service.serviceConfig or { }
        // (if service ? script then { ExecStart = service.script; } else { })
      )
      ++ [ "" ]
    );
  install =
    name: service:
    builtins.concatStringsSep "\n" (
      [ "printf %s ${lib.escapeShellArg (unit service)} >${name}.service" ]
      ++ map (target: "mkdir -p ${target}.wants; ln -s ../${name}.service ${target}.wants/") service.wantedBy
    );
in
runCommand "units" { } ''
  mkdir -p "$out/etc/systemd/system"
  cd "$out/etc/systemd/system"
  ${builtins.concatStringsSep "\n" (lib.mapAttrsToList install services)}
''
