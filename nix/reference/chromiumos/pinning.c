// SPDX-License-Identifier: GPL-2.0
/*
 * Modules and firmware come from one file system alone, the first that any came
 * from, as ChromeOS' 4.4 has it: mainline's LoadPin is younger, and takes a file
 * system without a disk for a writable one.
 */
#define pr_fmt(fmt) "Chromium OS LSM: " fmt

#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/mount.h>
#include <linux/printk.h>
#include <linux/security.h>
#include <linux/spinlock.h>
#include <linux/sysctl.h>
#include <linux/version.h>

#include "chromiumos.h"

static int locking = 1;
static struct super_block *pinned; /* NULL at start; an error once it is gone */
static DEFINE_SPINLOCK(pinned_lock);

static struct ctl_table locking_table[] = {
	{
		.procname = "module_locking",
		.data = &locking,
		.maxlen = sizeof(int),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = SYSCTL_ZERO,
		.extra2 = SYSCTL_ONE,
	},
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	{ }
#endif
};

/* Where the disk could be written to, the lock keeps nothing safe. */
static void offer_switch(struct super_block *sb)
{
	if (sb->s_bdev && !bdev_read_only(sb->s_bdev))
		register_sysctl("kernel/chromiumos", locking_table);
}

static int refuse(const char *why)
{
	if (!locking)
		return 0;
	pr_notice("init_module %s\n", why);
	return -EPERM;
}

int pinning_read_file(struct file *file, enum kernel_read_file_id id, bool contents)
{
	struct super_block *sb;
	bool first;

	if (id != READING_MODULE && id != READING_FIRMWARE)
		return 0;
	if (!file)
		return refuse("old-api-denied");
	sb = file->f_path.mnt->mnt_sb;
	spin_lock(&pinned_lock);
	first = !pinned;
	if (first)
		pinned = sb;
	spin_unlock(&pinned_lock);
	if (first)
		offer_switch(sb);
	return sb == pinned ? 0 : refuse("locked");
}

int pinning_load_data(enum kernel_load_data_id id, bool contents)
{
	return id == LOADING_MODULE ? refuse("old-api-denied") : 0;
}

void pinning_sb_free(struct super_block *sb)
{
	if (sb == pinned)
		pinned = ERR_PTR(-EIO);
}

static int __init set_locking(char *text)
{
	locking = strcmp(text, "0") != 0;
	return 1;
}
__setup("lsm.module_locking=", set_locking);
