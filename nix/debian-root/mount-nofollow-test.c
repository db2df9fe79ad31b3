/* Calls mount_nofollow() of a libsystemd-shared in a mount namespace of its
 * own, and plays the rule of ChromeOS kernels: our mount() is found before the
 * C library's, and refuses with ELOOP a target that is reached over a symlink.
 *
 * mount-nofollow-test stock|patched: exit status 0 if the library behaves so. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int mount_nofollow(const char *source, const char *target, const char *type, unsigned long flags, const void *data);

static bool rule;

int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data) {
        if (rule) {
                struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
                long fd = syscall(SYS_openat2, AT_FDCWD, target, &how, sizeof how);
                if (fd < 0)
                        return -1;
                close((int) fd);
        }
        return (int) syscall(SYS_mount, source, target, type, flags, data);
}

static bool is_mount_point(const char *path) {
        struct stat here, above;
        char parent[256];

        snprintf(parent, sizeof parent, "%s/..", path);
        return stat(path, &here) == 0 && stat(parent, &above) == 0 && here.st_dev != above.st_dev;
}

static int failures;

/* mounted: where the new file system must show up, or NULL if it must not. */
static void expect(const char *what, const char *target, int want, const char *mounted) {
        int got = mount_nofollow("tmpfs", target, "tmpfs", MS_NOSUID, NULL);
        bool ok = want == 0 ? got == 0 && is_mount_point(mounted) :
                  want == -1 ? got < 0 :
                               got == want;

        printf("%s: %s: %s%s\n", ok ? "ok" : "FAILED", what, got < 0 ? strerror(-got) : "mounted", rule ? " (with the rule)" : "");
        failures += !ok;
        if (got == 0)
                umount2(target, MNT_DETACH);
}

static void need(int result, const char *what) {
        if (result < 0) {
                perror(what);
                exit(2);
        }
}

int main(int argc, char *argv[]) {
        bool patched = argc > 1 && strcmp(argv[1], "patched") == 0;

        need(chdir("/tmp"), "chdir");
        need(mkdir("plain", 0755), "mkdir");
        need(mkdir("real", 0755), "mkdir");
        need(mkdir("real/sub", 0755), "mkdir");
        need(symlink("real", "parent"), "symlink");
        need(symlink("plain", "link"), "symlink");

        for (int i = 0; i < 2; i++) {
                rule = i == 1;
                int want = rule && !patched ? -ELOOP : 0;

                expect("plain directory", "/tmp/plain", want, "/tmp/plain");
                expect("relative path", "plain", want, "/tmp/plain");
                expect("symlink as parent", "/tmp/parent/sub", want, "/tmp/real/sub");
                /* The stock function leaves it to the kernel which error that is. */
                expect("symlink as target", "/tmp/link", patched ? -ELOOP : -1, NULL);
                if (is_mount_point("/tmp/plain"))
                        failures++;
                expect("no such directory", "/tmp/none", -ENOENT, NULL);
        }

        /* Without /proc there is no descriptor to ask for its path. */
        if (patched) {
                need(umount2("/proc", MNT_DETACH), "umount /proc");
                expect("plain directory without /proc", "/tmp/plain", 0, "/tmp/plain");
                expect("symlink as target without /proc", "/tmp/link", -ELOOP, NULL);
        }

        need(rmdir("plain"), "rmdir");
        need(rmdir("real/sub"), "rmdir");
        need(rmdir("real"), "rmdir");
        need(unlink("parent"), "unlink");
        need(unlink("link"), "unlink");
        return failures > 0;
}
