#!/bin/sh
# github.com/diskfs/go-diskfs v1.9.4: of an ext4 file that begins with a hole, the
# reader gives other content, of the right length and without an error; a plain
# ext2, as mke2fs makes it, it does not take for a file system at all.
#
# The file here is eight blocks of a hole and four of text, in a file system that
# mke2fs -d has made with blocks of 1 KiB; debugfs reads it right. A file
# without a hole is read right. With blocks of 4 KiB a hole of two blocks was read
# right, and one of eight was not.
# Sparse files are common in roots: databases, logs, images of disks.
#
# Seen with Go 1.26 and e2fsprogs 1.47.0. Needs Go, a module proxy, e2fsprogs.
set -eu
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"
export GOPATH="$dir/go" GOCACHE="$dir/cache" GOFLAGS=-mod=mod GOTOOLCHAIN=local
mkdir program files
cat >program/main.go <<'GO'
package main

import (
	"io"
	"log"
	"os"

	"github.com/diskfs/go-diskfs"
)

// main IMAGE FILE writes the file's content.
func main() {
	d, err := diskfs.Open(os.Args[1], diskfs.WithOpenMode(diskfs.ReadOnly))
	if err != nil {
		log.Fatal(err)
	}
	fs, err := d.GetFilesystem(0)
	if err != nil {
		log.Fatal(err)
	}
	f, err := fs.OpenFile(os.Args[2], os.O_RDONLY)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := io.Copy(os.Stdout, f); err != nil {
		log.Fatal(err)
	}
}
GO
(
  cd program
  go mod init program
  go get github.com/diskfs/go-diskfs@v1.9.4
  go build -o ../read .
) >log 2>&1 || {
  cat log
  exit 1
}

yes "some text" | head -c 4096 >files/plain
truncate -s 8192 files/hole
cat files/plain >>files/hole
for kind in ext4 ext2; do mke2fs -q -t "$kind" -b 1024 -d files "$kind" 16M >log 2>&1; done

changed() {
  echo "this is no longer so: $1" >&2
  exit 1
}
mke2fs -V 2>&1 | head -n 1
for name in plain hole; do
  debugfs -R "cat /$name" ext4 2>/dev/null | cmp - "files/$name"
  ./read ext4 "/$name" >"got-$name"
  echo "$name: $(wc -c <"got-$name") of $(wc -c <"files/$name") bytes, no error, $(cmp "got-$name" "files/$name" || true)"
done
cmp -s got-plain files/plain || changed "a file without a hole is read wrong, too"
[ "$(wc -c <got-hole)" = "$(wc -c <files/hole)" ] || changed "the length is another"
! cmp -s got-hole files/hole || changed "the hole is read right"
! ./read ext2 /plain >log 2>&1 || changed "ext2 is read"
grep "unknown filesystem" log
