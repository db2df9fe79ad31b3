/* Grows a mounted ext4 to a number of blocks: grow MOUNTPOINT BLOCKS. It is
 * what resize2fs asks of the kernel, without what else resize2fs does. */
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#define EXT4_IOC_RESIZE_FS _IOW('f', 16, __u64)

int main(int argc, char **argv)
{
	__u64 blocks;
	int fd;

	if (argc != 3)
		return 64;
	blocks = strtoull(argv[2], NULL, 10);
	fd = open(argv[1], O_RDONLY | O_DIRECTORY);
	if (fd < 0 || ioctl(fd, EXT4_IOC_RESIZE_FS, &blocks) < 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
