# What a kernel would otherwise take from the machine and the hour that build it.
{
  KBUILD_BUILD_TIMESTAMP = "Tue Jan  1 00:00:00 UTC 1980";
  KBUILD_BUILD_USER = "shimboot";
  KBUILD_BUILD_HOST = "localhost";
  KBUILD_BUILD_VERSION = "1";
}
