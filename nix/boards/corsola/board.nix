# MediaTek MT8186.
{
  arch = "aarch64-linux";
  kernel = {
    version = "5.15";
    evidence = "a public list of kernels, doubtful; not read from the shim";
  };
  shim = {
    hash = "sha256-JnTX3+tpkKPb6ihIxUbNqcpF9FFBuHSnwdelcfvPyLA=";
    chunks = ./chunks;
  };
  recovery = {
    version = "15329.59.0";
    key = "mp-v5";
    hash = "sha256-DRpz6s4TwDwmekYZsknqkbcilVivaqhfa/KTU9cl75s=";
  };
  models = {
    magneton = [ "Lenovo IdeaPad Slim 3 Chromebook 14M868" ];
    rusty = [ "Lenovo 100e Chromebook Gen 4" ];
    steelix = [ "Lenovo 300e Yoga Chromebook Gen 4" ];
    tentacool = [ "ASUS Chromebook CM14" ];
    tentacruel = [ "ASUS Chromebook CM14 Flip" ];
  };
  quirks = [
    {
      what = "3D needs Wayland";
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
