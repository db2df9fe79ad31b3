#!/bin/sh
# Makes vblock.bin, what FuzzParse starts from: keyblock and preamble of a tiny
# kernel, as vbutil_kernel packs them. The key is a new one each time.
set -eu
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key.pem
futility --vb1 create key.pem key
vbutil_keyblock --pack key.keyblock --datapubkey key.vbpubk --signprivate key.vbprivk --flags 26
echo kernel >kernel
echo quiet >cmdline
vbutil_kernel --pack blob --pad 1024 --version 1 --arch arm --keyblock key.keyblock --signprivate key.vbprivk \
  --vmlinuz kernel --config cmdline --bootloader kernel
head -c 1024 blob >"$here/vblock.bin"
