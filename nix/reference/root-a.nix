# A ChromeOS-like ROOT-A as an ext2 image: modules as .ko.gz, firmware,
# symlinks of every kind, modprobe.d, and ChromeOS' mark against writing.
{ pkgs }:
{
  name,
  # Directory with etc/, lib/ and firmware.txt.
  content,
  # Directory with lib/modules/<release>, and the release in a file.
  kernel,
  # Another name for the modules' release.
  release ? "",
}:
pkgs.runCommand "${name}-root-a.ext2"
  {
    nativeBuildInputs = [
      pkgs.e2fsprogs
      pkgs.kmod
      pkgs.perl
    ];
    busybox = pkgs.pkgsStatic.busybox;
    seed = name;
    inherit release;
  }
  ''
    . ${./filesystem.sh}
    mkdir root
    cd root

    mkdir -p bin dev etc/init home lib64 mnt/stateful_partition opt proc root run sbin sys tmp usr/bin usr/sbin usr/share var
    chmod 1777 tmp
    chmod 0700 root
    cp -r ${./root-a}/. ${content}/etc ${content}/lib .
    chmod -R u+w .
    chmod 755 sbin/init
    cp "$busybox/bin/busybox" bin/busybox
    for applet in awk cat cut df dmesg echo grep ln ls mkdir modprobe mount poweroff reboot sh sleep stat sync umount uname; do
      ln -s busybox "bin/$applet"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\n' > etc/passwd
    printf 'root:x:0:\n' > etc/group

    # Modules. depmod of a kmod without zlib (Debian's) finds nothing in a
    # .ko.gz and says nothing, so the index is made before they are packed.
    # modules.dep.bin cannot be renamed in and is left out: modprobe then reads
    # modules.dep.
    built=$(cat ${kernel}/release)
    modules=lib/modules/''${release:-$built}
    mkdir -p lib/modules
    cp -r "${kernel}/lib/modules/$built" "$modules"
    chmod -R u+w "$modules"
    depmod -b . "''${modules##*/}"
    find "$modules" -name '*.ko' -exec gzip -9n {} +
    rm "$modules/modules.dep.bin"
    sed -i -E 's/\.ko(:| |$)/.ko.gz\1/g' "$modules/modules.dep"
    grep -q '^kernel/fs/fuse/fuse\.ko\.gz:' "$modules/modules.dep"

    # Firmware.
    grep -v -e '^#' -e '^$' ${content}/firmware.txt | while read -r kind what rest; do
      case $kind in
        blob)
          path=''${rest#* }
          mkdir -p "''${path%/*}"
          seed=$(printf %s "$rest" | cksum | cut -d' ' -f1)
          perl -e '
            my ($size, $seed) = @ARGV;
            binmode STDOUT;
            srand($seed);
            print pack("C*", map { int(rand(256)) } 1 .. $size);
          ' "$what" "$seed" > "$path"
          ;;
        link)
          mkdir -p "''${rest%/*}"
          ln -s "$what" "$rest"
          ;;
      esac
    done
    cd ..

    make_ext root "$out" 60M ROOT-A -t ext2 -O none,ext_attr,dir_index,filetype,sparse_super,large_file
    e2fsck -fn "$out" > fsck.log 2>&1 || { cat fsck.log >&2; exit 1; }
    # ChromeOS' disable_rw_mount: the top byte of the read-only-compatible
    # features. No kernel then mounts it for writing.
    printf '\377' | dd of="$out" bs=1 seek=$((0x464 + 3)) conv=notrunc status=none
  ''
