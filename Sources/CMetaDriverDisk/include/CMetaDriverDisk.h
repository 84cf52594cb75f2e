#ifndef CMETADRIVERDISK_H
#define CMETADRIVERDISK_H

#include <stddef.h>
#include <sys/types.h>

// Linux has two promises that Swift cannot ask for, because they are not in the C library's interface: to open only
// below a folder without following any symbolic link, and to open and read only if that does not wait for the device.
// Each function returns what the system call does, and sets errno; elsewhere each fails with ENOSYS.

/// Opens `path` below `directory`; a symbolic link anywhere on the way is ELOOP. With `cached_only`, EAGAIN where the
/// answer is not in memory.
int metadriver_open_beneath(int directory, const char *path, int flags, unsigned int mode, int cached_only);

/// Reads at `offset` what is in memory; EAGAIN where that is nothing.
ssize_t metadriver_read_cached(int descriptor, void *buffer, size_t count, off_t offset);

#endif
