/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rule against symlinks in a mount's target, which no hook sees: mount(2) fails
 * with ELOOP when the lookup crossed one, /proc/self/fd/N included. Like the original,
 * this does not cover move_mount(2), umount(2) and pivot_root(2). For fs/namespace.c.
 */
static int chromiumos_mount_target(const char __user *name, struct path *path)
{
	const bool rule = IS_ENABLED(CONFIG_SECURITY_CHROMIUMOS_NO_SYMLINK_MOUNT);
	int ret = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW | (rule ? LOOKUP_NO_SYMLINKS : 0), path);
	char target[128];

	if (!rule || ret != -ELOOP)
		return ret;
	if (strncpy_from_user(target, name, sizeof(target)) < 0)
		target[0] = 0;
	target[sizeof(target) - 1] = 0;
	pr_notice("Chromium OS LSM: sb_mount Mount path with symlinks prohibited - obj=%s pid=%d comm=%s\n",
		  target, current->pid, current->comm);
	return ret;
}
