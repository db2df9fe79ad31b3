/*
 * Calls of the kernel that a shell has no command for. Each prints nothing and
 * succeeds, or says why not:
 *
 *   try memfd PROGRAM        runs a copy of it that lies in memory alone
 *   try bpf                  makes a map
 *   try init-module FILE     loads a module that the kernel sees no file of
 *   try fsopen TYPE          begins a mount in the newer way
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int failed(const char *what)
{
	perror(what);
	return 1;
}

/* The file's content; never NULL. */
static void *content(const char *path, size_t *size)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	void *data;

	if (fd < 0 || fstat(fd, &st))
		exit(failed(path));
	*size = st.st_size;
	data = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		exit(failed(path));
	return data;
}

static int try_memfd(const char *program)
{
	size_t size;
	void *data = content(program, &size);
	char *const arguments[] = { "true", NULL };
	char *const environment[] = { NULL };
	int fd = memfd_create("program", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return failed("memfd");
	fexecve(fd, arguments, environment);
	return failed("memfd");
}

static int try_bpf(void)
{
	union bpf_attr map;

	memset(&map, 0, sizeof(map));
	map.map_type = BPF_MAP_TYPE_ARRAY;
	map.key_size = 4;
	map.value_size = 4;
	map.max_entries = 1;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)) < 0 ? failed("bpf") : 0;
}

static int try_init_module(const char *file)
{
	size_t size;
	void *data = content(file, &size);

	return syscall(SYS_init_module, data, size, "") < 0 ? failed("init_module") : 0;
}

static int try_fsopen(const char *type)
{
	return syscall(SYS_fsopen, type, 0) < 0 ? failed("fsopen") : 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "bpf"))
		return try_bpf();
	if (argc == 3 && !strcmp(argv[1], "memfd"))
		return try_memfd(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "init-module"))
		return try_init_module(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "fsopen"))
		return try_fsopen(argv[2]);
	fprintf(stderr, "try: see try.c\n");
	return 64;
}
