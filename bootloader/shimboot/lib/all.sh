# shellcheck shell=sh
# Everything the bootloader knows. Tests set the directories before they read
# this, or one of the files, to look at made-up trees.

shimboot=${shimboot-/shimboot} # programs and these files
run=${run-$shimboot/run}       # what this boot has found out
log=${log-/boot.log}           # seen as /run/shimboot/boot.log by the system
sys=${sys-/sys}
proc=${proc-/proc}
dev=${dev-/dev}

. "$lib/say.sh"
. "$lib/mounts.sh"
. "$lib/consoles.sh"
. "$lib/events.sh"
. "$lib/signatures.sh"
. "$lib/ext4.sh"
. "$lib/contents.sh"
. "$lib/disks.sh"
. "$lib/conf.sh"
. "$lib/state.sh"
. "$lib/logs.sh"
. "$lib/tries.sh"
. "$lib/root.sh"
. "$lib/generations.sh"
. "$lib/entries.sh"
. "$lib/typing.sh"
. "$lib/passphrase.sh"
. "$lib/luks.sh"
. "$lib/headers.sh"
. "$lib/head.sh"
. "$lib/kept.sh"
. "$lib/encrypt.sh"
. "$lib/encrypt-end.sh"
. "$lib/menu.sh"
. "$lib/menu-text.sh"
. "$lib/screens.sh"
. "$lib/rescue.sh"
. "$lib/repair.sh"
. "$lib/handover.sh"
