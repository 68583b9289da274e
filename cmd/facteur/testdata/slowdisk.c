// Makes each confirmation of the disk take SLOW_DISK_US microseconds longer, for a program that is linked dynamically.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowly(const char *name, int fd) {
	usleep(atoi(getenv("SLOW_DISK_US")));
	return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
