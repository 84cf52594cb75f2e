#if SQLite
  import MetaDriver

  /// The rows of a store.
  extension SQLiteConnection {
    /// What is stored at a key.
    enum Entry: Sendable {
      case absent
      case sound(Record)
      /// Its content has more bytes than were asked for.
      case larger(byteCount: Int)
      /// It does not have its checksum.
      case damaged
    }

    /// Reads what is stored at a key.
    ///
    /// - Parameter limit: How many bytes of content to read at most.
    func read(_ key: Key, limit: Int) throws(SQLiteFailure) -> Entry {
      try query(.read) { row throws(SQLiteFailure) in
        try row.bind(key)
        try row.bind(Int64(min(limit, Self.pieceByteCount)), at: 3)
        guard try row.step() else { return .absent }
        guard row.isBytes(4) || row.isInteger(4) else { return .damaged }
        let byteCount = row.isBytes(4) ? 0 : Int(row.integer(4))
        guard byteCount <= limit else { return .larger(byteCount: byteCount) }
        guard let stamp = row.stamp(0), let parent = row.stamp(1) else { return .damaged }
        let bytes = row.isBytes(4) ? row.bytes(4) : try content(ofRow: row.integer(5), byteCount: byteCount)
        var record = Record(bytes, stamp: stamp, parent: parent)
        record.isTombstone = row.integer(2) != 0
        let isSound = EntryChecksum(of: record, at: key).value == UInt64(bitPattern: row.integer(3))
        return isSound ? .sound(record) : .damaged
      }
    }

    /// Describes what is stored at a key, without its content; the checksum is not looked at.
    func stat(_ key: Key) throws(SQLiteFailure) -> Stat? {
      try query(.stat) { row throws(SQLiteFailure) in
        try row.bind(key)
        return try row.step() ? row.stat(from: 0) : nil
      }
    }

    /// One page of keys.
    func list(_ request: ListRequest) throws(SQLiteFailure) -> Page {
      let prefix = Array(request.prefix.utf8)
      // What comes behind a name begins with that name and the smallest byte.
      let first = request.cursor.map { Array($0.key.name.utf8) + [0] } ?? prefix
      // No UTF-8 has the byte 255, so raising the last byte gives what is behind all that begin with the prefix.
      let end = prefix.isEmpty ? [255] : prefix.dropLast() + [prefix[prefix.count - 1] + 1]
      return try query(.list) { row throws(SQLiteFailure) in
        try row.bind(request.kind.number, at: 1)
        try row.bind(first.lexicographicallyPrecedes(prefix) ? prefix : first, at: 2)
        try row.bind(end, at: 3)
        try row.bind(Int64(request.limit + 1), at: 4)
        var entries: [Page.Entry] = []
        while try row.step() {
          guard entries.count < request.limit else {
            return Page(entries, next: entries.last.map { Cursor(after: $0.key) })
          }
          let name = String(validating: row.bytes(0), as: UTF8.self)
          guard let name, let key = try? Key(request.kind, name: name) else {
            throw SQLiteFailure(damage: "it holds an entry that no key is stored as")
          }
          entries.append(Page.Entry(key, row.stat(from: 1)))
        }
        return Page(entries, next: nil)
      }
    }

    /// Writes a record over whatever is there.
    func write(_ record: Record, at key: Key) throws(SQLiteFailure) {
      _ = try write(record, at: key, by: .write)
    }

    /// Writes a record if what is there has no stamp or an older one, in one statement.
    ///
    /// - Returns: Whether it was written. If not, what is there may still rank below: then the bytes decide.
    func writeIfNewer(_ record: Record, at key: Key) throws(SQLiteFailure) -> Bool {
      try write(record, at: key, by: .writeIfNewer)
    }

    private func write(_ record: Record, at key: Key, by query: SQLiteQuery) throws(SQLiteFailure) -> Bool {
      let before = changeCount
      try self.query(query) { row throws(SQLiteFailure) in
        try row.bind(key)
        try row.bind(record.stamp, at: 3)
        try row.bind(record.parent, at: 4)
        try row.bind(record.isTombstone ? 1 : 0, at: 5)
        try row.bind(Int64(bitPattern: EntryChecksum(of: record, at: key).value), at: 6)
        try row.run(with: record.bytes, at: 7, isFilledLater: record.bytes.count > Self.pieceByteCount)
      }
      guard changeCount != before else { return false }
      if record.bytes.count > Self.pieceByteCount {
        // In the transaction of the statement above: nobody sees the row without its content.
        let number = try self.query(.number) { row throws(SQLiteFailure) in
          try row.bind(key)
          return try row.step() ? row.integer(0) : nil
        }
        guard let number else { throw SQLiteFailure(damage: "a row that was just written is not there") }
        try fill(row: number, with: record.bytes)
      }
      return true
    }

    /// Removes what is stored at a key.
    func remove(_ key: Key) throws(SQLiteFailure) {
      try query(.remove) { row throws(SQLiteFailure) in
        try row.bind(key)
        _ = try row.step()
      }
    }
  }

  extension SQLiteStatement {
    /// What three columns say of a copy: its stamp, whether it is a tombstone, its size.
    fileprivate func stat(from column: Int32) -> Stat {
      Stat(
        byteCount: Int(integer(column + 2)), stamp: stamp(column) ?? nil, isTombstone: integer(column + 1) != 0)
    }
  }
#endif
