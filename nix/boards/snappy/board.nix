# Intel Apollo Lake.
{
  arch = "x86_64-linux";
  kernel = {
    version = "4.4.35";
    evidence = "a public list of kernels; not read from the shim";
    kind = "2016";
    kindEvidence = "by the version; not read from the shim";
  };
  shim = {
    hash = "sha256-p2+xJS5ZS8rk+Jls9MhuWjT6m6MVlz6N0yoidkht7h8=";
    chunks = ./chunks;
  };
  recovery = {
    version = "9334.72.0";
    key = "mp";
    hash = "sha256-Bh7YW9xl0KDIW9nNXR1m+xUgZumQJ421B5QgpJkoGEo=";
  };
  models = {
    snappy = [
      "HP Chromebook x360 11 G1 EE"
      "HP Chromebook 11 G6 EE"
      "HP Chromebook 14 G5"
    ];
  };
  quirks = [
    {
      what = "was listed as a board whose shim verifies its root until January 2025";
      evidence = "a public list of shims";
    }
  ];
  reports = {
    x11 = "yes";
    wifi = "yes";
    speakers = "yes";
    touchscreen = "yes";
    accel3d = "yes";
    bluetooth = "yes";
    webcam = "yes";
  };
  status = {
    level = "evaluated";
    date = "2026-11-23";
  };
}
