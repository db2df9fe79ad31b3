# cryptsetup for the bootloader, where nixpkgs has a static one: Debian's with
# every library it is linked with, to lie in /shimboot of ROOT-A.
{ debian, runCommand }:
runCommand "cryptsetup" { package = debian "cryptsetup-bin" [ "cryptsetup" ]; } ''
  home=$out/libexec/cryptsetup
  mkdir -p "$home" "$out/bin"
  cp -L "$package/bin/cryptsetup" "$home/cryptsetup"
  loader=/lib64/ld-linux-x86-64.so.2
  cp -L "$loader" "$home/ld.so"
  # "NAME => FILE (ADDRESS)"
  "$loader" --list "$home/cryptsetup" | sed -n 's/.* => \(.*\) (.*/\1/p' > libraries
  # What the C library loads when a thread is ended.
  echo /lib/x86_64-linux-gnu/libgcc_s.so.1 >> libraries
  while read -r library; do
    cp -L "$library" "$home"
  done < libraries
  printf '#!/shimboot/bin/sh\nd=/shimboot/libexec/cryptsetup\nexec "$d/ld.so" --library-path "$d" "$d/cryptsetup" "$@"\n' > "$out/bin/cryptsetup"
  chmod 755 "$out/bin/cryptsetup" "$home"/*
''
