# AMD Picasso and Dali.
{
  arch = "x86_64-linux";
  kernel = {
    version = "5.4.85";
    evidence = "a public list of kernels; not read from the shim";
    kind = "2020";
    kindEvidence = "by the version; not read from the shim";
  };
  shim = {
    hash = "sha256-G+dOxqWJ26vRKz0nt6Nvs2+H9XvB1Wzkwfjk/7Vsr6o=";
    chunks = ./chunks;
  };
  recovery = {
    version = "13505.73.0";
    key = "mp-v4";
    hash = "sha256-WGhEKw68CGEhPcXVTRUSrYguUBPUnKnPH28338PHmDM=";
  };
  models = {
    berknip = [ "HP Pro c645 Chromebook Enterprise" ];
    dirinboz = [ "HP Chromebook 14a-nd" ];
    ezkinil = [ "Acer Chromebook Spin 514" ];
    morphius = [ "Lenovo ThinkPad C13 Yoga Chromebook" ];
    woomax = [ "ASUS Chromebook Flip CM5" ];
  };
  quirks = [
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
