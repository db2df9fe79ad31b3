/* SPDX-License-Identifier: GPL-2.0 */
/* pinning.c's hooks. */
#include <linux/fs.h>
#include <linux/kernel_read_file.h>

int pinning_read_file(struct file *file, enum kernel_read_file_id id, bool contents);
int pinning_load_data(enum kernel_load_data_id id, bool contents);
void pinning_sb_free(struct super_block *sb);
