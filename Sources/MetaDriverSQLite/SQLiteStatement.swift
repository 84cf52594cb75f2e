#if SQLite
  import CMetaDriverSQLite
  import MetaDriver

  /// A prepared statement in the hands of who runs it.
  @safe struct SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: SQLiteConnection

    init(_ handle: OpaquePointer, of connection: SQLiteConnection) {
      unsafe self.handle = unsafe handle
      self.connection = connection
    }

    // MARK: Parameters

    func bind(_ number: Int64, at index: Int32) throws(SQLiteFailure) {
      try connection.check(unsafe sqlite3_bind_int64(handle, index, number))
    }

    /// Binds the two parts of a key, as the first two parameters.
    func bind(_ key: Key) throws(SQLiteFailure) {
      try bind(key.kind.number, at: 1)
      try bind(key.name, at: 2)
    }

    func bind(_ text: String, at index: Int32) throws(SQLiteFailure) {
      var text = text
      try connection.check(
        text.withUTF8 { unsafe metadriver_sqlite_bind_copy(handle, index, $0.baseAddress, Int32($0.count)) })
    }

    func bind(_ bytes: [UInt8], at index: Int32) throws(SQLiteFailure) {
      try connection.check(
        unsafe bytes.withUnsafeBytes {
          unsafe metadriver_sqlite_bind_copy(handle, index, $0.baseAddress, Int32($0.count))
        })
    }

    func bind(_ stamp: Stamp?, at index: Int32) throws(SQLiteFailure) {
      guard let stamp else { return try connection.check(unsafe sqlite3_bind_null(handle, index)) }
      let words = (stamp.time.bigEndian, stamp.writer.bigEndian)
      try connection.check(
        unsafe withUnsafeBytes(of: words) { unsafe metadriver_sqlite_bind_copy(handle, index, $0.baseAddress, 16) })
    }

    // MARK: Rows

    /// Goes on to the next row.
    ///
    /// - Returns: Whether there is one.
    func step() throws(SQLiteFailure) -> Bool {
      let code = unsafe sqlite3_step(handle)
      if code == SQLITE_ROW { return true }
      if code == SQLITE_DONE { return false }
      throw connection.failure(code)
    }

    /// Runs a statement that gives no rows, with bytes that are not copied.
    ///
    /// - Parameter isFilledLater: Whether zeros stand in for the bytes, which take no memory.
    func run(with bytes: [UInt8], at index: Int32, isFilledLater: Bool) throws(SQLiteFailure) {
      let failure: SQLiteFailure? = unsafe bytes.withUnsafeBytes { bytes in
        defer {
          end()
          unsafe sqlite3_bind_null(handle, index)
        }
        var code =
          unsafe bytes.isEmpty || isFilledLater
          ? unsafe sqlite3_bind_zeroblob64(handle, index, UInt64(bytes.count))
          : unsafe sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
        if code == SQLITE_OK { code = unsafe sqlite3_step(handle) }
        return code == SQLITE_DONE ? nil : connection.failure(code)
      }
      if let failure { throw failure }
    }

    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }
    func isBytes(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_BLOB }
    func isInteger(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_INTEGER }

    func bytes(_ column: Int32) -> [UInt8] {
      let start = unsafe sqlite3_column_blob(handle, column)
      let count = Int(unsafe sqlite3_column_bytes(handle, column))
      guard let start = unsafe start, count > 0 else { return [] }
      return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A stamp; `nil` for none.
    ///
    /// - Returns: The outer `nil` for something that is no stamp.
    func stamp(_ column: Int32) -> Stamp?? {
      if unsafe sqlite3_column_type(handle, column) == SQLITE_NULL { return .some(nil) }
      let start = unsafe sqlite3_column_blob(handle, column)
      guard let start = unsafe start, unsafe sqlite3_column_bytes(handle, column) == 16 else { return nil }
      return Stamp(
        time: UInt64(bigEndian: unsafe start.loadUnaligned(as: UInt64.self)),
        writer: UInt64(bigEndian: unsafe start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// Makes it ready for the next run. Until then it keeps the file as it was when it began.
    func end() { unsafe sqlite3_reset(handle) }
  }

  extension Key.Kind {
    /// How the kind is stored.
    var number: Int64 { self == .mutable ? 0 : 1 }
  }
#endif
