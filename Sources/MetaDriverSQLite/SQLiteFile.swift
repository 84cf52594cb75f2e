#if SQLite
  import MetaDriver
  private import Synchronization

  /// The file of a store, open: one connection that writes, one that reads on the threads of callers, and some that read
  /// on the driver's own.
  final class SQLiteFile: Sendable {
    /// How many pages the log may have before it is moved into the file: 4 MiB.
    private static let logLimit = 1_000

    private struct Pool {
      var connections: [SQLiteConnection] = []
      var isClosed = false
    }

    private let identity: FileIdentity
    private let opening: SQLiteOpening
    private let writer: Mutex<SQLiteConnection?>
    private let reader: Mutex<SQLiteConnection?>
    private let pool = Mutex(Pool())
    /// At how many pages the log is next to be moved into the file.
    private let dueAt = Mutex(SQLiteFile.logLimit)

    init(_ opening: SQLiteOpening, _ identity: FileIdentity, writer: SQLiteConnection, reader: SQLiteConnection) {
      self.opening = opening
      self.identity = identity
      self.writer = Mutex(writer)
      self.reader = Mutex(reader)
    }

    /// Whether the path still leads to this file: not when it was moved, removed or replaced, or its disk unmounted.
    var isInPlace: Bool { FileIdentity(of: opening.path) == identity }

    /// Lends the connection that writes; `nil` once the file was closed.
    func withWriter<Answer: Sendable>(_ body: (SQLiteConnection) -> Answer) -> Answer? {
      writer.withLock { $0.map(body) }
    }

    /// Lends the connection for reads on the threads of callers; `nil` when it is in use, so that not more than one of
    /// these threads ever waits for a device, or once the file was closed.
    func withReaderIfFree<Answer: Sendable>(
      _ body: (SQLiteConnection) throws(SQLiteFailure) -> Answer
    ) throws(SQLiteFailure) -> Answer? {
      let answer = try reader.withLockIfAvailable { connection throws(SQLiteFailure) -> Answer? in
        guard let connection else { return nil }
        return try body(connection)
      }
      return answer ?? nil
    }

    /// Lends one of the connections that read on the driver's own threads, of which there are never more than threads.
    func withPooledReader<Answer>(
      _ patience: Duration, _ body: (SQLiteConnection) throws(DriverError) -> Answer
    ) throws(DriverError) -> Answer {
      let idle = pool.withLock { $0.connections.popLast() }
      let connection = if let idle { idle } else { try opening.connection(patience) }
      defer { pool.withLock { if !$0.isClosed { $0.connections.append(connection) } } }
      connection.wait(atMost: patience)
      return try body(connection)
    }

    /// Whether the log is to be moved into the file.
    var isCheckpointDue: Bool {
      let dueAt = dueAt.withLock { $0 }
      return withWriter { $0.loggedPageCount >= dueAt } ?? false
    }

    /// Moves the log into the file, and begins it anew where no reader holds it; waits for the device. What fails stays in
    /// the log, where it is as safe as before.
    func checkpoint() {
      withWriter { connection in
        try? connection.checkpoint()
        // The first commit after it waits for the device, to begin the log anew. That is done here.
        try? connection.run(.touch)
        dueAt.withLock { $0 = connection.loggedPageCount + Self.logLimit }
      }
    }

    /// Lets go of the file, and leaves no log behind if nobody else uses it; waits for the device.
    func close() {
      reader.withLock { $0 = nil }
      pool.withLock { $0 = Pool(isClosed: true) }
      writer.withLock { connection in
        connection?.checkpointWhenClosed()
        connection = nil
      }
    }
  }
#endif
