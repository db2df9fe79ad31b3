# Debian's systemd, with our patch, as nixpkgs has its own: NixOS takes units and
# settings by name out of example/. Names that a NixOS lists and this systemd is too
# old for are there as units that start nothing.
{
  lib,
  nixpkgs,
  of,
  package,
  final,
}:
let
  # Where NixOS lists the units that it takes.
  modules = builtins.path {
    name = "nixos-modules";
    path = nixpkgs + "/nixos/modules";
  };
in
package
  (
    _:
    {
      interfaceVersion = 2;
      inherit (final) kmod kbd util-linux;
      version = "257.13";
    }
    # What NixOS asks a systemd for.
    // lib.genAttrs [
      "withHostnamed"
      "withLocaled"
      "withLogind"
      "withTimedated"
      "withUtmp"
    ] (_: true)
    // lib.genAttrs [
      "withBootloader"
      "withCryptsetup"
      "withEfi"
      "withFido2"
      "withImportd"
      "withMachined"
      "withNspawn"
      "withPortabled"
      "withRepart"
      "withSysupdate"
      "withTpm2Units"
    ] (_: false)
  )
  (
    of "systemd" [
      "libnss-systemd"
      "libpam-systemd"
      "libsystemd-shared"
      "libsystemd0"
      "libudev1"
      "systemd"
      "systemd-coredump"
      "systemd-sysv"
      "systemd-timesyncd"
      "udev"
    ] ''
      cd "$out"
      mkdir -p example/systemd
      mv lib/systemd/system lib/systemd/user example/systemd/
      mv lib/sysctl.d lib/sysusers.d lib/tmpfiles.d example/
      # By its own name, which is what NixOS replaces in some of them.
      # And programs by a whole path, as this one does not look for them in its own bin.
      find example -type f -exec sed -Ei \
        -e "s,$tree/usr/lib/systemd/,$out/lib/systemd/,g" \
        -e "s,^(Exec[A-Za-z]*=[-@:+!|]*)([a-z][a-z0-9-]*)( |$),\1$out/bin/\2\3," {} +
      rmdir lib/systemd
      ln -s "$tree/usr/lib/systemd" lib/systemd
      grep -rhoE '"[a-zA-Z0-9@.-]+[.](service|socket|target|timer|path|slice|mount|automount)([.]wants)?"' ${modules} |
        tr -d '"' | sort -u > names
      # absent KIND NAME: a unit that starts nothing.
      absent() {
        printf '[Unit]\nDescription=Not in this systemd\nConditionPathExists=/nowhere\n'
        case $1 in
          service) printf '[Service]\nType=oneshot\nExecStart=/nowhere\n' ;;
          socket) printf '[Socket]\nListenStream=/run/nowhere/%s\n' "$2" ;;
        esac
      }
      for kind in system user; do
        while read -r name; do
          case $name in
            *.wants) mkdir -p "example/systemd/$kind/$name" ;;
            *) [ -e "example/systemd/$kind/$name" ] || absent "''${name##*.}" "$name" > "example/systemd/$kind/$name" ;;
          esac
        done < names
      done
      rm names
    ''
  )
