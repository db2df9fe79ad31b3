#!/bin/sh
# Runs inside a tree of Debian 13: builds the part of systemd that the patch
# touches, tests it, and leaves the result in /build/out. /run/stock is a root
# with Debian's own build.
set -eu
: "${marker:?}"

dpkg-source --no-check -x systemd.dsc source >log 2>&1 || {
  cat log
  exit 1
}
cd source
patch -p1 --fuzz=0 <../mount-nofollow.patch

# Debian's own configuration, so that the libraries have what all the other
# programs of the stock packages expect. Link-time optimisation and debugging
# information cost minutes and change nothing here.
export DEB_BUILD_PROFILES='nodoc nocheck noinsttest pkg.systemd.nobpf'
export DEB_BUILD_OPTIONS=optimize=-lto
export DEB_CFLAGS_STRIP=-g
export DEB_CFLAGS_APPEND=-g0
# What `dh` would say to the programs that debian/rules calls.
export DH_INTERNAL_OPTIONS=-O--buildsystem=meson
debian/rules override_dh_auto_configure >../configure.log 2>&1 || {
  tail -n 60 ../configure.log
  exit 1
}
version=$(dpkg-parsechangelog -S Version)
build=obj-$(dpkg-architecture -qDEB_HOST_GNU_TYPE)
meson configure "$build" -Db_lto=false
libdir=usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/systemd
shared=$(cd /run/stock && echo "$libdir"/libsystemd-shared-*.so)
core=$(cd /run/stock && echo "$libdir"/libsystemd-core-*.so)

# What the patch changes (the library; PID 1 and its executor have a part of it
# linked in), and what calls functions that are only there with BPF. Before 255
# there is no executor.
programs=
for program in systemd systemd-executor systemd-networkd; do
  [ ! -e "/run/stock/usr/lib/systemd/$program" ] || programs="$programs $program"
done
# shellcheck disable=SC2086 # one word a program
ninja -C "$build" -j "${NIX_BUILD_CORES:-1}" "src/shared/${shared##*/}" "src/core/${core##*/}" $programs >../build.log 2>&1 || {
  tail -n 60 ../build.log
  exit 1
}

out=/build/out
# What `meson install` does for these targets (stripping, and the library path
# of the build tree replaced by the final one), without building all others.
# shellcheck disable=SC2086 # one word a program
python3 - "$build/meson-private/install.dat" "${shared##*/}" "${core##*/}" $programs <<'FILTER'
import os, pickle, sys

path, wanted = sys.argv[1], sys.argv[2:]
with open(path, "rb") as f:
    data = pickle.load(f)
data.targets = [t for t in data.targets if os.path.basename(t.fname) in wanted]
assert sorted(os.path.basename(t.fname) for t in data.targets) == sorted(wanted)
for kind in "headers man emptydir data symlinks install_scripts install_subdirs".split():
    setattr(data, kind, [])
with open(path, "wb") as f:
    pickle.dump(data, f)
FILTER
DESTDIR=$out meson install -C "$build" --no-rebuild --strip --quiet
# Debian 12 has its programs in /lib still, which is a link to /usr/lib.
if [ -d "$out/lib" ]; then
  cp -a "$out/lib/." "$out/usr/lib/"
  rm -r "${out:?}/lib"
fi

(cd "$out" && find . -type f) | cut -c 3- | LC_ALL=C sort >../files
for program in $programs; do echo "usr/lib/systemd/$program"; done >../expected
printf '%s\n' "$shared" "$core" >>../expected
LC_ALL=C sort ../expected | diff - ../files

check() {
  if ! "$@"; then
    echo "failed: $*" >&2
    exit 1
  fi
}

# Same name, same libraries, same place to look for them as Debian's. The
# dynamic linker itself is there in any case; link-time optimisation decides
# whether it is named.
linkage() {
  readelf -dW "$1" | sed -n '/ld-linux/d; s/.*(\(SONAME\|NEEDED\|RUNPATH\|RPATH\))/\1/p' | sort
}
while read -r file; do
  linkage "/run/stock/$file" >../stock.linkage
  linkage "$out/$file" | check diff ../stock.linkage -
done <../files

# Same version and same features, but for BPF.
systemd_version() {
  LD_LIBRARY_PATH=$1/$libdir "$1/usr/lib/systemd/systemd" --version | sed 's/[+-]BPF_FRAMEWORK//; s/[+-]BTF//'
}
systemd_version /run/stock >../stock.version
check grep -qF "$version" ../stock.version
systemd_version "$out" | check diff ../stock.version -

# Every other program of the root finds all it asks the two libraries for; one
# that does not has to come from here too ($programs).
find /run/stock/usr -type f \( -perm -u+x -o -name '*.so*' \) | while read -r file; do
  name=${file#/run/stock/}
  if [ -e "$out/$name" ]; then file=$out/$name; fi
  nm -D --undefined-only "$file" 2>/dev/null | awk -v f="$name" '/@SD_SHARED/ { sub(/@.*/, "", $NF); print $NF, f }'
done | LC_ALL=C sort -u >../wanted
nm -D --defined-only "$out/$shared" "$out/$core" | awk '/@@SD_SHARED/ { sub(/@.*/, "", $NF); print $NF }' | LC_ALL=C sort -u >../offered
LC_ALL=C join -v 1 ../wanted ../offered >../missing
check test -s ../wanted
check diff /dev/null ../missing

# The patch is in, and does what it says; the stock library fails where the
# rule of ChromeOS kernels is in force.
check grep -qF "$marker" "$out/$shared"
cc -Wall -Wextra -Werror -O1 -o ../mount-nofollow-test ../mount-nofollow-test.c "/run/stock/$shared"
LD_LIBRARY_PATH=/run/stock/$libdir check ../mount-nofollow-test stock
LD_LIBRARY_PATH=$out/$libdir check ../mount-nofollow-test patched
