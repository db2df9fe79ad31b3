# The reference board: a virtual machine with a shim and a recovery image that
# are built here (nix/reference).
{
  arch = "x86_64-linux";
  kernel = {
    version = "6.1";
    evidence = "built here";
    kind = "2020";
    rulesEvidence = "built here";
    # nix/reference/chromeos.txt has all that it lacks.
    abilities = {
      kvm = false;
      nfs4 = false;
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
