# MediaTek MT8183.
{
  arch = "aarch64-linux";
  kernel = {
    version = null;
    evidence = "a board list says 5.4, which no report supports";
  };
  shim = {
    hash = "sha256-pUk+skKLyDp12RjlC+C62YjetnVDn1OMe8/bvSHg+so=";
    chunks = ./chunks;
  };
  recovery = {
    version = "13020.82.0";
    key = "mp-v2";
    hash = "sha256-IHX1cQqroOVjlxy1T5wS+IHRTkBWModfY9hauV/D+Uo=";
  };
  models = {
    burnet = [ "HP Chromebook x360 11MK G3 EE" ];
    cozmo = [ "Acer Chromebook 314 CB314-2H" ];
    damu = [ "ASUS Chromebook Flip CM3" ];
    esche = [ "HP Chromebook 11MK G9 EE" ];
    fennel = [ "Lenovo IdeaPad Flex 3 Chromebook" ];
    fennel14 = [ "Lenovo IdeaPad 3 Chromebook" ];
    juniper = [ "Acer Chromebook Spin 311 CP311-3H" ];
    kappa = [ "HP Chromebook 11a" ];
    kenzo = [ "Acer Chromebook 311 CB311-11H" ];
    makomo = [ "Lenovo 100e Chromebook Gen 2 MTK" ];
    pico = [ "Acer Chromebook Spin 311 R722T" ];
    willow = [ "Acer Chromebook 311 C722" ];
  };
  quirks = [
    {
      what = "black screen before the menu on esche and pico";
      evidence = "users' reports";
    }
    {
      what = "no 3D, Bluetooth or internal sound";
      evidence = "a public list of what works with the shim";
    }
  ];
  reports = {
    x11 = "yes";
    wifi = "yes";
    speakers = "no";
    touchscreen = "untested";
    accel3d = "no";
    bluetooth = "no";
    webcam = "yes";
  };
  status = {
    level = "evaluated";
    date = "2026-11-23";
  };
}
