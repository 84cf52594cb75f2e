#ifdef METADRIVER_SQLITE
#include "CBenchmarkSupport.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct benchmark_sqlite {
  sqlite3 *database;
  sqlite3_stmt *put;
  sqlite3_stmt *get;
};

struct benchmark_sqlite *benchmark_sqlite_open(const char *path, int is_durable) {
  struct benchmark_sqlite *store = calloc(1, sizeof *store);
  const char *setup = is_durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
  int failed = sqlite3_open_v2(
      path, &store->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  failed |= sqlite3_exec(store->database, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
  failed |= sqlite3_exec(store->database, setup, NULL, NULL, NULL);
  failed |= sqlite3_exec(
      store->database,
      "CREATE TABLE entry (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name BLOB NOT NULL, stamp BLOB, parent BLOB,"
      " is_tombstone INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (kind, name))",
      NULL, NULL, NULL);
  failed |= sqlite3_prepare_v3(
      store->database,
      "INSERT INTO entry (kind, name, stamp, parent, is_tombstone, content) VALUES (0, ?1, NULL, NULL, 0, ?2)"
      " ON CONFLICT (kind, name) DO UPDATE SET stamp = excluded.stamp, parent = excluded.parent,"
      " is_tombstone = excluded.is_tombstone, content = excluded.content"
      " WHERE entry.stamp IS NULL OR excluded.stamp > entry.stamp",
      -1, SQLITE_PREPARE_PERSISTENT, &store->put, NULL);
  failed |= sqlite3_prepare_v3(
      store->database, "SELECT stamp, parent, is_tombstone, content FROM entry WHERE kind = 0 AND name = ?1", -1,
      SQLITE_PREPARE_PERSISTENT, &store->get, NULL);
  if (failed) return NULL;
  return store;
}

int benchmark_sqlite_put(struct benchmark_sqlite *store, const char *key, const void *bytes, long count) {
  int failed = sqlite3_bind_blob(store->put, 1, key, (int)strlen(key), SQLITE_STATIC);
  failed |= sqlite3_bind_blob(store->put, 2, bytes, (int)count, SQLITE_STATIC);
  failed |= sqlite3_step(store->put) != SQLITE_DONE;
  return failed | sqlite3_reset(store->put);
}

long benchmark_sqlite_get(struct benchmark_sqlite *store, const char *key) {
  sqlite3_bind_blob(store->get, 1, key, (int)strlen(key), SQLITE_STATIC);
  if (sqlite3_step(store->get) != SQLITE_ROW) return -1;
  if (sqlite3_column_type(store->get, 0) != SQLITE_NULL || sqlite3_column_int(store->get, 2) != 0) return -1;
  const void *stored = sqlite3_column_blob(store->get, 3);
  int count = sqlite3_column_bytes(store->get, 3);
  char *bytes = malloc((size_t)count);
  memcpy(bytes, stored, (size_t)count);
  // The compiler must not conclude that nobody looks at the bytes.
  __asm__ volatile("" : : "r"(bytes) : "memory");
  free(bytes);
  sqlite3_reset(store->get);
  return count;
}
#endif
