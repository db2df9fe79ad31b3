# What every service of ours does without, as serviceConfig. All run as root:
# they mount, resize or end what is root's.
#
# Nothing here needs a mount namespace, which is made by mounts, and those are
# what ChromeOS' kernels are particular about: a service that a start, or the
# choice of generations, hangs on works wherever it can be started at all. What
# else `systemd-analyze security` asks for (ProtectSystem, PrivateTmp,
# ProtectKernelTunables and so on) has a service that can be missed: wifi. What
# a kernel lacks of these (device lists are BPF) systemd leaves out.
# nix/tests/checks/services has the figure of each service.
{
  capabilities,
  # Groups of system calls beside @system-service.
  calls ? [ ],
  families ? "none",
  namespaces ? true,
}:
{
  CapabilityBoundingSet = builtins.concatStringsSep " " capabilities;
  LockPersonality = true;
  MemoryDenyWriteExecute = true;
  NoNewPrivileges = true;
  RestrictAddressFamilies = families;
  RestrictNamespaces = namespaces;
  RestrictRealtime = true;
  RestrictSUIDSGID = true;
  SystemCallArchitectures = "native";
  SystemCallErrorNumber = "EPERM";
  SystemCallFilter = builtins.concatStringsSep " " ([ "@system-service" ] ++ calls);
}
