# nixpkgs' names, and the packages of Debian that have the same programs.
{
  acl = [ "acl" ];
  attr = [ "attr" ];
  bash = [ "bash" ];
  bash-completion = [ "bash-completion" ];
  bind = [ "bind9-host" ];
  bubblewrap = [ "bubblewrap" ];
  bzip2 = [ "bzip2" ];
  coreutils = [ "coreutils" ];
  cpio = [ "cpio" ];
  cryptsetup = [ "cryptsetup-bin" ];
  curl = [ "curl" ];
  dash = [ "dash" ];
  dbus = [
    "dbus"
    "dbus-bin"
    "dbus-daemon"
    "dbus-session-bus-common"
    "dbus-system-bus-common"
    "dbus-user-session"
  ];
  dbus-broker = [ "dbus-broker" ];
  desktop-file-utils = [ "desktop-file-utils" ];
  diffutils = [ "diffutils" ];
  dosfstools = [ "dosfstools" ];
  e2fsprogs = [
    "e2fsprogs"
    "logsave"
  ];
  file = [ "file" ];
  findutils = [ "findutils" ];
  fuse3 = [ "fuse3" ];
  gawk = [ "gawk" ];
  git = [ "git" ];
  glibc = [
    "libc-bin"
    "nscd"
  ];
  gnugrep = [ "grep" ];
  gnused = [ "sed" ];
  gnutar = [ "tar" ];
  gzip = [ "gzip" ];
  hostname-debian = [ "hostname" ];
  iproute2 = [ "iproute2" ];
  iptables = [ "iptables" ];
  iputils = [ "iputils-ping" ];
  iw = [ "iw" ];
  jq = [ "jq" ];
  kbd = [ "kbd" ];
  kexec-tools = [ "kexec-tools" ];
  kmod = [ "kmod" ];
  less = [ "less" ];
  libarchive = [ "libarchive-tools" ];
  libcap = [ "libcap2-bin" ];
  logrotate = [ "logrotate" ];
  lvm2 = [
    "dmsetup"
    "lvm2"
  ];
  man-db = [ "man-db" ];
  mdadm = [ "mdadm" ];
  mkpasswd = [ "whois" ];
  modemmanager = [ "modemmanager" ];
  mtools = [ "mtools" ];
  nano = [ "nano" ];
  ncurses = [
    "ncurses-base"
    "ncurses-bin"
  ];
  netcat = [ "netcat-openbsd" ];
  nettools = [ "net-tools" ];
  networkmanager = [ "network-manager" ];
  nftables = [ "nftables" ];
  nix = [
    "nix-bin"
    "nix-setup-systemd"
  ];
  nscd = [ "nscd" ];
  openresolv = [ "openresolv" ];
  openssh = [
    "openssh-client"
    "openssh-server"
    "openssh-sftp-server"
  ];
  pam = [
    "libpam-modules"
    "libpam-modules-bin"
  ];
  patch = [ "patch" ];
  pciutils = [
    "pci.ids"
    "pciutils"
  ];
  polkit = [
    "pkexec"
    "polkitd"
  ];
  procps = [ "procps" ];
  psmisc = [ "psmisc" ];
  rsync = [ "rsync" ];
  shadow = [
    "login"
    "passwd"
    "uidmap"
  ];
  shared-mime-info = [ "shared-mime-info" ];
  strace = [ "strace" ];
  sudo = [ "sudo" ];
  time = [ "time" ];
  tzdata = [ "tzdata" ];
  usbutils = [ "usbutils" ];
  util-linux = [
    "bsdextrautils"
    "bsdutils"
    "fdisk"
    "lastlog2"
    "libpam-lastlog2"
    "mount"
    "util-linux"
    "util-linux-extra"
    "uuid-runtime"
  ];
  wget = [ "wget" ];
  which = [ "debianutils" ];
  wireless-regdb = [ "wireless-regdb" ];
  wpa_supplicant = [ "wpasupplicant" ];
  xauth = [ "xauth" ];
  xz = [ "xz-utils" ];
  zram-generator = [ "systemd-zram-generator" ];
  zstd = [ "zstd" ];
}
