# shellcheck shell=sh
# What nixos-init's program of that name prints, which is Rust: systemd's generators
# get the variables that NixOS has for them.
exec jq -r --arg path "${PATH-}" '
  to_entries[]
  | "\(.key)=\"\(.value)\(if .key == "PATH" and $path != "" then ":" + $path else "" end)\""' \
  /etc/systemd/generator-environment.json
