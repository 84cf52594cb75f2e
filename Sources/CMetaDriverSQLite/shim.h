#pragma once
#include <sqlite3.h>
#include <string.h>

// Swift calls no function with a variable number of arguments, and sees no macro that casts.

/// Makes a connection trust no file: no triggers and views of its own, no schema that calls functions. Closing it leaves
/// the log as it is. Returns a result code.
static inline int metadriver_sqlite_guard(sqlite3 *database) {
  int code = sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  return code;
}

/// Lets the closing of a connection move the log into the file, if no other connection is left.
static inline int metadriver_sqlite_checkpoint_on_close(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, (int *)0);
}

/// Reads the first 100 bytes of a file as they are, without a lock, a log or a change; those that are missing are zero. The
/// library opens and closes it, which keeps the locks that this process has on it. Returns a result code.
static inline int metadriver_sqlite_header(const char *path, unsigned char header[100]) {
  sqlite3_vfs *system = sqlite3_vfs_find((const char *)0);
  if (system == 0) return SQLITE_ERROR;
  memset(header, 0, 100);
  size_t length = strlen(path);
  // Behind a path the library looks for parameters, up to an empty one.
  char *name = (char *)sqlite3_malloc64(length + 4);
  sqlite3_file *file = (sqlite3_file *)sqlite3_malloc64((sqlite3_uint64)system->szOsFile);
  int code = SQLITE_NOMEM;
  if (name != 0 && file != 0) {
    memset(name, 0, length + 4);
    memcpy(name, path, length);
    memset(file, 0, (size_t)system->szOsFile);
    code = system->xOpen(system, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, (int *)0);
    if (code == SQLITE_OK) code = file->pMethods->xRead(file, header, 100, 0);
    if (code == SQLITE_IOERR_SHORT_READ) code = SQLITE_OK;
    if (file->pMethods != 0) file->pMethods->xClose(file);
  }
  sqlite3_free(file);
  sqlite3_free(name);
  return code;
}

/// Binds a copy of the bytes.
static inline int metadriver_sqlite_bind_copy(sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}
