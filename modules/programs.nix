# The packages whose programs each service and script of modules/ calls, by their
# names in nixpkgs. NixOS has some beside in the PATH of every service, and in
# that of an activation script; nothing else is in there, no shell either.
# nix/tests/checks/first-boot runs each of them with exactly these.
{
  every = {
    service = [
      "coreutils"
      "findutils"
      "gnugrep"
      "gnused"
      "systemd"
    ];
    activation = [
      "coreutils"
      "findutils"
      "gnugrep"
      "util-linux"
    ];
  };

  services = {
    kill-frecon = [
      "procps"
      "util-linux"
    ];
    shimboot-grow = [
      "cryptsetup" # for an encrypted root
      "e2fsprogs"
      "gawk"
      "jq"
      "util-linux"
    ];
    shimboot-register = [ "nix" ];
    shimboot-success = [ ];
    shimboot-wifi = [
      "bash"
      "jq"
      "util-linux"
    ];
  };

  # Their own, whatever calls them.
  scripts = {
    install-init = [ "coreutils" ];
    link-root = [
      "coreutils"
      "util-linux"
    ];
    usermode-helper = [ "kmod" ];
  };
}
