# Debian's systemd, configured by debian/rules, with our patch: the files that
# differ from Debian's own package, to lay over a root that has it.
#
# Without clang there are no BPF programs in it, and libsystemd-shared exports
# a few functions less. What comes from here therefore replaces everything that
# called them (both libraries, PID 1 and its executor), and the last check goes
# through the programs of the root to see that none misses anything.
{
  runCommand,
  bubblewrap,
  dpkg,
  debs,
  source,
  rootDebs,
  patch,
}:
runCommand "systemd-mount-nofollow"
  {
    nativeBuildInputs = [
      bubblewrap
      dpkg
    ];
    inherit debs source patch rootDebs;
    unpack = ./unpack.sh;
    build = ./systemd-build.sh;
    mountTest = ./mount-nofollow-test.c;
    marker = "mount-nofollow-by-path";
  }
  ''
    # A tree to compile in. No package in it is configured, so what
    # update-alternatives would link is linked here.
    sh "$unpack" tree $debs
    ln -s gcc tree/usr/bin/cc
    ln -s mawk tree/usr/bin/awk
    sh "$unpack" stock $rootDebs
    mkdir -p work tree/build tree/nix/store

    # The names that the .dsc knows the files by.
    dsc=
    for file in $source; do
      case $file in *.dsc) dsc=$file ;; esac
    done
    sed -n '/^Checksums-Sha256:/,/^[^ ]/s/^ [0-9a-f]* [0-9]* //p' "$dsc" >names
    while read -r name; do
      stored=$(printf %s "$name" | tr '~:%' '---')
      for file in $source; do
        case $file in *-"$stored") ln -s "$file" "work/$name" ;; esac
      done
    done <names
    ln -s "$dsc" work/systemd.dsc
    cp "$build" work/build.sh
    cp "$mountTest" work/mount-nofollow-test.c
    cp "$patch" work/mount-nofollow.patch

    bwrap --unshare-all --die-with-parent --uid 0 --gid 0 --cap-add CAP_SYS_ADMIN \
      --ro-bind tree / --proc /proc --dev /dev --tmpfs /tmp --tmpfs /run --ro-bind /nix/store /nix/store \
      --bind work /build --ro-bind stock /run/stock \
      --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv HOME /homeless-shelter --setenv LC_ALL C.UTF-8 --setenv TZ UTC \
      --setenv SOURCE_DATE_EPOCH "$SOURCE_DATE_EPOCH" --setenv NIX_BUILD_CORES "$NIX_BUILD_CORES" --setenv marker "$marker" \
      --chdir /build /bin/sh /build/build.sh
    cp -r work/out "$out"
  ''
