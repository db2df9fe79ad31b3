# Intel Comet Lake.
{
  arch = "x86_64-linux";
  kernel = {
    version = "4.19.84";
    evidence = "a public list of kernels; not read from the shim";
    kind = "2020";
    kindEvidence = "by the version; not read from the shim";
  };
  shim = {
    hash = "sha256-EPS6sCDVAM89J3JvtB9QOBTEwxtzCf1ony02MTLv5s0=";
    chunks = ./chunks;
  };
  recovery = {
    version = "12739.94.0";
    key = "mp-v4";
    hash = "sha256-H34UUn4iwo2wuOAxE4LjbkynUmE8BKHYkUKPagIji6Q=";
  };
  models = {
    akemi = [ "Lenovo IdeaPad Flex 5i Chromebook" ];
    dragonair = [ "HP Chromebook x360 14c" ];
    dratini = [ "HP Pro c640 Chromebook" ];
    helios = [ "ASUS Chromebook Flip C436FA" ];
    jinlon = [
      "HP Elite c1030 Chromebook"
      "HP Chromebook x360 13c"
    ];
    kindred = [ "Acer Chromebook 712" ];
    kled = [ "Acer Chromebook Spin 713" ];
    kohaku = [ "Samsung Galaxy Chromebook" ];
    nightfury = [ "Samsung Galaxy Chromebook 2" ];
  };
  quirks = [
    {
      what = "no 5 GHz Wi-Fi";
      evidence = "a public list of what works with the shim";
    }
    {
      what = "no internal sound";
      evidence = "a public list of what works with the shim";
    }
  ];
  reports = {
    x11 = "yes";
    wifi = "yes";
    speakers = "no";
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
