# What ChromeOS' kernels have and refuse, by branch, as far as it is known before
# a shim is at hand: from public copies of their configurations and of their
# security module. The names are those of kernel.json (kern-unpack), which tells
# what one shim's kernel has; the build compares.
#
#   traitsOf { version = "5.4.85"; kind = "2020"; } = {
#     abilities.overlayfs = false;    # true, false or null: not known
#     rules.unsafeMounts = true;      # the kernel refuses it
#   }
{ lib }:
let
  # How each column is known: V read in a source that names its branch, S told by
  # the symbols that are in it, U taken to lie between its neighbours.
  columns = [
    { branch = "4.4"; mark = "V"; }
    { branch = "4.14"; mark = "U"; }
    { branch = "4.19"; mark = "S"; }
    { branch = "5.4"; mark = "V"; }
    { branch = "5.10"; mark = "S"; }
    { branch = "5.15"; mark = "V"; }
    { branch = "6.1"; mark = "V"; }
    { branch = "6.6"; mark = "V"; }
  ];

  # y: yes. n: no. A "?" behind it: less sure than its column, and "?" alone: not
  # known, or the affair of the board.
  #                      4.4 4.14 4.19 5.4 5.10 5.15 6.1 6.6
  abilities = {
    appArmor         = "n   n    n    n   n    n    n   n";
    autofs           = "n   n    n    n   n    n    n   n";
    bonding          = "n   n    n    n   n    n    n   n";
    bpfSyscall       = "n   y    y    y   y    y    y   y";
    bridge           = "y   y    y    y   y    y    y   y";
    btrfs            = "n   n    n    n   n    n    n   n";
    cgroup2          = "n?  y    y    y   y    y    y   y";
    cifs             = "n   n    n    n   n    n    n   n";
    cryptoZstd       = "n   n    n    n   n    y    y   y";
    diskSwap         = "n   n    n    n   n    n    n   n";
    exfat            = "n   n    n    n   n    y    y   y";
    f2fs             = "n   n    n    n   n    n    n   n";
    fuse             = "y   y    y    y   y    y    y   y";
    hibernation      = "n   n    n    n   n    n    n   n";
    hungTaskPanic    = "y   y    y    y   y    y    y   n";
    ioUring          = "n   n    n    n   n    n    n   n";
    kvm              = "?   ?    ?    ?   ?    ?    ?   ?";
    macvlan          = "n   n    n    n   n    n    n   n";
    memoryController = "n   n    n    n   n    n    n   n";
    nfs4             = "n   ?    y    y   y    y    y   y";
    nftables         = "n   n    n    n   n    n    n   n";
    ntfs3            = "n   n    n    n   n    y?   n   n";
    overlayfs        = "n   n    n    n   n    y?   n   y";
    pidsController   = "n   n    n    n   n    n    n   n";
    posixMqueue      = "n   n    n    n   n    n    n   n";
    rpfilter         = "n   n    n    n   n    n    n   n";
    rtGroupSched     = "y   y    y    y   y    n    n   n";
    squashfsXz       = "n   n    n    n   n    n    n   n";
    squashfsZstd     = "n   n    n    n   y    y    y   y";
    tun              = "y   y    y    y   y    y    y   y";
    userNamespaces   = "y   y    y    y   y    y    y   y";
    veth             = "y   y    y    y   y    y    y   y";
    vlan             = "n   n    n    n   n    n    n   n";
    vt               = "y   y    y    y   y    y    y   y";
    wireguard        = "n   n    n    n   y    y    y   y";
    xfs              = "n   n    n    n   n    n    n   n";
    xtLimit          = "n   ?    y    y   y    y    y   y";
    xtLog            = "n   n    n    n   n    n    n   n";
    xtMark           = "n   ?    y    y   y    y    y   y";
    xtMultiport      = "n   n    n    n   n    n    n   n";
    xtPkttype        = "n   ?    y    y   y    y    y   y";
    zram             = "y   y    y    y   y    y    y   y";
  };

  # What a kernel refuses, by when its source is from. Shims since about October
  # 2022 are built without ChromeOS' security module.
  kinds = [
    "2016"
    "2020"
    "2022"
    "new"
  ];
  #                    2016 2020 2022 new
  rules = {
    symlinkMounts  = "y    y    y    n";
    unsafeMounts   = "n    y    y    n";
    execShmem      = "n    n    y    n";
    bpf            = "n    n    y    n";
    overlay        = "n    n    y?   n";
    usermodeHelper = "n    y    y    y";
  };

  # What a name means, behind "has", "lacks" or "refuses".
  words = {
    appArmor = "AppArmor";
    autofs = "autofs, which mounts at the first access";
    bonding = "interfaces that are several in one";
    bpfSyscall = "bpf(2)";
    bridge = "bridges";
    btrfs = "btrfs";
    cgroup2 = "control groups of version 2";
    cifs = "CIFS";
    cryptoZstd = "zstd for compressed memory";
    diskSwap = "swap on disks";
    exfat = "exFAT";
    f2fs = "F2FS";
    fuse = "FUSE";
    hibernation = "hibernation";
    hungTaskPanic = "a panic when a task hangs for two minutes";
    ioUring = "io_uring";
    kvm = "KVM";
    macvlan = "macvlan interfaces";
    memoryController = "the control group of memory";
    nfs4 = "NFS 4";
    nftables = "nf_tables";
    ntfs3 = "NTFS";
    overlayfs = "overlay file systems";
    pidsController = "the control group of processes";
    posixMqueue = "POSIX message queues";
    rpfilter = "the check of reverse paths (rpfilter) for IPv4";
    rtGroupSched = "real-time priorities by control group, of which none is given out";
    squashfsXz = "squashfs with xz";
    squashfsZstd = "squashfs with zstd";
    tun = "tunnels of programs";
    userNamespaces = "user namespaces";
    veth = "pairs of interfaces for containers";
    vlan = "VLANs";
    vt = "virtual consoles";
    wireguard = "WireGuard";
    xfs = "XFS";
    xtLimit = "the firewall's limit match";
    xtLog = "the firewall's LOG target";
    xtMark = "the firewall's mark match";
    xtMultiport = "the firewall's multiport match";
    xtPkttype = "the firewall's pkttype match";
    zram = "compressed memory";

    symlinkMounts = "to mount through symlinks";
    unsafeMounts = "users' mounts that are not nosuid, nodev and noexec";
    execShmem = "programs in a tmpfs";
    bpf = "every bpf(2)";
    overlay = "overlay mounts";
    usermodeHelper = "to start programs by itself, but for /sbin/usermode-helper";
  };

  cells = line: builtins.filter (cell: builtins.isString cell && cell != "") (builtins.split " +" line);
  # The cell of a line below one of the names.
  at = names: line: name: (builtins.listToAttrs (lib.zipListsWith lib.nameValuePair names (cells line))).${name};
  known = cell: { "?" = null; }.${cell} or (lib.hasPrefix "y" cell);

  branches = map (column: column.branch) columns;
  branchOf =
    version:
    if version == null then null else lib.findFirst (b: version == b || lib.hasPrefix "${b}." version) null branches;

  # Of a kernel of unknown branch or kind, what all have, or none. Of the kinds
  # one starts no shim.
  common =
    all: names: line:
    let
      answers = lib.unique (map (name: known (at all line name)) names);
    in
    if builtins.length answers == 1 then builtins.head answers else null;
  starting = builtins.filter (kind: !known (at kinds rules.execShmem kind)) kinds;
in
{
  inherit
    abilities
    branches
    cells
    columns
    kinds
    rules
    words
    ;

  # kernel: a board's, with the abilities and rules that are known better.
  traitsOf =
    kernel:
    let
      branch = branchOf kernel.version;
      kind = kernel.kind or null;
      able = common branches (if branch == null then branches else [ branch ]);
      rule = common kinds (if kind == null then starting else [ kind ]);
    in
    {
      abilities = builtins.mapAttrs (_: able) abilities // kernel.abilities or { };
      rules = builtins.mapAttrs (_: rule) rules // kernel.rules or { };
    };
}
