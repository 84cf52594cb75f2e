#if SQLite
  import MetaDriver
  import MetaDriverDisk
  import Synchronization

  /// What the copies of one `SQLiteDriver` share: the open file, the threads, and whose turn it is to write. The file is
  /// opened at first use.
  final class SQLiteStore: Sendable {
    /// Values of up to this size are read and written on the calling thread where nothing waits for a device: a hop to
    /// another thread and back costs more than they do.
    static let inlineByteCount = 64 << 10

    private enum State: Sendable {
      case idle(wasOpened: Bool)
      case open(SQLiteFile)
      case closed
    }

    let opening: SQLiteOpening
    let maximumByteCount: Int
    let busyTimeout: Duration
    /// One writes, the others read what is large or lies on the device.
    let threads = DriverThreads(of: "SQLiteDriver", threadLimit: 4)
    let turns = Mutex(WriteTurns<SQLiteJob>(capacity: DriverThreads.queueLimit, batchLimit: 64))
    private let createsFile: Bool
    private let state = Mutex(State.idle(wasOpened: false))
    /// Held while the file is being opened, by the driver's own threads only.
    private let beingOpened = Mutex(())

    init(_ opening: SQLiteOpening, maximumByteCount: Int, busyTimeout: Duration, createsFile: Bool) {
      self.opening = opening
      self.maximumByteCount = maximumByteCount
      self.busyTimeout = busyTimeout
      self.createsFile = createsFile
    }

    deinit { threads.stop() }

    /// How many writes wait for the one that is under way; `nil` when none is.
    var waitingWriteCount: Int? { turns.withLock { $0.isTaken ? $0.count : nil } }

    var path: String { opening.path }
    var durability: Durability { opening.durability }

    /// How long an operation may wait for other processes that has waited for some time: no longer than somebody waits
    /// for it.
    func patience(_ context: Context, after waited: Duration = .zero) -> Duration {
      let rest = busyTimeout - waited
      return context.deadline.map { max(.zero, min(rest, $0 - context.runtime.now)) } ?? rest
    }

    /// The file, if it is open already; never waits.
    func fileIfOpen() throws(DriverError) -> SQLiteFile? {
      let state = state.withLock { $0 }
      switch state {
      case .idle: return nil
      case .open(let file): return file
      case .closed: throw .closed("SQLiteDriver")
      }
    }

    /// The file; opens it, and waits for the device.
    func file(_ patience: Duration) throws(DriverError) -> SQLiteFile {
      if let file = try fileIfOpen() { return file }
      return try beingOpened.withLock { _ throws(DriverError) in
        var wasOpened = false
        switch state.withLock({ $0 }) {
        case .idle(let before): wasOpened = before
        case .open(let file): return file
        case .closed: throw .closed("SQLiteDriver")
        }
        let file = try opening.open(creating: createsFile && !wasOpened, patience: patience)
        state.withLock { if case .idle = $0 { $0 = .open(file) } }
        return file
      }
    }

    /// Throws when the file was moved, removed or replaced, or its disk unmounted: then what is not found in it is not
    /// absent, and what is written to it is lost.
    func confirm(_ file: SQLiteFile) throws(DriverError) {
      if file.isInPlace { return }
      state.withLock { state in
        if case .open(let current) = state, current === file { state = .idle(wasOpened: true) }
      }
      throw DriverError(
        .unavailable, "the file \(path) was removed, moved, replaced or unmounted while in use: put it back",
        effect: .unchanged)
    }

    /// Lets go of the file, once the work that was accepted has ended.
    func close() async {
      await threads.close()
      let file = state.withLock { state -> SQLiteFile? in
        defer { state = .closed }
        if case .open(let file) = state { return file }
        return nil
      }
      guard let file else { return }
      // Its own threads take no more work.
      let last = DriverThreads(of: "SQLiteDriver", threadLimit: 1)
      await withCheckedContinuation { caller in
        do throws(DriverError) {
          try last.start {
            file.close()
            caller.resume()
          }
        } catch {
          // No thread is to be had: the file is let go of with its last user, and keeps its log.
          caller.resume()
        }
      }
      last.stop()
    }
  }
#endif
