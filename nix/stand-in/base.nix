# What nixpkgs' stdenv puts on every builder's PATH.
{ debian }:
let
  words = text: builtins.filter (w: builtins.isString w && w != "") (builtins.split "[ \n]+" text);
in
[
  # No program of it is called; it is what all others run on.
  (debian "libc6" [ ])
  (debian "coreutils" (
    words ''
      [ b2sum base64 basename cat chgrp chmod chown cksum comm cp csplit cut date dd dirname du echo env expand expr
      factor false fmt fold head id install join link ln ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc
      numfmt od paste pathchk pr printenv printf pwd readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shuf
      sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname
      unexpand uniq unlink wc whoami yes
    ''
  ))
  (debian "findutils" (words "find xargs"))
  (debian "diffutils" (words "cmp diff"))
  (debian "sed" [ "sed" ])
  (debian "grep" (words "grep egrep fgrep"))
  (debian "mawk" [ "awk" ])
  (debian "tar" [ "tar" ])
  (debian "gzip" (words "gzip gunzip zcat"))
  (debian "bzip2" (words "bzip2 bunzip2"))
  (debian "xz-utils" (words "xz unxz xzcat"))
  (debian "patch" [ "patch" ])
  (debian "make" [ "make" ])
  (debian "bash" [ "bash" ])
  (debian "dash" [ "sh" ])
]
