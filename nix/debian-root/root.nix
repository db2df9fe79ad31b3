# A minimal Debian 13, installed the way debootstrap does it: unpack the files,
# then let the new system's own dpkg install the packages properly, maintainer
# scripts and all. It runs in a user namespace that knows one user, so fakeroot
# keeps the book of owners, and writes the tar from it.
{
  runCommand,
  bubblewrap,
  dpkg,
  fakerootDebs,
  debs,
}:
runCommand "debian-13-root.tar"
  {
    nativeBuildInputs = [
      bubblewrap
      dpkg
    ];
    inherit debs fakerootDebs;
    unpack = ./unpack.sh;
    install = ./root-install.sh;
  }
  ''
    sh "$unpack" fakeroot $fakerootDebs
    sh "$unpack" root $debs
    mkdir debs
    for deb in $debs; do
      ln -s "$deb" "debs/''${deb#*-}"
    done

    bwrap --unshare-all --die-with-parent --uid 0 --gid 0 --cap-add CAP_DAC_OVERRIDE \
      --bind root / --proc /proc --dev /dev --tmpfs /tmp --tmpfs /run \
      --ro-bind debs /run/debs --ro-bind /nix/store /nix/store \
      --ro-bind fakeroot /run/fakeroot --ro-bind "$install" /run/install.sh \
      --bind "$PWD" /run/build \
      --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv HOME /root \
      --setenv LC_ALL C.UTF-8 --setenv SOURCE_DATE_EPOCH "$SOURCE_DATE_EPOCH" \
      --setenv FAKEROOTDONTTRYCHOWN 1 \
      --chdir / /bin/bash /run/fakeroot/usr/bin/fakeroot-sysv \
      --lib /run/fakeroot/usr/lib/x86_64-linux-gnu/libfakeroot/libfakeroot-sysv.so \
      --faked /run/fakeroot/usr/bin/faked-sysv \
      /bin/sh /run/install.sh /run/build/root.tar
    mv root.tar "$out"
  ''
