#if SQLite
  import MetaDriver
  import MetaDriverDisk

  extension SQLiteStore {
    /// Reads one datum: here, if that is quickly done, else on a thread of the driver's own.
    func read(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      if Task.isCancelled { throw .cancelledBeforeStart }
      try context.checkDeadline()
      if let file = try fileIfOpen() {
        let limit = min(Self.inlineByteCount, maximumByteCount)
        let entry = try here(file) { connection throws(SQLiteFailure) in try connection.read(key, limit: limit) }
        switch entry {
        case .sound(let record): return record
        case .absent, .damaged: return try record(entry, at: key, in: file)
        case .larger, nil: break
        }
      }
      return try await away(context) { connection, file throws(DriverError) in
        let limit = self.maximumByteCount
        let entry = try self.attempt("read", file) { () throws(SQLiteFailure) in try connection.read(key, limit: limit)
        }
        return try self.record(entry, at: key, in: file)
      }
    }

    /// Describes one copy.
    func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      if Task.isCancelled { throw .cancelledBeforeStart }
      try context.checkDeadline()
      if let file = try fileIfOpen() {
        let stat = try here(file) { connection throws(SQLiteFailure) in try connection.stat(key) }
        if let stat = stat ?? nil { return stat }
      }
      return try await away(context) { connection, file throws(DriverError) in
        try self.attempt("read", file) { () throws(SQLiteFailure) in try connection.stat(key) }
      }
    }

    /// Lists one page.
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await away(context) { connection, file throws(DriverError) in
        try self.attempt("list", file) { () throws(SQLiteFailure) in try connection.list(request) }
      }
    }

    private func record(
      _ entry: SQLiteConnection.Entry?, at key: Key, in file: SQLiteFile
    ) throws(DriverError) -> Record? {
      switch entry {
      case .sound(let record): return record
      case .damaged: throw .damaged(key)
      case .larger(let byteCount):
        throw DriverError(
          .tooLarge, "\(key) has \(byteCount) bytes in \(path), this SQLiteDriver takes \(maximumByteCount)")
      case .absent, nil:
        // Nothing, in a file that is not the store's any more, is not absence.
        try confirm(file)
        return nil
      }
    }

    /// Asks on the calling thread, and waits for nobody; `nil` when the answer has to be had elsewhere.
    private func here<Answer: Sendable>(
      _ file: SQLiteFile, _ body: (SQLiteConnection) throws(SQLiteFailure) -> Answer
    ) throws(DriverError) -> Answer? {
      do throws(SQLiteFailure) { return try file.withReaderIfFree(body) } catch {
        if error.isBusy { return nil }
        try confirm(file)
        throw error.error("read", path)
      }
    }

    /// Asks on a thread of the driver's own, and waits for the device and for others.
    private func away<Answer: Sendable>(
      _ context: Context,
      _ body: @escaping @Sendable (SQLiteConnection, SQLiteFile) throws(DriverError) -> Answer
    ) async throws(DriverError) -> Answer {
      try await threads.run(nil, context) { [self] () throws(DriverError) in
        let patience = patience(context)
        let file = try file(patience)
        let answer = try file.withPooledReader(patience) { connection throws(DriverError) in try body(connection, file)
        }
        try confirm(file)
        return answer
      }
    }

    private func attempt<Answer>(
      _ what: String, _ file: SQLiteFile, _ body: () throws(SQLiteFailure) -> Answer
    ) throws(DriverError) -> Answer {
      do throws(SQLiteFailure) { return try body() } catch {
        try confirm(file)
        throw error.error(what, path)
      }
    }
  }
#endif
