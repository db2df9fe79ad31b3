# Intel Jasper Lake.
{
  arch = "x86_64-linux";
  kernel = {
    version = "5.4.85";
    evidence = "release 5.4.85-22138-ga9994f5cad40 in users' logs";
    kind = "2020";
    kindEvidence = "mounts that were refused, in users' logs";
  };
  shim = {
    hash = "sha256-x8/mzZOs7xu/ni6ByqY8X1cLXW5vydmIZl0Thri+CVs=";
    chunks = ./chunks;
  };
  recovery = {
    version = "13597.105.0";
    key = "mp-v3";
    hash = "sha256-4YNU6qHF/LF/znVJ1pOJpI+NJYB/B/TGGMaHM5uyJhQ=";
  };
  models = {
    bookem = [ "Lenovo 100e Chromebook Gen 3" ];
    boten = [ "Lenovo 500e Chromebook Gen 3" ];
    bugzzy = [ "Samsung Galaxy Chromebook 2 360" ];
    cret = [ "Dell Chromebook 3110" ];
    cret360 = [ "Dell Chromebook 3110 2-in-1" ];
    drawcia = [ "HP Chromebook x360 11 G4 EE" ];
    drawlat = [ "HP Chromebook 11 G9 EE" ];
    drawman = [ "HP Chromebook 14 G7" ];
    drawper = [ "HP Fortis 14 G10 Chromebook" ];
    galith = [ "ASUS Chromebook CX1500" ];
    galtic = [ "ASUS Chromebook CX1" ];
    kracko = [ "CTL Chromebook NL72" ];
    lantis = [ "HP Chromebook 14a-na1" ];
    madoo = [ "HP Chromebook x360 14b-cb0" ];
    magister = [ "Acer Chromebook Spin 314" ];
    maglet = [ "Acer Chromebook 512 C852" ];
    maglia = [ "Acer Chromebook Spin 512 R853TA" ];
    maglith = [ "Acer Chromebook 511 C734" ];
    magma = [ "Acer Chromebook 315 CB315-4H" ];
    magneto = [ "Acer Chromebook 314 CB314-3H" ];
    magolor = [ "Acer Chromebook Spin 511 R753T" ];
    magpie = [ "Acer Chromebook 317" ];
    metaknight = [ "NEC Chromebook Y3" ];
    oscino = [ "HP Fortis x360 11 G3 J Chromebook" ];
    sasuke = [ "Samsung Galaxy Chromebook Go" ];
    storo = [ "ASUS Chromebook CR1100" ];
    storo360 = [ "ASUS Chromebook Flip CR1100" ];
  };
  quirks = [
    {
      what = "iptables with the nf_tables backend fails, legacy works";
      evidence = "users' reports";
    }
    {
      what = "no bridge and veth drivers: LXC and Waydroid do not run";
      evidence = "users' reports";
    }
    {
      what = "no internal sound";
      evidence = "a public list of what works with the shim";
    }
    {
      what = "systemd 258 and 259 reported to work, 260 to fail";
      evidence = "a public list of kernels";
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
