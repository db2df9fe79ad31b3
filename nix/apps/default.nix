# What `nix run .#NAME` starts.
{
  lib,
  writeTextFile,
  tools,
}:
let
  app =
    name: file:
    writeTextFile {
      name = "shimboot-${name}";
      executable = true;
      destination = "/bin/shimboot-${name}";
      text = ''
        #!/bin/sh
        PATH=${lib.makeBinPath [ tools ]}:$PATH
        library=${./.}
        export PATH library
        exec sh ${file} "$@"
      '';
    };
in
{
  flash = app "flash" ./flash.sh;
  inspect = app "inspect" ./inspect.sh;
}
