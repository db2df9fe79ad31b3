# MediaTek MT8173.
{
  arch = "aarch64-linux";
  kernel = {
    version = null;
    evidence = "a board list says 5.4, which no report supports";
  };
  shim = {
    hash = "sha256-NRIP5PWuj2ro8LAg6im56q4ZE5LIdA0aG/9NK2z5FGc=";
    chunks = ./chunks;
  };
  recovery = {
    version = "9202.64.0";
    key = "mp";
    hash = "sha256-1OGlaAlqitMSL3IFJ9fafXrRjMgNwcFirqFLxSbNbr4=";
  };
  models = {
    hana = [
      "ASUS Chromebook C202XA"
      "Lenovo 100e Chromebook 2nd Gen MTK"
      "Lenovo 300e Chromebook 2nd Gen MTK"
      "Lenovo N23 Yoga Chromebook"
      "Lenovo Ideapad C330 Chromebook"
      "Lenovo Ideapad S330 Chromebook"
      "Poin2 Chromebook 11C"
    ];
  };
  quirks = [
    {
      what = "black screen on some units";
      evidence = "users' reports";
    }
    {
      what = "no webcam, no internal sound";
      evidence = "a public list of what works with the shim";
    }
  ];
  reports = {
    x11 = "yes";
    wifi = "yes";
    speakers = "no";
    touchscreen = "untested";
    accel3d = "yes";
    bluetooth = "yes";
    webcam = "no";
  };
  status = {
    level = "evaluated";
    date = "2026-11-23";
  };
}
