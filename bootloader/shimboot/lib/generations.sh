# shellcheck shell=sh
# The generations of the NixOS root that is mounted on $newroot: the links
# /nix/var/nix/profiles/system-NUMBER-link, of which "system" names the one that
# is to be started.

profiles=/nix/var/nix/profiles

# list_generations: "NUMBER VERSION DATE", the newest first.
list_generations() {
  for link in "$newroot$profiles"/system-*-link; do
    number=${link##*/system-}
    number=${number%-link}
    case $number in '' | *[!0-9]*) continue ;; esac
    [ -L "$link" ] || [ -d "$link" ] || continue
    echo "$number $(generation_version "$number") $(link_date "$link")"
  done | sort -rn
}

generation_version() (
  file=$(in_root "$profiles/system-$1-link/nixos-version")
  if ! [ -f "$newroot$file" ]; then
    echo -
    return
  fi
  version=$(head -c 80 "$newroot$file" | tr -cd '[:alnum:].+_-' | cut -c 1-24)
  echo "${version:--}"
)

# link_date LINK: when the generation was made, unless the image's build has
# set all times to the beginning.
link_date() (
  date=$(stat -c %y "$1")
  case $date in
    19[78]*) echo - ;;
    *) echo "${date%% *}" ;;
  esac
)

# current_generation: the number that the profile's link leads to.
current_generation() (
  link=$(readlink "$newroot$profiles/system") || return 0
  number=${link##*system-}
  number=${number%-link}
  case $number in *[!0-9]*) return ;; esac
  echo "$number"
)
