# The reference board's kernel as ChromeOS' were, by when their source is from
# (nix/boards/branches.nix): what differs from kernel.config, and how it is packed.
# As 2020, it is kernel.config.
{
  # 4.4: an own rule that pins modules, no control groups of version 2, no bpf(2).
  "2016" = {
    payloadCompression = "gzip";
    initramfsCompression = "xz";
    config = {
      SECURITY_CHROMIUMOS_NO_UNPRIVILEGED_UNSAFE_MOUNTS = "n";
      SECURITY_CHROMIUMOS_PINNING = "y";
      SECURITY_LOADPIN = "n";
      STATIC_USERMODEHELPER = "n";
      CGROUP1_ONLY = "y";
      # 4.4 has one, in which there is no word of control groups of version 2.
      SECURITY_SELINUX = "n";
      CGROUP_BPF = "n";
      BPF_SYSCALL = "n";
      PANIC_ON_OOPS = "n";
      CRYPTO_LZ4 = "n";
      CRYPTO_ZSTD = "n";
      EXFAT_FS = "n";
      SQUASHFS_LZ4 = "n";
      SQUASHFS_ZSTD = "n";
      WIREGUARD = "n";
      BRIDGE_NETFILTER = "n";
      IP6_NF_MATCH_RPFILTER = "n";
      NETFILTER_XT_MARK = "n";
      NETFILTER_XT_MATCH_COMMENT = "n";
      NETFILTER_XT_MATCH_HASHLIMIT = "n";
      NETFILTER_XT_MATCH_IPRANGE = "n";
      NETFILTER_XT_MATCH_LIMIT = "n";
      NETFILTER_XT_MATCH_MAC = "n";
      NETFILTER_XT_MATCH_MARK = "n";
      NETFILTER_XT_MATCH_OWNER = "n";
      NETFILTER_XT_MATCH_PKTTYPE = "n";
      NETFILTER_XT_MATCH_STRING = "n";
      NETFILTER_XT_MATCH_TIME = "n";
    };
  };

  # The same with what else 4.4 has not, for which all has to be compiled anew.
  poorest.config = {
    BLK_CGROUP = "n";
    CONFIGFS_FS = "n";
    FANOTIFY = "n";
    FANOTIFY_ACCESS_PERMISSIONS = "n";
    KEXEC_FILE = "n";
    PSI = "n";
    RT_GROUP_SCHED = "y";
    SECURITY_LANDLOCK = "n";
    SECURITY_SAFESETID = "n";
    USERFAULTFD = "n";
  };

  "2020" = {
    payloadCompression = "gzip";
    initramfsCompression = "xz";
    config = { };
  };

  # Release images of then; no shim starts with them.
  "2022" = {
    payloadCompression = "gzip";
    initramfsCompression = "none";
    config = {
      SECURITY_CHROMIUMOS_NO_BPF = "y";
      SECURITY_CHROMIUMOS_NO_EXEC_SHMEM = "y";
      SECURITY_CHROMIUMOS_NO_OVERLAY = "y";
      OVERLAY_FS = "y";
    };
  };

  # Shims since about October 2022, with 6.6's configuration.
  new = {
    payloadCompression = "lzma";
    initramfsCompression = "none";
    config = {
      SECURITY_CHROMIUMOS = "n";
      BOOTPARAM_HUNG_TASK_PANIC = "n";
      OVERLAY_FS = "y";
      IP_NF_NAT = "m";
      NF_CONNTRACK = "m";
    };
  };
}
