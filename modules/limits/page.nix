# docs/kernels.md, from the rows beside this and the tables of nix/boards (`make
# docs` writes it).
{ lib }:
let
  branches = import ../../nix/boards/branches.nix { inherit lib; };
  inherit (import ../../nix/boards { inherit lib; }) boards;
  rows = import ./rows.nix { inherit lib; };

  line = cells: "| ${builtins.concatStringsSep " | " cells} |\n";
  table = head: body: line head + "|${lib.concatMapStringsSep "" (_: "---|") head}\n" + lib.concatMapStringsSep "" line body;

  said =
    cell:
    {
      y = "yes";
      n = "no";
      "y?" = "yes?";
      "n?" = "no?";
    }
    .${cell} or cell;
  matrix =
    head: lines:
    table ([ "" ] ++ head) (
      lib.mapAttrsToList (name: cells: [ "`${name}`: ${branches.words.${name}}" ] ++ map said (branches.cells cells)) lines
    );

  # Where a row counts: names of columns, of which all need not be told one by one.
  where =
    row:
    let
      bad =
        builtins.concatMap (name: below branches.branches branches.abilities.${name} "n") (row.needs or [ ])
        ++ builtins.concatMap (name: below branches.branches branches.abilities.${name} "y") (row.spoiledBy or [ ]);
      barred = builtins.concatMap (name: below branches.kinds branches.rules.${name} "y") (row.barredBy or [ ]);
      every = builtins.length (lib.unique bad) == builtins.length branches.branches;
      text =
        if every then
          [ "every branch" ]
        else
          lib.optional (bad != [ ]) (builtins.concatStringsSep ", " (builtins.filter (b: builtins.elem b bad) branches.branches))
          ++ lib.optional (barred != [ ]) "kind ${builtins.concatStringsSep ", " barred}"
          ++ lib.optional (bad == [ ] && barred == [ ]) "where it is not known";
    in
    builtins.concatStringsSep "; " text;
  below =
    names: cells: letter:
    builtins.concatLists (lib.zipListsWith (name: cell: lib.optional (lib.hasPrefix letter cell) name) names (branches.cells cells));
  because =
    row:
    lib.concatMapStringsSep ", " (name: "lacks `${name}`") (row.needs or [ ])
    + lib.optionalString (row ? needs && row ? barredBy) ", "
    + lib.concatMapStringsSep ", " (name: "has `${name}`") (row.spoiledBy or [ ])
    + lib.concatMapStringsSep ", " (name: "refuses `${name}`") (row.barredBy or [ ]);
in
''
  # ChromeOS' kernels

  Made from `nix/boards/branches.nix` and `modules/limits/rows.nix` by `make docs`.

  The kernel of a stick is the shim's, and what it has not, NixOS has not. What is known before a shim is at hand comes from public copies of
  ChromeOS' sources; no shim's kernel was read for it. `kern-unpack info` tells what one shim's has and refuses, with what shows it, and the
  build compares: where a configuration relies on more than there is it stops, and else it says which line to set in
  `shimboot.kernelAbilities` or `shimboot.kernelRules`.

  ## What NixOS' options need

  Where a kernel cannot do it, *refused* stops the evaluation and *warned* does not, as it works in part. Where it is not known, there is a warning.

''
+ table
  [
    "option"
    "where"
    "because the kernel"
    "so"
    ""
    "what works"
  ]
  (
    map (row: [
      "`${row.option}`"
      (where row)
      (because row)
      row.effect
      (if row.warns or false then "warned" else "refused")
      row.remedy
    ]) rows
  )
+ ''

  On every kernel: a task that hangs for two minutes is no reason to panic (`kernel.hung_task_panic = 0`), Nix' sandbox is on only where
  `unsafeMounts` is known not to be refused, and what the firewall and systemd-oomd would need is off where it is not there.

  On 4.4 the bootloader has systemd take control groups of version 1 (257 does, 258 knows them no more), and of NixOS' firewall the one rule that
  wants `pkttype` is passed over, which decides nothing where no packet is logged.

  ## What each branch has

  How sure a column is: V – its configuration was read, S – told by the symbols in a copy, U – taken to lie between its neighbours. A question
  mark is less sure than its column, or not known. 4.4 is that of 2016; a shim has virtual consoles and FAT built in besides.

''
+ matrix (map (column: "${column.branch} (${column.mark})") branches.columns) branches.abilities
+ ''

  ## What each kind refuses

  ChromeOS' own security module has grown by the years. 2016: the first with modules pinned by it. 2020: shims until autumn 2022. 2022: no shim of it
  can start, and one is refused. new: later shims, which are built without the module. (2016 and new: V, the others S.)

  The reference board has a kernel of each kind (`nix/reference/variants.nix`), built from Linux 6.1 with these rules and with no more than
  ChromeOS' configuration has; tests try each rule there, and what is like it and allowed. What has to do with Linux' own age is not in them.

''
+ matrix branches.kinds branches.rules
+ ''

  ## Boards

''
+ table
  [
    "board"
    "kernel"
    "kind"
    "how that is known"
  ]
  (
    map (board: [
      board.name
      (if board.kernel.version == null then "?" else board.kernel.version)
      (board.kernel.kind or (if board.kernel ? rules then "its own" else "?"))
      (board.kernel.kindEvidence or board.kernel.rulesEvidence or "only its shim can tell")
    ]) (builtins.attrValues boards)
  )
