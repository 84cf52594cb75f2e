#define _GNU_SOURCE
#include "CBenchmarkSupport.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK };

static atomic_ulong last_number;

static int synchronize(int file) {
#if defined(F_FULLFSYNC)
  if (fcntl(file, F_FULLFSYNC) == 0) return 0;
#endif
  return fsync(file);
}

static void name_temporary(char *name, size_t size) {
  snprintf(name, size, "%d-%lu.tmp", getpid(), atomic_fetch_add(&last_number, 1) + 1000000000);
}

int benchmark_open_folder(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

int benchmark_disk_put(
    int root, const char *root_path, const char *folder, const char *stripe, const char *name, const void *bytes,
    long count) {
  char temporary[64], path[4096], stored[64];
  struct stat facts;
  int failed = 0;
  int target = openat(root, folder, O_RDONLY | O_DIRECTORY | always);
  int temporaries = openat(root, "tmp", O_RDONLY | O_DIRECTORY | always);
  name_temporary(temporary, sizeof temporary);
  int file = openat(temporaries, temporary, O_RDWR | O_CREAT | O_EXCL | always, 0600);
  failed |= flock(file, LOCK_EX | LOCK_NB);
  failed |= fstat(file, &facts);
  failed |= write(file, bytes, (size_t)count) != count;
  failed |= synchronize(file);

  int locks = openat(root, "locks", O_RDONLY | O_DIRECTORY | always);
  int lock = openat(locks, stripe, O_RDWR | O_CREAT | always, 0600);
  failed |= flock(lock, LOCK_EX);
  failed |= fstat(lock, &facts);
  failed |= lstat(root_path, &facts);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int old = openat(root, path, O_RDONLY | always);
  failed |= fstat(old, &facts);
  failed |= pread(old, stored, 54, 0) < 0;

  failed |= renameat(temporaries, temporary, target, name);
  failed |= synchronize(target);
  failed |= close(old) | close(locks) | close(lock) | close(file) | close(temporaries) | close(target);
  return failed;
}

int benchmark_disk_put_least(int root, const char *folder, const char *name, const void *bytes, long count) {
  char temporary[64];
  int failed = 0;
  int target = openat(root, folder, O_RDONLY | O_DIRECTORY | always);
  name_temporary(temporary, sizeof temporary);
  int file = openat(target, temporary, O_RDWR | O_CREAT | O_EXCL | always, 0600);
  failed |= write(file, bytes, (size_t)count) != count;
  failed |= synchronize(file);
  failed |= renameat(target, temporary, target, name);
  failed |= synchronize(target);
  failed |= close(file) | close(target);
  return failed;
}

long benchmark_disk_get(int root, const char *path) {
  struct stat facts;
  int file = openat(root, path, O_RDONLY | always);
  if (file < 0 || fstat(file, &facts) != 0) return -1;
  char *bytes = malloc((size_t)facts.st_size);
  ssize_t count = pread(file, bytes, (size_t)facts.st_size, 0);
  // The compiler must not conclude that nobody looks at the bytes.
  __asm__ volatile("" : : "r"(bytes) : "memory");
  free(bytes);
  close(file);
  return count;
}
