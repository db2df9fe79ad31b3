# Writes the list of the initramfs' content for the kernel's gen_init_cpio,
# which makes device nodes without being root. Sourced by default.nix.
# shellcheck shell=sh
: "${files:?}" "${busybox:?}" "${cgpt:?}"

dir() { echo "dir $1 ${2-0755} 0 0"; }
# file NAME SOURCE MODE [HARDLINK...]
file() {
  source=$(readlink -f "$2")
  name=$1 mode=$3
  shift 3
  echo "file $name $source $mode 0 0 $*"
}
slink() { echo "slink $1 $2 0777 0 0"; }

# Everything that the program $1 needs at run time, with the names under which
# it looks: its loader, and its libraries as the loader finds them.
libraries() {
  loader=$(readelf -l "$1" | sed -n 's/.*interpreter: \(.*\)\]$/\1/p')
  echo "$loader"
  "$loader" --list "$1" | awk '$2 == "=>" { print $3 }'
}

for name in /bin /dev /etc /lib /log /mnt /proc /root /run /sys /var; do
  dir "$name"
done
dir /tmp 1777
slink /sbin bin
slink /usr .
echo "nod /dev/console 0600 0 0 c 5 1"
echo "nod /dev/null 0666 0 0 c 1 3"

file /init "$files/init" 0755
file /bin/bootstrap.sh "$files/bin/bootstrap.sh" 0755
file /bin/factory_tty.sh "$files/bin/factory_tty.sh" 0755
# ChromeOS has the release under two names; here they are one file.
file /etc/lsb-release "$files/etc/lsb-release" 0644 /etc/os-release

# /init installs the other applets, so these are only what people and scripts
# may want before that.
file /bin/busybox "$busybox/bin/busybox" 0755
for applet in awk basename cat chmod clear cp cut date dd df dirname dmesg echo find grep head hexdump \
  kill killall less ln ls mkdir mknod mount mv pivot_root poweroff ps readlink reboot rm sed seq setsid sh sleep \
  sort stat switch_root sync tail tar tee touch tr umount uname uniq vi wc; do
  slink "/bin/$applet" busybox
done

file /bin/cgpt "$cgpt/bin/cgpt" 0755
libraries "$cgpt/bin/cgpt" | sort -u | while read -r library; do
  # Parents first, each once.
  parent=${library%/*}
  path=
  for part in $(echo "$parent" | tr / ' '); do
    path=$path/$part
    grep -qxF "$path" parents 2>/dev/null || [ "$path" = /lib ] || dir "$path"
    echo "$path" >>parents
  done
  real=$(readlink -f "$library")
  file "$parent/${real##*/}" "$real" 0755
  [ "${real##*/}" = "${library##*/}" ] || slink "$library" "${real##*/}"
done
