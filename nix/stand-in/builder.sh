#!/bin/sh
# What every stand-in derivation starts with; see stdenv.nix.
set -eu
umask 022
cd "$NIX_BUILD_TOP"
: "${SOURCE_DATE_EPOCH:=315532800}"
export SOURCE_DATE_EPOCH HOME=/homeless-shelter LC_ALL=C.UTF-8 TZ=UTC
# shellcheck source=/dev/null
. "${buildCommandPath:?}"
