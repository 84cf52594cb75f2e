#if SQLite
  import CMetaDriverSQLite
  import MetaDriver

  /// One connection to a file, with its prepared statements. It belongs to one thread at a time: whoever it is handed to
  /// sees to that.
  @safe final class SQLiteConnection: @unchecked Sendable {
    let handle: OpaquePointer
    private var statements: [OpaquePointer?]
    /// What the library says after each commit that wrote something.
    private struct Commits {
      var count = 0
      var loggedPageCount: Int32 = 0
    }
    private let commits: UnsafeMutablePointer<Commits>

    /// Opens a file that is there.
    static func open(_ path: String) throws(SQLiteFailure) -> SQLiteConnection {
      var handle: OpaquePointer?
      let way = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
      let code = unsafe sqlite3_open_v2(path, &handle, way, nil)
      guard let handle = unsafe handle else { throw unsafe failure(SQLITE_NOMEM, of: nil) }
      unsafe sqlite3_extended_result_codes(handle, 1)
      let connection = unsafe SQLiteConnection(handle)
      try connection.check(code)
      try connection.check(unsafe metadriver_sqlite_guard(handle))
      return connection
    }

    private init(_ handle: OpaquePointer) {
      unsafe self.handle = unsafe handle
      unsafe statements = unsafe [OpaquePointer?](repeating: nil, count: SQLiteQuery.allCases.count)
      unsafe commits = .allocate(capacity: 1)
      unsafe commits.initialize(to: Commits())
      // Also keeps the library from checkpoints of its own.
      unsafe sqlite3_wal_hook(
        handle,
        { place, _, _, pages in
          let commits = unsafe place?.assumingMemoryBound(to: Commits.self)
          unsafe commits?.pointee.count += 1
          unsafe commits?.pointee.loggedPageCount = pages
          return SQLITE_OK
        }, commits)
    }

    deinit {
      unsafe statements.forEach { unsafe sqlite3_finalize($0) }
      unsafe sqlite3_close_v2(handle)
      unsafe commits.deallocate()
    }

    /// How many pages the log had after this connection's last commit.
    var loggedPageCount: Int { Int(unsafe commits.pointee.loggedPageCount) }

    /// How many commits of this connection had something to write.
    var commitCount: Int { unsafe commits.pointee.count }

    /// How many rows this connection has changed so far.
    var changeCount: Int { Int(unsafe sqlite3_total_changes(handle)) }

    /// How long a call waits for others to let go of the file; it blocks its thread meanwhile.
    func wait(atMost patience: Duration) {
      let milliseconds = (patience / .milliseconds(1)).rounded(.up)
      unsafe sqlite3_busy_timeout(handle, Int32(max(0, min(milliseconds, 2_000_000_000))))
    }

    /// Lets closing move the log into the file, if this is the last connection.
    func checkpointWhenClosed() { unsafe metadriver_sqlite_checkpoint_on_close(handle) }

    /// Moves what is in the log into the file, as far as no reader is in the way.
    func checkpoint() throws(SQLiteFailure) {
      try check(unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil))
    }

    // MARK: Statements

    /// Hands out a prepared statement, and makes it ready for the next run.
    func query<Answer>(
      _ query: SQLiteQuery, _ body: (SQLiteStatement) throws(SQLiteFailure) -> Answer
    ) throws(SQLiteFailure) -> Answer {
      let statement = try prepared(query)
      defer { statement.end() }
      return try body(statement)
    }

    /// Runs a statement that takes and gives nothing.
    func run(_ query: SQLiteQuery) throws(SQLiteFailure) {
      try self.query(query) { statement throws(SQLiteFailure) in _ = try statement.step() }
    }

    private func prepared(_ query: SQLiteQuery) throws(SQLiteFailure) -> SQLiteStatement {
      if let statement = unsafe statements[query.rawValue] { return unsafe SQLiteStatement(statement, of: self) }
      let statement = unsafe try prepare(query.text, SQLITE_PREPARE_PERSISTENT)
      unsafe statements[query.rawValue] = unsafe statement
      return unsafe SQLiteStatement(statement, of: self)
    }

    private func prepare(_ text: String, _ flags: Int32) throws(SQLiteFailure) -> OpaquePointer {
      var statement: OpaquePointer?
      try check(unsafe sqlite3_prepare_v3(handle, text, -1, UInt32(flags), &statement, nil))
      guard let statement = unsafe statement else { throw failure(SQLITE_MISUSE) }
      return unsafe statement
    }

    /// Runs statements that give nothing.
    func run(script: String) throws(SQLiteFailure) {
      try check(unsafe sqlite3_exec(handle, script, nil, nil, nil))
    }

    /// What a statement says in its first row and column, as text; `nil` when it says nothing.
    func answer(to text: String) throws(SQLiteFailure) -> String? {
      let statement = unsafe try prepare(text, 0)
      defer { unsafe sqlite3_finalize(statement) }
      let code = unsafe sqlite3_step(statement)
      guard code == SQLITE_ROW else {
        try check(code == SQLITE_DONE ? SQLITE_OK : code)
        return nil
      }
      guard let words = unsafe sqlite3_column_text(statement, 0) else { return nil }
      return unsafe String(cString: words)
    }

    // MARK: Failures

    /// Throws unless a call went well.
    func check(_ code: Int32) throws(SQLiteFailure) { if code != SQLITE_OK { throw failure(code) } }

    /// What the library says of the call that failed last.
    func failure(_ code: Int32) -> SQLiteFailure { unsafe Self.failure(code, of: handle) }

    private static func failure(_ code: Int32, of handle: OpaquePointer?) -> SQLiteFailure {
      guard let handle = unsafe handle else {
        return SQLiteFailure(code: code, systemCode: 0, description: unsafe String(cString: sqlite3_errstr(code)))
      }
      let isOfSystem = [SQLITE_CANTOPEN, SQLITE_IOERR].contains(code & 0xff)
      return SQLiteFailure(
        code: code,
        systemCode: isOfSystem ? unsafe sqlite3_system_errno(handle) : 0,
        description: unsafe String(cString: sqlite3_errmsg(handle)))
    }
  }
#endif
