# shellcheck shell=sh
# Links a tree file by file: lndir [-silent] FROM [TO]
[ "$1" != -silent ] || shift
cp -r --symbolic-link --no-preserve=mode "$(realpath "$1")/." "${2-.}"
