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
  # The reference board's, taken apart.
  referenceKernel,
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

  # What a kernel asks for is modules, or that a dump is taken; or nothing.
  kernel-starts-little = check "kernel-starts-little" [ ] ''
    mkdir -p bin proc/sys/kernel
    printf '#!/bin/sh\necho "modprobe $*"\n' >bin/modprobe
    chmod +x bin/modprobe
    helper() { PATH=$PWD/bin:$PATH sh ${../../../modules/usermode-helper.sh} "$@"; }
    [ "$(helper -q -- crypto-ccm)" = "modprobe -q -- crypto-ccm" ]
    for words in "" "11 0 0" "-q -- a b" "-r -- a"; do
      # shellcheck disable=SC2086
      if helper $words; then exit 1; fi
    done

    export proc=$PWD/proc
    printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' > bin/taker
    chmod +x bin/taker
    echo "|$PWD/bin/taker %P %s %h" > proc/sys/kernel/core_pattern
    [ "$(helper 77 11 "a name")" = "<77><11><a name>" ]
    # As many words as the pattern has, and a program behind it.
    if helper 77 11; then exit 1; fi
    for pattern in core "|bin/taker %P %s %h" "| /bin/echo %P %h"; do
      echo "$pattern" > proc/sys/kernel/core_pattern
      if helper 77 11 name; then exit 1; fi
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

  # So is one that has or refuses something else: an error where that is relied on,
  # and else the line to set.
  other-traits-are-told = check "other-traits-are-told" [ jq ] ''
    # said KIND NAME OURS THEIRS STATUS WORDS: of a trait that is relied on.
    said() {
      for relied in "$2" other; do
        jq -n --argjson ours "$3" "{abilities: {}, rules: {}} | .$1.$2 = \$ours | .relied = [\"$relied\"]" > expected
        jq -n --arg answer "$4" "{abilities: {}, rules: {}} | .$1.$2 = {\$answer, evidence: \"seen\"}" > kernel.json
        status=0
        jq -r --arg board testboard --slurpfile expected expected -f ${../../pipeline/kernel-traits.jq} kernel.json > message 2>&1 || status=$?
        wanted=0
        [ "$relied" = other ] || wanted=$5
        [ "$status" -eq "$wanted" ] || return
        if [ -n "$6" ]; then [ "$(cat message)" = "testboard: the shim's kernel $6" ]; else [ ! -s message ]; fi || return
      done
    }
    said abilities overlayfs true yes 0 ""
    said abilities overlayfs true unknown 0 ""
    said abilities overlayfs true no 2 "lacks overlayfs (seen): set shimboot.kernelAbilities.overlayfs = false;"
    said abilities overlayfs false yes 0 "has overlayfs (seen): set shimboot.kernelAbilities.overlayfs = true;"
    said abilities overlayfs null no 0 "lacks overlayfs (seen): set shimboot.kernelAbilities.overlayfs = false;"
    said rules unsafeMounts false yes 2 "refuses unsafeMounts (seen): set shimboot.kernelRules.unsafeMounts = true;"
    said rules unsafeMounts true no 0 "does not refuse unsafeMounts (seen): set shimboot.kernelRules.unsafeMounts = false;"
    said rules unsafeMounts null yes 0 "refuses unsafeMounts (seen): set shimboot.kernelRules.unsafeMounts = true;"
    # A name that kern-unpack does not know.
    echo '{"abilities": {"x": true}, "rules": {}, "relied": []}' > expected
    echo '{"abilities": {}, "rules": {}}' > kernel.json
    if jq -r --arg board b --slurpfile expected expected -f ${../../pipeline/kernel-traits.jq} kernel.json 2> message; then exit 1; fi
    grep -F "kern-unpack tells nothing of x" message
  '';

  # What is known of the reference board is so, and all names are known on both sides.
  reference-kernel-is-known = check "reference-kernel-is-known" [ jq ] ''
    jq -r --arg board qemu --slurpfile expected ${builtins.toFile "expected" (
      builtins.toJSON (boards.traitsOf boards.boards.qemu.kernel // { relied = [ ]; })
    )} -f ${../../pipeline/kernel-traits.jq} ${referenceKernel}/kernel.json > differs
    if [ -s differs ]; then cat differs; exit 1; fi
    jq -r '(.abilities, .rules) | keys[] | select(. != "pinning")' ${referenceKernel}/kernel.json > theirs
    diff -u ${builtins.toFile "ours" (
      builtins.concatStringsSep "" (
        map (name: "${name}\n") (
          builtins.concatMap builtins.attrNames (builtins.attrValues (boards.traitsOf boards.boards.qemu.kernel))
        )
      )
    )} theirs
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

  # The same of docs/kernels.md.
  kernels-page-is-current =
    runCommand "kernels-page-is-current"
      {
        page = import ../../../modules/limits/page.nix { inherit lib; };
        passAsFile = [ "page" ];
      }
      ''
        diff -u ${../../../docs/kernels.md} "$pagePath"
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
