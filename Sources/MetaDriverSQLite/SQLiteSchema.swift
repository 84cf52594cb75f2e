#if SQLite
  /// What a file must be to be a store.
  ///
  /// | column of `entry` | |
  /// |---|---|
  /// | `kind` | 0 for mutable data, 1 for immutable |
  /// | `name` | the UTF-8 of the name, so that the index sorts by bytes |
  /// | `stamp`, `parent` | 16 bytes, big-endian: time, then writer; they sort as stamps do. `NULL` for none |
  /// | `is_tombstone` | 0 or 1 |
  /// | `checksum` | ``EntryChecksum`` of all the others |
  /// | `content` | the bytes; the last, so that the others are read without them |
  ///
  /// The table keeps its rows by number and not by key: rows of some length are otherwise two to three times as slow.
  enum SQLiteSchema {
    /// `MDr1`, in the place where the library keeps whose file it is.
    static let applicationID = 0x4d44_7231
    /// In the place where the library keeps the user's version.
    static let version = 1

    /// Makes a store of an empty file, in one transaction.
    static let creation = """
      CREATE TABLE entry (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        name BLOB NOT NULL,
        stamp BLOB,
        parent BLOB,
        is_tombstone INTEGER NOT NULL,
        checksum INTEGER NOT NULL,
        content BLOB NOT NULL
      );
      CREATE UNIQUE INDEX entry_key ON entry (kind, name);
      PRAGMA application_id = \(applicationID);
      PRAGMA user_version = \(version);
      """
  }
#endif
