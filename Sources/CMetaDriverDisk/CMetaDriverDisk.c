#define _GNU_SOURCE
#include "CMetaDriverDisk.h"

#include <errno.h>

#if defined(__linux__)

#include <stdint.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// The same on every architecture; older C libraries do not name them.
enum { open_beneath_call = 437, no_symlinks = 0x04, cached = 0x20, no_wait = 0x08 };

struct how {
  uint64_t flags, mode, resolve;
};

int metadriver_open_beneath(int directory, const char *path, int flags, unsigned int mode, int cached_only) {
  struct how how = {(uint32_t)flags, mode, no_symlinks | (cached_only ? cached : 0)};
  return (int)syscall(open_beneath_call, directory, path, &how, sizeof how);
}

ssize_t metadriver_read_cached(int descriptor, void *buffer, size_t count, off_t offset) {
  struct iovec part = {buffer, count};
  return syscall(SYS_preadv2, descriptor, &part, 1L, (long)offset, (long)((uint64_t)offset >> 32), no_wait);
}

#else

int metadriver_open_beneath(int directory, const char *path, int flags, unsigned int mode, int cached_only) {
  errno = ENOSYS;
  return -1;
}

ssize_t metadriver_read_cached(int descriptor, void *buffer, size_t count, off_t offset) {
  errno = ENOSYS;
  return -1;
}

#endif
