# The scripts of the first start in one directory, as they read each other, with
# what the bootloader knows of a device's contents.
{ runCommand }:
runCommand "shimboot-first-boot" { } ''
  mkdir "$out"
  for file in ${./stick.sh} ${./grow.sh} ${./register.sh} \
    ${../../bootloader/shimboot/lib/contents.sh} \
    ${../../bootloader/shimboot/lib/ext4.sh} \
    ${../../bootloader/shimboot/lib/signatures.sh}
  do
    cp "$file" "$out/''${file#*-}"
  done
''
