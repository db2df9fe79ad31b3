#!/bin/sh
# Runs inside the new Debian tree, as a root that fakeroot plays: installs all
# packages under /run/debs, sets the system up, and writes it to the given tar.
set -eu
tar=$1
export DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true

# The packages' files are there already, but dpkg shall unpack them itself:
# only then it knows of them, and only then owners and modes are right.
: >/var/lib/dpkg/status
: >/var/lib/dpkg/available
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

# Some scripts want awk before its package has set the alternative up.
ln -sf mawk /usr/bin/awk

# Nobody reads manuals here; dpkg remembers for packages that come later.
cat >/etc/dpkg/dpkg.cfg.d/no-documentation <<'CONFIG'
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/info/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/man/*
CONFIG
find /usr/share/doc /usr/share/info /usr/share/locale /usr/share/man -mindepth 1 ! -type d ! -name copyright -delete
find /usr/share/doc /usr/share/info /usr/share/locale /usr/share/man -mindepth 1 -type d -empty -delete

run() {
  "$@" >/run/log 2>&1 || {
    cat /run/log
    exit 1
  }
}
echo "unpacking $(find /run/debs/ -name '*.deb' | wc -l) packages"
# The first packages' scripts expect that the essential ones work, which they
# do since their files are there. Forcing is for the order alone: configuring,
# and the audit after it, insist on every dependency.
run dpkg --force-depends --force-unsafe-io --install /run/debs/base-passwd_* /run/debs/base-files_*
run dpkg --force-depends --force-unsafe-io --unpack /run/debs/*.deb
echo "configuring them"
run dpkg --force-unsafe-io --configure --pending
dpkg --audit
# shellcheck disable=SC2016 # dpkg-query's own variables
dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | awk '$1 != "ii" { print "not installed:", $0; bad = 1 } END { exit bad }'

# No password opens root; a first user is the owner's business.
echo shimboot >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\tshimboot\n::1\tlocalhost ip6-localhost ip6-loopback\n' >/etc/hosts
echo '# The bootloader mounts / from the partition "shimboot_rootfs:<name>".' >/etc/fstab
case $(sed -n 's/^root:\([^:]*\):.*/\1/p' /etc/shadow) in
  '*' | '!'*) ;;
  *)
    echo "root has a password" >&2
    exit 1
    ;;
esac

# What is of this build and not of the system. An empty machine-id is filled in
# at boot; none at all would start the questions of a first boot.
: >/etc/machine-id
rm -f /usr/sbin/policy-rc.d /etc/.pwd.lock /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid- \
  /var/lib/dbus/machine-id /var/lib/systemd/random-seed /etc/resolv.conf
rm -f /var/lib/dpkg/lock /var/lib/dpkg/lock-frontend /var/lib/dpkg/triggers/Lock /var/lib/dpkg/*-old /var/cache/debconf/*-old
rm -rf /var/cache/ldconfig/* /var/cache/apt/* /var/log/journal
find /var/log -type f -exec rm {} +

cd /
tar -cf "$tar" --sort=name --format=gnu --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime \
  --exclude='./dev/*' --exclude='./proc/*' --exclude='./run/*' --exclude='./sys/*' --exclude='./tmp/*' --exclude=./nix .
