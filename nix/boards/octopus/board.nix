# Intel Gemini Lake.
{
  arch = "x86_64-linux";
  kernel = {
    version = "4.14.91";
    evidence = "release 4.14.91-18023-g2ab161c540baf in users' logs";
    kind = "2020";
    kindEvidence = "mounts that were refused, in users' logs";
  };
  shim = {
    hash = "sha256-sh6iEkfeAQasV4PtxhXWgasqOjI2LgFWpobuPJSkWD8=";
    chunks = ./chunks;
  };
  recovery = {
    version = "11316.165.0";
    key = "mp-v5";
    hash = "sha256-wZS7P8Ad2xYTPb8RtT4YiH9SXGCclped/nls+Y+XCRQ=";
  };
  models = {
    ampton = [ "ASUS Chromebook Flip C214" ];
    apel = [ "ASUS Chromebook C204" ];
    bloog = [ "HP Chromebook x360 12b" ];
    blooglet = [ "HP Chromebook 14a" ];
    blooguard = [
      "HP Chromebook x360 14a"
      "HP Chromebook x360 14b"
    ];
    bluebird = [ "Samsung Chromebook 4" ];
    bobba = [ "Acer Chromebook 311 C733" ];
    bobba360 = [
      "Acer Chromebook Spin 311 CP311-2H"
      "Acer Chromebook Spin 511 R752T"
    ];
    casta = [ "Samsung Chromebook 4+" ];
    droid = [ "Acer Chromebook 314 CB314" ];
    fleex = [ "Dell Chromebook 3100" ];
    garg = [ "CTL Chromebook NL71" ];
    grabbiter = [ "Dell Chromebook 3100 2-in-1" ];
    laser14 = [ "Lenovo Chromebook S340-14" ];
    meep = [ "HP Chromebook x360 11 G2 EE" ];
    mimrock = [ "HP Chromebook 11 G7 EE" ];
    orbatrix = [ "Dell Chromebook 3400" ];
    phaser = [ "Lenovo 100e Chromebook 2nd Gen" ];
    phaser360 = [
      "Lenovo 300e Chromebook 2nd Gen"
      "Lenovo 500e Chromebook 2nd Gen"
      "Lenovo Chromebook C340-11"
    ];
    sparky = [ "Acer Chromebook 512 C851" ];
    sparky360 = [ "Acer Chromebook Spin 512 R851TN" ];
    vorticon = [ "HP Chromebook 11 G8 EE" ];
    vortininja = [ "HP Chromebook x360 11 G3 EE" ];
  };
  quirks = [
    {
      what = "sound works, at times from one speaker or to the wrong output";
      evidence = "users' reports";
    }
    {
      what = "current Mesa falls back to software rendering on 4.14";
      evidence = "users' reports";
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
