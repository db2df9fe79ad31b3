# The patched systemd of other Debians than the reference root's, and kernels of
# other ages than the reference board's, with ChromeOS' mount rule in each.
# nix/debian-root/fetch brings them.
{
  vm,
  debianImage,
  debianOf,
  # Boards by Linux' version.
  agedBoards,
}:
let
  patchOf =
    suite:
    if suite == "bookworm" then
      ../../packages/systemd/mount-nofollow-252.patch
    else
      ../../packages/systemd/mount-nofollow.patch;
  boots =
    name: suite: arguments:
    let
      debian = debianOf suite;
    in
    vm.boot {
      inherit name;
      image = debianImage (
        arguments
        // {
          stock = debian.root;
          systemd = debian.systemd { patch = patchOf suite; };
        }
      );
      expect = "^boot-report: running";
      contains = [ "refused mounts: 0" ];
      timeout = "8m";
    };
  onLinux =
    version: suite:
    boots "boot-linux-${version}" suite { of = agedBoards.${version}; };
in
{
  # Debian 12 has 252, testing has 262.
  boot-systemd-of-bookworm = boots "boot-systemd-of-bookworm" "bookworm" { };
  boot-systemd-of-forky = boots "boot-systemd-of-forky" "forky" { };

  # 257 on the oldest that it is made for here, and 262 on the newest.
  "boot-linux-5.10" = onLinux "5.10" "trixie";
  "boot-linux-6.12" = onLinux "6.12" "forky";
  "boot-linux-7.2" = onLinux "7.2" "forky";
}
