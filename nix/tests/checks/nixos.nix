# The checks of what NixOS is given, as far as they need no NixOS: shell scripts
# and pages. What needs nixpkgs' lib is in eval/.
{
  lib,
  runCommand,
  bubblewrap,
  curl,
  e2fsprogs,
  gptfdisk,
  jq,
  libarchive,
  python3,
  util-linux,
  vboot_reference,
  zip,
  # A patched one, or null.
  systemd ? null,
}:
let
  boards = import ../../boards { inherit lib; };
  check =
    name: nativeBuildInputs: script:
    runCommand name { inherit nativeBuildInputs; } ''
      ${script}
      touch "$out"
    '';
in
{
  # Mirrors that lack pieces, lie, break off, or are gone.
  sources-survive-bad-mirrors = check "sources-survive-bad-mirrors" [
    curl
    libarchive
    python3
    zip
  ] "sh ${./sources/check.sh} ${../../sources} ${./sources/server.py}";

  # The root grows, and nothing else of the table changes.
  root-grows = check "root-grows" [
    e2fsprogs
    gptfdisk
    jq
    python3
    util-linux
    vboot_reference
  ] "sh ${./first-boot}/check.sh ${import ../../../modules/first-boot/scripts.nix { inherit runCommand; }}";

  # Credentials become NetworkManager's files, and mistakes are named.
  wifi-credentials-become-connections = check "wifi-credentials-become-connections" [
    bubblewrap
    jq
  ] ''
    for test in check whole state; do
      sh ${./wifi}/$test.sh ${../../../modules/wifi} ${./wifi} ${../../../modules/first-boot}
    done
  '';

  # What a kernel asks for is modules, or nothing.
  kernel-loads-modules-only = check "kernel-loads-modules-only" [ ] ''
    mkdir bin
    printf '#!/bin/sh\necho "modprobe $*"\n' >bin/modprobe
    chmod +x bin/modprobe
    helper() { PATH=$PWD/bin:$PATH sh ${../../../modules/usermode-helper.sh} "$@"; }
    [ "$(helper -q -- crypto-ccm)" = "modprobe -q -- crypto-ccm" ]
    for words in "" "11 0 0" "-q -- a b" "-r -- a"; do
      # shellcheck disable=SC2086
      if helper $words; then exit 1; fi
    done
  '';

  # Where / is on no block device, as while a system is being installed, nothing
  # is linked and nothing fails. (What is linked is seen in first-boot.)
  root-without-a-device-has-no-name = check "root-without-a-device-has-no-name" [ util-linux ] ''
    mkdir -p sys/dev/block dev
    echo old > dev/shimboot-root
    sys=$PWD/sys dev=$PWD/dev first_boot=${../../../modules/first-boot} sh ${../../../modules/link-root.sh} 2>message
    grep "stays as it is" message
    [ "$(cat dev/shimboot-root)" = old ]
  '';

  # nix run .#flash finds the image that nix build left, and passes options on.
  flash-finds-the-image = check "flash-finds-the-image" [ ] ''
    mkdir bin result
    printf '#!/bin/sh\nfor word; do printf "<%%s>" "$word"; done\n' >bin/gpt-pack
    chmod +x bin/gpt-pack
    PATH=$PWD/bin:$PATH
    export library=${../../apps}
    flash() { sh ${../../apps}/flash.sh "$@"; }
    if flash /dev/sdX; then exit 1; fi
    touch "result/an image.img" other.img
    [ "$(flash /dev/sdX)" = "<flash><result/an image.img></dev/sdX>" ]
    [ "$(flash --yes --json /dev/sdX)" = "<flash><--yes><--json><result/an image.img></dev/sdX>" ]
    [ "$(flash --yes other.img /dev/sdX)" = "<flash><--yes><other.img></dev/sdX>" ]
    # Without words, and for --help, gpt-pack says what there is.
    [ "$(flash)$(flash --help)" = "<flash><flash><--help>" ]
    for option in --force --guids --progress; do
      status=0
      flash "$option" sda /dev/sda 2>message || status=$?
      [ "$status" -eq 64 ]
      grep -qF -e "$option=VALUE" message
    done
    touch result/another.img
    if flash /dev/sdX; then exit 1; fi
  '';

  # Another kernel than the board was described with is noticed.
  other-kernels-are-refused = check "other-kernels-are-refused" [ jq ] ''
    # said VERSION SYSTEM STATUS WORDS
    said() {
      status=0
      sh ${../../pipeline/kernel-check.sh} testboard ${builtins.toFile "kernel.json" (
        builtins.toJSON {
          kernelRelease = "5.4.85-22138-ga9994f5cad40";
          arch = "x86_64";
        }
      )} "$1" "$2" 2>message || status=$?
      [ "$status" -eq "$3" ] || return
      if [ -n "$4" ]; then grep -F "$4" message; else [ ! -s message ]; fi
    }
    said 5.4.85 x86_64-linux 0 ""
    said 5.4 x86_64-linux 0 ""
    said "" x86_64-linux 0 ""
    said 5.4.8 x86_64-linux 2 'shimboot.kernelVersion = "5.4.85"'
    said 5.15 x86_64-linux 2 "the shim's kernel is 5.4.85-22138-ga9994f5cad40, want 5.15"
    said 5.4 aarch64-linux 2 'Set nixpkgs.hostPlatform = "x86_64-linux"'
  '';

  # docs/boards.md is what nix/boards says. `make docs` writes it.
  boards-page-is-current =
    runCommand "boards-page-is-current"
      {
        page = boards.table;
        passAsFile = [ "page" ];
      }
      ''
        diff -u ${../../../docs/boards.md} "$pagePath"
        touch "$out"
      '';

  # Names lead to boards, and wrong ones to a proposal.
  boards-are-found = import ./boards.nix { inherit lib runCommand boards; };
}
// (
  if systemd == null then
    { }
  else
    {
      unpatched-systemd-is-refused = check "unpatched-systemd-is-refused" [ ] ''
        sh ${../../packages/systemd/check.sh} ${systemd}/usr
        cp -r ${systemd}/usr stock
        chmod -R u+w stock
        sed -i s/mount-nofollow-by-path/mount-nofollow-by-fd.../g stock/lib/*/systemd/libsystemd-shared-*.so
        if sh ${../../packages/systemd/check.sh} stock 2>message; then exit 1; fi
        grep -F "without mount-nofollow.patch" message
        if sh ${../../packages/systemd/check.sh} . 2>message; then exit 1; fi
        grep -F "want a systemd" message
      '';
    }
)
# Over stubs of NixOS' options; with the stand-in, whose lib has no module
# system, `make eval` does it.
// (
  if !(lib ? evalModules) then
    { }
  else
    {
      modules-evaluate =
        let
          result = import ../eval { inherit lib; };
        in
        if result.failed == [ ] then
          runCommand "modules-evaluate" { passed = builtins.length result.passed; } ''echo "$passed" >"$out"''
        else
          throw "modules-evaluate: ${builtins.toJSON result.failed}";
    }
)
