// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of ChromeOS' security module, written anew from what it refuses, so that
 * the reference board refuses the same. Each is an option of Kconfig, and logs the
 * words by which kern-unpack tells it. The rule against symlinks in a mount's target
 * is not here: no hook sees them (symlink-mounts.patch).
 */
#define pr_fmt(fmt) "Chromium OS LSM: " fmt

#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/lsm_hooks.h>
#include <linux/mount.h>
#include <linux/printk.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/string.h>
#include <linux/version.h>
#include <uapi/linux/mount.h>

#include "chromiumos.h"

/*
 * Who is not root of the machine itself may mount only what is noexec, nosuid and
 * nodev; a bind that is remounted has to keep what it has of these.
 */
static int check_unsafe(const struct path *path, const char *type, unsigned long flags)
{
	const unsigned long free = MS_BIND | MS_MOVE | MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;
	const bool rebound = (flags & MS_REMOUNT) && (flags & MS_BIND);
	const int has = path->mnt->mnt_flags;
	const char *unsafe = NULL;

	if (((flags & free) && !rebound) || capable(CAP_SYS_ADMIN))
		return 0;
	if (!(flags & MS_NOEXEC) && (!rebound || (has & MNT_NOEXEC)))
		unsafe = "exec";
	else if (!(flags & MS_NOSUID) && (!rebound || (has & MNT_NOSUID)))
		unsafe = "suid";
	else if (!(flags & MS_NODEV) && (rebound ? has & MNT_NODEV : !type || strcmp(type, "devpts")))
		unsafe = "dev";
	if (!unsafe)
		return 0;
	pr_notice("Mounting a filesystem with '%s' flag requires CAP_SYS_ADMIN in init ns\n", unsafe);
	return -EPERM;
}

static int chromiumos_sb_mount(const char *dev_name, const struct path *path, const char *type,
			       unsigned long flags, void *data)
{
	if (IS_ENABLED(CONFIG_SECURITY_CHROMIUMOS_NO_OVERLAY) && type && !strcmp(type, "overlay")) {
		pr_notice("Overlayfs mounts prohibited\n");
		return -EPERM;
	}
	if (IS_ENABLED(CONFIG_SECURITY_CHROMIUMOS_NO_UNPRIVILEGED_UNSAFE_MOUNTS))
		return check_unsafe(path, type, flags);
	return 0;
}

/* Programs in any tmpfs, and memfds; root's too. */
static int chromiumos_bprm_check_security(struct linux_binprm *bprm)
{
	if (!IS_ENABLED(CONFIG_SECURITY_CHROMIUMOS_NO_EXEC_SHMEM) || !shmem_mapping(bprm->file->f_mapping))
		return 0;
	pr_notice("memfd execution blocked\n");
	return -EACCES;
}

#ifdef CONFIG_SECURITY_CHROMIUMOS_NO_BPF
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
static int chromiumos_bpf(int cmd, union bpf_attr *attr, unsigned int size, bool kernel)
#else
static int chromiumos_bpf(int cmd, union bpf_attr *attr, unsigned int size)
#endif
{
	pr_notice_ratelimited("bpf syscall blocked\n");
	return -EACCES;
}
#endif

static struct security_hook_list hooks[] __ro_after_init = {
	LSM_HOOK_INIT(sb_mount, chromiumos_sb_mount),
	LSM_HOOK_INIT(bprm_check_security, chromiumos_bprm_check_security),
#ifdef CONFIG_SECURITY_CHROMIUMOS_NO_BPF
	LSM_HOOK_INIT(bpf, chromiumos_bpf),
#endif
#ifdef CONFIG_SECURITY_CHROMIUMOS_PINNING
	LSM_HOOK_INIT(kernel_read_file, pinning_read_file),
	LSM_HOOK_INIT(kernel_load_data, pinning_load_data),
	LSM_HOOK_INIT(sb_free_security, pinning_sb_free),
#endif
};

/* Since 6.8 Linux wants a number for each, and takes any that is no other's. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
static const struct lsm_id name = {
	.name = "chromiumos",
	.id = 1000,
};
#define NAME (&name)
#else
#define NAME "chromiumos"
#endif

static int __init chromiumos_init(void)
{
	security_add_hooks(hooks, ARRAY_SIZE(hooks), NAME);
	pr_info("loaded\n");
	return 0;
}

DEFINE_LSM(chromiumos) = {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
	.id = NAME,
#else
	.name = "chromiumos",
#endif
	.init = chromiumos_init,
};
