#if SQLite
  import CMetaDriverSQLite

  /// Content that goes to the file and comes from it in pieces. In one piece, the library would hold a copy of its own.
  extension SQLiteConnection {
    /// How large a piece is, in bytes. What is no larger is written and read with its row.
    static let pieceByteCount = 1 << 20

    /// Writes the content of a row, which is as long already; within the transaction that wrote the row.
    func fill(row number: Int64, with bytes: [UInt8]) throws(SQLiteFailure) {
      try unsafe withContent(ofRow: number, isWritten: true) { blob, offset, count in
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe sqlite3_blob_write(blob, bytes.baseAddress.map { unsafe $0 + offset }, Int32(count), Int32(offset))
        }
      }
    }

    /// Reads the content of a row, while the statement that found it holds the file as it was.
    func content(ofRow number: Int64, byteCount: Int) throws(SQLiteFailure) -> [UInt8] {
      var failure: SQLiteFailure?
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
        let start = UnsafeMutableRawPointer(buffer.baseAddress)
        do throws(SQLiteFailure) {
          try unsafe withContent(ofRow: number, isWritten: false) { blob, offset, count in
            guard offset + count <= byteCount else { return SQLITE_CORRUPT }
            return unsafe sqlite3_blob_read(blob, start.map { unsafe $0 + offset }, Int32(count), Int32(offset))
          }
          filled = byteCount
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      return bytes
    }

    private func withContent(
      ofRow number: Int64, isWritten: Bool, _ body: (OpaquePointer, _ offset: Int, _ count: Int) -> Int32
    ) throws(SQLiteFailure) {
      var blob: OpaquePointer?
      let opened = unsafe sqlite3_blob_open(handle, "main", "entry", "content", number, isWritten ? 1 : 0, &blob)
      guard opened == SQLITE_OK, let blob = unsafe blob else {
        let failure = failure(opened)
        unsafe sqlite3_blob_close(blob)
        throw failure
      }
      let byteCount = Int(unsafe sqlite3_blob_bytes(blob))
      var code = SQLITE_OK
      for offset in stride(from: 0, to: byteCount, by: Self.pieceByteCount) where code == SQLITE_OK {
        code = unsafe body(blob, offset, min(Self.pieceByteCount, byteCount - offset))
      }
      // The failure of a piece is the connection's until the content is closed.
      let failed = code == SQLITE_OK ? nil : failure(code)
      let closed = unsafe sqlite3_blob_close(blob)
      if let failed { throw failed }
      try check(closed)
    }
  }
#endif
