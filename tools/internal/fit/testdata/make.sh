#!/bin/sh
# Makes the small trees that the fuzzing of package fit starts from.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

echo '/dts-v1/; / { model = "m"; compatible = "a,b", "c"; cpus { cpu@0 { reg = <0>; }; }; };' |
  dtc -q -I dts -O dtb -o board.dtb -
lz4 -q -f board.dtb "$tmp/board.lz4"
cp board.dtb "$tmp"
cat >"$tmp/fit.its" <<'ITS'
/dts-v1/;
/ { description = "d"; #address-cells = <1>;
  images {
    k { data = "kernel"; type = "kernel_noload"; arch = "arm64"; compression = "none"; load = <0>; };
    f { data = /incbin/("board.dtb"); type = "flat_dt"; arch = "arm64"; compression = "none"; };
    l { data = /incbin/("board.lz4"); type = "flat_dt"; arch = "arm64"; compression = "lz4"; };
  };
  configurations {
    default = "c";
    c { kernel = "k"; fdt = "f", "l"; };
    d { kernel = "k"; fdt = "l"; compatible = "x"; };
    e { kernel = "k"; fdt = "l"; ramdisk = "k"; };
  };
};
ITS
export SOURCE_DATE_EPOCH=315532800
mkimage -q -f "$tmp/fit.its" inside.dtb
mkimage -q -E -f "$tmp/fit.its" external.dtb
mkimage -q -E -p 2048 -f "$tmp/fit.its" placed.dtb
