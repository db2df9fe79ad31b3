#!/bin/sh
# Puts the rules into a source of Linux, of 5.10 and later, in the current directory:
#
#   install.sh FOLDER
set -eu

# changed FILE SCRIPT: by sed, which has to find what it is to change.
changed() {
  cp "$1" before
  sed -i "$2" "$1"
  if cmp -s before "$1"; then
    echo "install.sh: nothing in $1 for $2" >&2
    exit 1
  fi
  rm before
}

cp -r "$1" security/chromiumos
chmod -R u+w security/chromiumos
# shellcheck disable=SC2016 # make's
echo 'obj-$(CONFIG_SECURITY_CHROMIUMOS) += chromiumos/' >>security/Makefile
changed security/Kconfig '/^source "security\/yama/a source "security/chromiumos/Kconfig"'
changed fs/namespace.c '/^#include "internal.h"/a #include "../security/chromiumos/mount.h"'
changed fs/namespace.c 's/user_path_at(AT_FDCWD, dir_name, LOOKUP_FOLLOW, &path)/chromiumos_mount_target(dir_name, \&path)/'
changed kernel/cgroup/cgroup.c 's/= "cgroup2",$/= IS_ENABLED(CONFIG_CGROUP1_ONLY) ? "" : "cgroup2",/'
changed kernel/cgroup/cgroup.c 's/WARN_ON(register_filesystem(&cgroup2_fs_type))/WARN_ON(!IS_ENABLED(CONFIG_CGROUP1_ONLY) \&\& register_filesystem(\&cgroup2_fs_type))/'
