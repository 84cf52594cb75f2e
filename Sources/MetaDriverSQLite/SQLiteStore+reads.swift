#if SQLite
  import MetaDriver
  import MetaDriverDisk

  extension SQLiteStore {
    /// Reads one datum: here, if that is quickly done, else on a thread of the driver's own.
    func read(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      let near = try here("read", context) { connection throws(SQLiteFailure) -> SQLiteConnection.Entry?? in
        let entry = try connection.read(key, limit: min(Self.inlineByteCount, self.maximumByteCount))
        if case .larger = entry { return .none }
        return .some(entry)
      }
      if let near, let entry = near { return try record(entry, at: key) }
      return try await away("read", context) { connection throws(SQLiteFailure) in
        try connection.read(key, limit: self.maximumByteCount)
      }.flatMap { entry throws(DriverError) in try self.record(entry, at: key) }
    }

    /// Describes one copy.
    func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      if let stat = try here("read", context, { connection throws(SQLiteFailure) in try connection.stat(key) }) {
        return stat
      }
      return try await away("read", context) { connection throws(SQLiteFailure) in try connection.stat(key) }
    }

    /// Lists one page.
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await away("list", context) { connection throws(SQLiteFailure) in try connection.list(request) }
    }

    private func record(_ entry: SQLiteConnection.Entry?, at key: Key) throws(DriverError) -> Record? {
      switch entry {
      case .sound(let record): return record
      case .damaged: throw .damaged(key)
      case .larger(let byteCount):
        throw DriverError(
          .tooLarge, "\(key) has \(byteCount) bytes in \(path), this SQLiteDriver takes \(maximumByteCount)")
      case nil: return nil
      }
    }

    /// Asks on the calling thread, and waits for nobody; `nil` when the answer has to be had elsewhere.
    private func here<Answer: Sendable>(
      _ attempt: String, _ context: Context, _ body: (SQLiteConnection) throws(SQLiteFailure) -> Answer
    ) throws(DriverError) -> Answer? {
      if Task.isCancelled { throw .cancelledBeforeStart }
      try context.checkDeadline()
      guard let file = try fileIfOpen() else { return nil }
      let answer: Answer?
      do throws(SQLiteFailure) { answer = try file.withReaderIfFree(body) } catch {
        if error.isBusy { return nil }
        try confirm(file)
        throw error.error(attempt, path)
      }
      try confirm(file)
      return answer
    }

    /// Asks on a thread of the driver's own, and waits for the device and for others.
    private func away<Answer: Sendable>(
      _ attempt: String, _ context: Context,
      _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteFailure) -> Answer
    ) async throws(DriverError) -> Answer {
      try await threads.run(nil, context) { [self] () throws(DriverError) in
        let patience = patience(context)
        let file = try file(patience)
        let answer = try file.withPooledReader(patience) { connection throws(DriverError) in
          do throws(SQLiteFailure) { return try body(connection) } catch {
            try confirm(file)
            throw error.error(attempt, path)
          }
        }
        try confirm(file)
        return answer
      }
    }
  }
#endif
