#if SQLite
  import CMetaDriverSQLite
  import MetaDriver

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
