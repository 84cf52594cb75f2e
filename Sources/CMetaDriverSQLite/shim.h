#pragma once
#include <sqlite3.h>

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

/// Binds a copy of the bytes.
static inline int metadriver_sqlite_bind_copy(sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}
