# The patched systemd of other Debians than the reference root's, on the same
# kernel with ChromeOS' mount rule. nix/debian-root/fetch --suite … brings them.
{
  vm,
  debianImage,
  debianOf,
}:
let
  boots =
    suite: patch:
    let
      debian = debianOf suite;
    in
    vm.boot {
      name = "boot-systemd-of-${suite}";
      image = debianImage {
        stock = debian.root;
        systemd = debian.systemd { inherit patch; };
      };
      expect = "^boot-report: running";
      contains = [
        "chromiumos_mounts=1"
        "refused mounts: 0"
      ];
      timeout = "8m";
    };
in
{
  # Debian 12 has 252, testing has 262.
  boot-systemd-of-bookworm = boots "bookworm" ../../packages/systemd/mount-nofollow-252.patch;
  boot-systemd-of-forky = boots "forky" ../../packages/systemd/mount-nofollow.patch;
}
