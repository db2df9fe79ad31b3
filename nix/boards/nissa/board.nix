# Intel Alder Lake-N and Twin Lake.
{
  arch = "x86_64-linux";
  kernel = {
    version = "5.15.74";
    evidence = "a public list of kernels; not read from the shim";
  };
  shim = {
    hash = "sha256-YX5ahUWKMLGCpW+gkoju7A6h8Sq+zy3d5+3ruSpHOSQ=";
    chunks = ./chunks;
  };
  recovery = {
    version = "15236.80.0";
    key = "mp-v2";
    hash = "sha256-dfNnmYrjIIpDVcp4Dh6OLoRmami4N4+XCPsqXjbITog=";
  };
  models = { };
  quirks = [
    {
      what = "AX203 Wi-Fi: firmware 72 to 74 crashes with this kernel";
      evidence = "users' reports";
    }
    {
      what = "firmware of many units refuses shims while enrolled";
      evidence = "users' reports";
    }
    {
      what = "no internal sound";
      evidence = "a public list of what works with the shim";
    }
  ];
  modprobe = "options iwlwifi disable_11ax=1";
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
