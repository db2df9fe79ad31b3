# docs/boards.md, from the boards' files (`make docs` writes it).
{ lib, boards }:
let
  row = cells: "| ${builtins.concatStringsSep " | " cells} |\n";
  orDash = text: if text == null || text == "" then "–" else toString text;

  boardRow =
    board:
    row [
      board.name
      board.arch
      (orDash board.kernel.version)
      (if board.systemd.max == null then "any" else "≤ ${toString board.systemd.max}")
      (if board.recovery == null then "–" else board.recovery.version)
      "${board.status.level}, ${board.status.date}"
    ];

  reported = builtins.filter (board: board.reports != { }) (builtins.attrValues boards);
  features = [
    "x11"
    "wifi"
    "speakers"
    "touchscreen"
    "accel3d"
    "bluetooth"
    "webcam"
  ];

  section =
    board:
    "\n## ${board.name}\n\n"
    + "- kernel: ${orDash board.kernel.version} (${board.kernel.evidence})\n"
    + lib.concatMapStringsSep "" (quirk: "- ${quirk.what} (${quirk.evidence})\n") board.quirks
    + lib.optionalString (board.shim != null && board.models == { }) "- its models are not listed here yet\n"
    + lib.concatMapStringsSep "" (
      model: "- ${model}: ${builtins.concatStringsSep "; " board.models.${model}}\n"
    ) (builtins.attrNames board.models);
  all = builtins.attrValues boards;
in
''
  # Boards

  Made from `nix/boards` by `make docs`; `lib.boardFor` finds a board by any name below.

  What the status says: *booted* – an image of it was started; *built* – an image of it was made from its shim; *evaluated* – the
  modules were evaluated for it, over stubs of NixOS' options; *untried* – none of these. No image has run on a Chromebook yet, and no
  shim or recovery image was at hand: hashes and kernel versions are other projects' word until a build confirms them (the build stops
  where they are wrong).

''
+ row [
  "board"
  "system"
  "kernel"
  "systemd"
  "recovery image"
  "status"
]
+ "|---|---|---|---|---|---|\n"
+ lib.concatMapStringsSep "" boardRow all
+ ''

  What users of other systems on the same shims report to work; none of it was tried here (suspend and swap on disk work on none):

''
+ row ([ "board" ] ++ features)
+ "|---|${lib.concatMapStringsSep "" (_: "---|") features}\n"
+ lib.concatMapStringsSep "" (board: row ([ board.name ] ++ map (feature: board.reports.${feature}) features)) reported
+ lib.concatMapStringsSep "" section all
