# A whole system on an encrypted root: systemd and udev find a mapping that they
# have not made, and no unit fails over it. Encrypting it takes minutes here.
{
  vm,
  # An image's file.
  image,
}:
{
  boot-luks = vm.play {
    name = "boot-luks";
    disk = image;
    timeout = "20m";
    fail = "Kernel panic|Freezing execution|boot-report: degraded";
    script = ''
      expect ^  >  1  debian +unencrypted
      expect ^New passphrase for "debian"
      send "correct horse\r"
      expect ^The same again:
      send "correct horse\r"
      expect "debian" is encrypted
      expect /sbin/init on /dev/mapper/shimboot-sda4
      expect ^boot-report: refused mounts: 0
      expect ^boot-report: running
    '';
  };
}
