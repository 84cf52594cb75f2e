#if SQLite
  /// Who may write: one at a time, and first come, first served; who waits is served with others in one go. Pure;
  /// `SQLiteStore` is its shell.
  struct WriteTurns<Job: Identifiable> {
    /// What became of a job that wants to wait.
    enum Admission {
      /// It waits for whoever writes now.
      case queued
      /// Nobody writes: the turn is its owner's, who has to see that somebody takes it.
      case taken
      /// As many as may wait do already.
      case refused
    }

    /// How many jobs may wait.
    let capacity: Int
    /// How many jobs are served in one go.
    let batchLimit: Int
    /// Whether somebody writes.
    private(set) var isTaken = false
    private var waiting: [Job] = []

    init(capacity: Int, batchLimit: Int) {
      self.capacity = capacity
      self.batchLimit = batchLimit
    }

    /// How many jobs wait.
    var count: Int { waiting.count }

    /// Takes the turn if nobody has it.
    mutating func take() -> Bool {
      guard !isTaken else { return false }
      isTaken = true
      return true
    }

    /// Queues a job behind all others.
    mutating func add(_ job: Job) -> Admission {
      guard waiting.count < capacity else { return .refused }
      waiting.append(job)
      return take() ? .taken : .queued
    }

    /// Queues the job of whoever has the turn, before all others: it was there first.
    mutating func addFirst(_ job: Job) { waiting.insert(job, at: 0) }

    /// Takes a waiting job out; `nil` when it does not wait.
    mutating func drop(_ id: Job.ID) -> Job? {
      waiting.firstIndex { $0.id == id }.map { waiting.remove(at: $0) }
    }

    /// The next jobs of whoever has the turn. None are left: the turn is given back.
    mutating func next() -> [Job] {
      let batch = Array(waiting.prefix(batchLimit))
      waiting.removeFirst(batch.count)
      if batch.isEmpty { isTaken = false }
      return batch
    }

    /// Gives the turn back, unless somebody waits.
    ///
    /// - Returns: Whether it was given back. If not, its owner has to see that somebody takes it.
    mutating func giveBack() -> Bool {
      isTaken = !waiting.isEmpty
      return !isTaken
    }
  }
#endif
