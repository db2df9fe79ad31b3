# AMD Stoney Ridge.
{
  arch = "x86_64-linux";
  kernel = {
    version = "4.14.75";
    evidence = "a public list of kernels; not read from the shim";
    kind = "2020";
    kindEvidence = "by the version; not read from the shim";
  };
  shim = {
    hash = "sha256-q6ZKuXj+5FbhIuA2wUqj3a88L8RlBsEJlp1bnQdSkOE=";
    chunks = ./chunks;
  };
  recovery = {
    version = "11151.113.0";
    key = "mp-v5";
    hash = "sha256-aIYRcj8+Lx5PLz9PWfYp4xnzy9f5TNYnRp9S5DdrlW4=";
  };
  models = {
    aleena = [ "Acer Chromebook 315 CB315-2H" ];
    barla = [
      "HP Chromebook 11A G6 EE"
      "HP Chromebook 11A G8 EE"
    ];
    careena = [ "HP Chromebook 14A G5" ];
    kasumi = [ "Acer Chromebook 311 C721" ];
    kasumi360 = [ "Acer Chromebook Spin 311 R721T" ];
    liara = [
      "Lenovo 14e Chromebook"
      "Lenovo Chromebook S345-14"
    ];
    treeya = [ "Lenovo 100e Chromebook 2nd Gen AMD" ];
    treeya360 = [ "Lenovo 300e Chromebook 2nd Gen AMD" ];
  };
  quirks = [
    {
      what = "RTL8821CE Wi-Fi has no driver in the shim";
      evidence = "users' reports";
    }
    {
      what = "RTL8822CE Wi-Fi has no driver for 4.14 at all";
      evidence = "users' reports";
    }
    {
      what = "no internal sound";
      evidence = "a public list of what works with the shim";
    }
    {
      what = "amdgpu needs firmware from the recovery image";
      evidence = "seen in a build of others";
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
