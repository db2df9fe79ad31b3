# tests/futility/data of the source that Debian builds vboot-utils from: real
# ChromeOS kernels, keys and firmware, to try our tools on.
{ runCommand, source }:
runCommand "vboot-source" { inherit source; } ''
  for file in $source; do
    case $file in
      *.orig.tar.*) tar -xf "$file" ;;
    esac
  done
  data=$(find . -path '*/tests/futility/data' -type d)
  test -f "$data/rec_kernel_part.bin"
  mkdir -p "$out/tests/futility"
  cp -r "$data" "$out/tests/futility/data"
''
