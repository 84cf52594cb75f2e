#if SQLite
  import CMetaDriverSQLite
  import MetaDriver

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// What a file says of itself.
  extension SQLiteConnection {
    /// Whose file it is, and which version of theirs.
    var identity: (applicationID: Int, version: Int) {
      get throws(SQLiteFailure) {
        (try number("PRAGMA application_id"), try number("PRAGMA user_version"))
      }
    }

    /// Whether there is nothing in it at all.
    var isEmpty: Bool {
      get throws(SQLiteFailure) {
        let tableCount = try number("SELECT count(*) FROM sqlite_master")
        return try identity.applicationID == 0 && tableCount == 0
      }
    }

    /// The same, as the first bytes of a file say it, which is enough to tell somebody else's without touching it.
    static func identity(of path: String) throws(SQLiteFailure) -> (applicationID: Int, version: Int) {
      var header = [UInt8](repeating: 0, count: 100)
      let code = unsafe header.withUnsafeMutableBufferPointer { header in
        unsafe path.withCString { unsafe metadriver_sqlite_header($0, header.baseAddress) }
      }
      guard code == SQLITE_OK else {
        throw SQLiteFailure(code: code, systemCode: errno, description: unsafe String(cString: sqlite3_errstr(code)))
      }
      guard header.starts(with: "SQLite format 3\0".utf8) else {
        throw SQLiteFailure(code: SQLITE_NOTADB, description: unsafe String(cString: sqlite3_errstr(SQLITE_NOTADB)))
      }
      func number(at offset: Int) -> Int { header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
      return (number(at: 68), number(at: 60))
    }

    private func number(_ text: String) throws(SQLiteFailure) -> Int { Int(try answer(to: text) ?? "") ?? 0 }

    /// Has the file keep a log, if it does not yet. The library does not wait for other connections here, so this does.
    func keepLog(_ patience: Duration) throws(SQLiteFailure) {
      var waited = Duration.zero
      while try answer(to: "PRAGMA journal_mode") != "wal" {
        do throws(SQLiteFailure) {
          if try answer(to: "PRAGMA journal_mode = WAL") == "wal" { return }
          throw SQLiteFailure(code: SQLITE_CANTOPEN, description: "its folder takes no log beside it")
        } catch {
          guard error.isBusy, waited < patience else { throw error }
        }
        sqlite3_sleep(5)
        waited += .milliseconds(5)
      }
    }
  }
#endif
