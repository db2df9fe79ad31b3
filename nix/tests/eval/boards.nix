# Every board, with each profile: all of the configuration evaluates, nothing is
# refused, and the image is the board's.
{
  lib,
  boards,
  forBoard,
  test,
  is,
  ...
}:
let
  fetched = lib.filterAttrs (_: board: board.shim != null) boards;
  profiles = {
    bare = [ ];
    live = [ ../../../modules/profiles/live.nix ];
    headless = [
      ../../../modules/profiles/headless.nix
      { shimboot.headless.authorizedKeys = [ "ssh-ed25519 AAAA me" ]; }
    ];
    graphical = [ { services.displayManager.enable = true; } ];
    bubblewrap = [
      {
        shimboot.setuidBubblewrap = true;
        shimboot.nixSandbox = "without-user-namespaces";
      }
    ];
  };

  # All that modules/ gives values to.
  everything = config: {
    inherit (config)
      boot
      environment
      fileSystems
      hardware
      networking
      nix
      security
      services
      swapDevices
      systemd
      users
      zramSwap
      ;
    inherit (config.system)
      activationScripts
      checks
      stateVersion
      systemBuilderCommands
      ;
    image = config.system.build.shimbootImage.arguments;
  };

  tried =
    board: profile:
    test "${board.name}: ${profile}" (
      let
        it = forBoard board.name profiles.${profile};
        image = it.config.system.build.shimbootImage;
      in
      if it.failed != [ ] then
        "refused: ${lib.concatStringsSep " | " it.failed}"
      else
        builtins.seq (builtins.toJSON (everything it.config)) (
          is {
            name = "image-${board.name}";
            drivers = "drivers-${board.name}";
            shim = "shim-${board.name}.bin";
            recovery = if board.recovery == null then null else "recovery-${board.name}.zip";
            version = board.kernel.version;
          } {
            inherit (image) name;
            drivers = it.config.shimboot.build.drivers.name;
            shim = it.config.shimboot.build.shim.name;
            recovery = it.config.shimboot.build.drivers.arguments.recovery.name or null;
            inherit ((builtins.head image.arguments.checks).arguments) version;
          }
        )
    );

  # What is refused says what to do, also where nothing is refused.
  remedies =
    board:
    test "${board.name}: every refusal has a remedy" (
      is [ ] (
        builtins.filter (message: builtins.match ".*(Set|Remove|Use|Take|set) .*" (builtins.replaceStrings [ "\n" ] [ " " ] message) == null) (
          map (assertion: assertion.message) (forBoard board.name profiles.bubblewrap).config.assertions
        )
      )
    );
in
lib.concatMap (board: map (tried board) (builtins.attrNames profiles) ++ [ (remedies board) ]) (builtins.attrValues fetched)
