#ifndef CBENCHMARKSUPPORT_H
#define CBENCHMARKSUPPORT_H

/// Begins or ends the counting of allocations, in all threads of the process.
void benchmark_count_allocations(int on);

/// How many allocations were counted so far; negative where they cannot be counted.
long benchmark_allocation_count(void);

/// Opens a folder; negative when that fails.
int benchmark_open_folder(const char *path);

/// What `DiskDriver` asks the system for when it writes over a datum durably, in the same order.
///
/// - `root`, `root_path`: the folder of the store.
/// - `folder`, `name`: where the file of the datum is, below the root.
/// - `stripe`: the file to lock.
///
/// Returns 0 when all went well.
int benchmark_disk_put(
    int root, const char *root_path, const char *folder, const char *stripe, const char *name, const void *bytes,
    long count);

/// The least that a durable write takes: a new file, synchronised and renamed, and the folder synchronised.
int benchmark_disk_put_least(int root, const char *folder, const char *name, const void *bytes, long count);

/// What `DiskDriver` asks the system for when it reads a small datum: the file is read into new memory, which is freed.
///
/// Returns the number of bytes; negative when something went wrong.
long benchmark_disk_get(int root, const char *path);

/// A SQLite database as a C program uses it that asks the library for what `SQLiteDriver` asks: the same table but for the
/// checksums, a log, prepared statements. Only with the trait.
struct benchmark_sqlite;

/// Makes a database that holds nothing; a null pointer when that fails. It is never closed.
struct benchmark_sqlite *benchmark_sqlite_open(const char *path, int is_durable);

/// Writes over a datum. Returns 0 when all went well.
int benchmark_sqlite_put(struct benchmark_sqlite *store, const char *key, const void *bytes, long count);

/// Reads a datum into new memory, which is freed. Returns the number of bytes; negative when it is not there.
long benchmark_sqlite_get(struct benchmark_sqlite *store, const char *key);

/// Writes the name of the file system that a path is on. Returns whether it is one in memory.
int benchmark_file_system(const char *path, char *name, long size);

/// Handles of libcurl, and the connections that they share; with the trait `HTTP` only.
struct benchmark_http;

/// Makes a client without a connection.
struct benchmark_http *benchmark_http_open(void);

/// Closes its connections.
void benchmark_http_close(struct benchmark_http *client);

/// A request: `fields` are lines such as "Name: value", the last one NULL; `body` is NULL when it has none.
struct benchmark_http_request {
  const char *method;
  const char *url;
  const char *const *fields;
  const void *body;
  long body_count;
};

/// Does operations of several requests each through libcurl's multi interface, and collects each reply into memory of its
/// own.
///
/// - `requests`: `steps` requests for each of the operations that are under way at once: those of the first, and so on.
/// - `count`: how many operations to do, of which `concurrency`, at most 256, are under way at once.
///
/// Returns how many had all their requests answered with a status of 2xx.
long benchmark_http_run(
    struct benchmark_http *client, const struct benchmark_http_request *requests, int steps, long count,
    int concurrency);

#endif
