# Linux of other ages than kernel.config's, for tests: Debian's sources, and the
# symbols that were not there yet or are no more, or are asked for in other words.
{
  "5.10" = {
    suite = "bullseye";
    without = [
      "DEVTMPFS_SAFE"
      "SECURITY_LANDLOCK"
    ];
    lines = [
      "CONFIG_ARCH_RANDOM=y"
      "CONFIG_ZSMALLOC=m"
    ];
  };

  "6.12" = {
    suite = "trixie";
    without = [
      "BASE_FULL"
      "RANDOM_TRUST_CPU"
    ];
    # LoadPin wants modules that are not compressed, by a symbol that is no more, or
    # that the kernel unpacks by itself.
    lines = [
      "CONFIG_MODULE_COMPRESS=y"
      "CONFIG_MODULE_COMPRESS_GZIP=y"
      "CONFIG_MODULE_DECOMPRESS=y"
    ];
  };

  "7.2" = {
    suite = "forky";
    without = [
      "BASE_FULL"
      "BOOTPARAM_HUNG_TASK_PANIC"
      "CRYPTO_MANAGER_DISABLE_TESTS"
      "RANDOM_TRUST_CPU"
    ];
    lines = [
      "CONFIG_BOOTPARAM_HUNG_TASK_PANIC=1"
      "CONFIG_IP6_NF_IPTABLES_LEGACY=y"
      "CONFIG_IP_NF_IPTABLES_LEGACY=y"
      "CONFIG_NETFILTER_XTABLES_LEGACY=y"
    ];
  };
}
