# The reference board: a virtual machine with a shim and a recovery image that
# are built here (nix/reference).
{
  arch = "x86_64-linux";
  kernel = {
    version = "6.1";
    evidence = "built here";
    # Of ChromeOS' rules it has the one; nix/reference/kernel.config has the rest.
    rulesEvidence = "built here";
    rules = {
      symlinkMounts = true;
      unsafeMounts = false;
      execShmem = false;
      bpf = false;
      overlay = false;
      usermodeHelper = false;
    };
    abilities = {
      autofs = true;
      bridge = false;
      cryptoZstd = false;
      exfat = false;
      hungTaskPanic = false;
      kvm = false;
      memoryController = true;
      nfs4 = false;
      ntfs3 = false;
      overlayfs = true;
      pidsController = true;
      posixMqueue = true;
      squashfsZstd = false;
      tun = false;
      veth = false;
      wireguard = false;
      xtPkttype = false;
    };
  };
  shim = null;
  recovery = null;
  models = { };
  quirks = [
    {
      what = "its image's root is Debian's, with our systemd, where there is no nixpkgs";
      evidence = "nix/reference/images.nix";
    }
  ];
  reports = { };
  status = {
    level = "booted";
    date = "2026-11-23";
  };
}
