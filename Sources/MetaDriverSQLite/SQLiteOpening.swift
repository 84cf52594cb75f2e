#if SQLite
  import MetaDriver
  import MetaDriverDisk
  private import Synchronization

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// How the file of a store is opened, and what is made sure of before it is touched. It waits for the device.
  struct SQLiteOpening: Sendable {
    let path: String
    let durability: Durability
    let checksIntegrity: Bool

    /// Held while a file is made. Whoever opens one passes through it, because a file that this process closes loses every
    /// lock that this process has on it, whoever took it: POSIX says so.
    private static let making = Mutex(())

    /// Opens the file.
    ///
    /// - Parameters:
    ///   - isCreating: Whether to make it where there is none, and a store of it where it is empty.
    ///   - patience: How long to wait for other processes.
    func open(creating isCreating: Bool, patience: Duration) throws(DriverError) -> SQLiteFile {
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw refusal("the path of this SQLiteDriver is empty or has a NUL in it: give it another")
      }
      // The library would remove the log of a file that is gone, and it may be the only copy of what was written last.
      if FileIdentity(of: path).map({ $0.byteCount == 0 }) ?? true, FileIdentity(of: "\(path)-wal") != nil {
        throw missing("the file \(path) is not there, or empty, and its log \(path)-wal is there")
      }
      try Self.making.withLock { _ throws(DriverError) in
        if isCreating, FileIdentity(of: path) == nil { try makeFile() }
      }
      guard let identity = FileIdentity(of: path) else { throw missing("the file \(path) is not there") }
      guard identity.isFile else {
        throw refusal("\(path) is not a file: move it away, or give SQLiteDriver another path")
      }
      // Whose file it is, is asked without a lock, a log, or a change. An empty one is nobody's.
      if identity.byteCount > 0 {
        try identify()
      } else if !isCreating {
        throw missing("the file \(path) is empty, and no store")
      }
      let writer = try connection(patience) { writer throws(DriverError) in
        try makeStore(writer, creating: isCreating, patience)
      }
      if checksIntegrity { try checkIntegrity(writer) }
      let reader = try connection(patience)
      // It reads on the threads of callers, which wait for nobody.
      reader.wait(atMost: .zero)
      return SQLiteFile(self, identity, writer: writer, reader: reader)
    }

    /// Opens another connection, and proves what it was asked for.
    ///
    /// - Parameter prepare: What to do before.
    func connection(
      _ patience: Duration, preparing prepare: (SQLiteConnection) throws(DriverError) -> Void = { _ in }
    ) throws(DriverError) -> SQLiteConnection {
      let connection = try attempt { () throws(SQLiteFailure) in try SQLiteConnection.open(path) }
      connection.wait(atMost: patience)
      try prepare(connection)
      try prove(connection)
      return connection
    }

    // MARK: The store

    private func makeFile() throws(DriverError) {
      let code = FileIdentity.make(path)
      if code == 0 { return }
      if code == ENOENT { throw missing("the folder of \(path) is not there") }
      throw SystemError(code: code).error("make", path)
    }

    private func identify() throws(DriverError) {
      let (id, version) = try attempt { () throws(SQLiteFailure) in try SQLiteConnection.identity(of: path) }
      try check(id, version)
    }

    private func check(_ id: Int, _ version: Int) throws(DriverError) {
      guard id == SQLiteSchema.applicationID else {
        throw DriverError(
          .unsupported,
          "\(path) is another program's database, with the application id \(id): give SQLiteDriver another path")
      }
      guard version == SQLiteSchema.version else {
        throw DriverError(
          .unsupported,
          "\(path) has version \(version) of the store's tables, this package knows version \(SQLiteSchema.version): "
            + "use the release that made it, or give SQLiteDriver another path")
      }
    }

    /// Makes a store of an empty file, and has it keep a log that readers and a writer share.
    private func makeStore(_ writer: SQLiteConnection, creating isCreating: Bool, _ patience: Duration)
      throws(DriverError)
    {
      if try attempt({ () throws(SQLiteFailure) in try writer.isEmpty }) {
        guard isCreating else { throw missing("the file \(path) is empty, and no store") }
        try attempt { () throws(SQLiteFailure) in
          let isDurable = durability != .none
          try writer.run(script: "PRAGMA synchronous = \(isDurable ? "FULL" : "OFF"); BEGIN EXCLUSIVE")
          // Another process may have been first.
          if try writer.isEmpty { try writer.run(script: SQLiteSchema.creation) }
          try writer.run(.commit)
        }
      }
      let (id, version) = try attempt { () throws(SQLiteFailure) in try writer.identity }
      try check(id, version)
      try attempt { () throws(SQLiteFailure) in try writer.keepLog(patience) }
    }

    /// Asks for the durability, and whether it was given: builds of the library, and what sits between, may know better.
    private func prove(_ connection: SQLiteConnection) throws(DriverError) {
      var asked = [("synchronous", "\(durability.synchronous)")]
      // On Apple's systems the plain call leaves the bytes in the device's cache.
      if durability == .full { asked += [("fullfsync", "1"), ("checkpoint_fullfsync", "1")] }
      // The log is cut to 16 MiB when it is begun anew, however long a reader made it.
      asked += [("journal_size_limit", "\(16 << 20)"), ("cell_size_check", "1")]
      let found = try attempt { () throws(SQLiteFailure) in
        var found = [("journal_mode", "wal", try connection.answer(to: "PRAGMA journal_mode"))]
        for (name, value) in asked {
          _ = try connection.answer(to: "PRAGMA \(name) = \(value)")
          found.append((name, value, try connection.answer(to: "PRAGMA \(name)")))
        }
        return found
      }
      for (name, value, answer) in found where answer != value {
        throw DriverError(
          .unsupported,
          "\(path) cannot be had with the durability \(durability): this SQLite was asked for \(name) = \(value), and "
            + "says \(answer ?? "nothing")")
      }
    }

    private func checkIntegrity(_ connection: SQLiteConnection) throws(DriverError) {
      let answer = try attempt { () throws(SQLiteFailure) in try connection.answer(to: "PRAGMA integrity_check(1)") }
      guard answer == "ok" else {
        throw DriverError(
          .corrupt,
          "\(path) is damaged, \(answer ?? "it cannot be checked"): put back a copy of it, or begin a new one and repair it"
        )
      }
    }

    // MARK: Failures

    private func attempt<Answer>(_ body: () throws(SQLiteFailure) -> Answer) throws(DriverError) -> Answer {
      do throws(SQLiteFailure) { return try body() } catch {
        let folder = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        guard error.isAboutFiles,
          !FileIdentity.isWritable(path) || !FileIdentity.isWritable(folder.isEmpty ? "/" : folder)
        else { throw error.error("open", path) }
        throw DriverError(
          .denied,
          "cannot open \(path): \(error); this process may not write to it or to its folder, where its log has to be, not "
            + "even to read: give this process's user the right to both")
      }
    }

    private func missing(_ what: String) -> DriverError {
      DriverError(.unavailable, "\(what): make it, put it back, or mount its disk", effect: .unchanged)
    }

    private func refusal(_ message: String) -> DriverError {
      DriverError(.unavailable, message, effect: .unchanged, isRetryable: false)
    }
  }

  extension Durability {
    /// The library's number for it: whether a commit waits for the device, whether a checkpoint does, or nothing.
    fileprivate var synchronous: Int {
      switch self {
      case .full: 2
      case .ordered: 1
      case .none: 0
      }
    }
  }
#endif
