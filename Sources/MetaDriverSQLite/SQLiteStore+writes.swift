#if SQLite
  import MetaDriver
  import MetaDriverDisk
  private import Synchronization

  /// A write that waits, and whom to tell how it went.
  struct SQLiteJob: Identifiable, Sendable {
    let id: UInt64
    let write: SQLiteWrite
    let context: Context
    let finish: @Sendable (Result<Receipt, DriverError>) -> Void
  }

  extension SQLiteStore {
    private static let lastID = Atomic<UInt64>(0)

    /// Carries out a write: on the calling thread, where it waits for no device and for nobody; else on a thread of the
    /// driver's own, in one transaction with all others that wait.
    func write(_ write: SQLiteWrite, in context: Context) async throws(DriverError) -> Receipt {
      guard write.byteCount <= maximumByteCount else {
        throw DriverError(
          .tooLarge, "\(write.key) has \(write.byteCount) bytes, this SQLiteDriver takes \(maximumByteCount)")
      }
      if Task.isCancelled { throw .cancelledBeforeStart }
      try context.checkDeadline()
      var hasTurn = false
      if durability != .full, write.byteCount <= Self.inlineByteCount, let file = try fileIfOpen() {
        hasTurn = turns.withLock { $0.take() }
        if hasTurn, let result = here(write, file) { return try result.get() }
      }
      return try await away(write, context, hasTurn: hasTurn)
    }

    /// Carries out a write of whoever has the turn, and gives it back; `nil`, with the turn, when others are in the way.
    private func here(_ write: SQLiteWrite, _ file: SQLiteFile) -> Result<Receipt, DriverError>? {
      let end = file.withWriter { connection in
        connection.wait(atMost: .zero)
        return connection.transactAtOnce(write) { () throws(DriverError) in try confirm(file) }
          ?? connection.transact([write], isDurable: false) { () throws(DriverError) in try confirm(file) }
      }
      if case .busy = end { return nil }
      // What waits for the device is left to the driver's own threads.
      if file.isCheckpointDue || !turns.withLock({ $0.giveBack() }) { startServing() }
      return result(of: end)
    }

    private func away(
      _ write: SQLiteWrite, _ context: Context, hasTurn: Bool
    ) async throws(DriverError) -> Receipt {
      let id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
      let result = await withTaskCancellationHandler {
        await withCheckedContinuation { (caller: CheckedContinuation<Result<Receipt, DriverError>, Never>) in
          admit(SQLiteJob(id: id, write: write, context: context) { caller.resume(returning: $0) }, hasTurn: hasTurn)
        }
      } onCancel: {
        turns.withLock { $0.drop(id) }?.finish(.failure(.cancelledBeforeStart))
      }
      return try result.get()
    }

    private func admit(_ job: SQLiteJob, hasTurn: Bool) {
      let admission: WriteTurns<SQLiteJob>.Admission? = turns.withLock { turns in
        if hasTurn {
          turns.addFirst(job)
          return .taken
        }
        // Looked at under the lock: whoever cancels later finds the job in the queue.
        return Task.isCancelled ? nil : turns.add(job)
      }
      switch admission {
      case .queued: break
      case .taken: startServing()
      case .refused:
        job.finish(
          .failure(
            DriverError(
              .throttled, "\(DriverThreads.queueLimit) writes wait for \(path) already; this one was not started")))
      case nil: job.finish(.failure(.cancelledBeforeStart))
      }
    }

    /// Hands the turn to a thread of the driver's own.
    private func startServing() {
      do throws(DriverError) { try threads.start { [self] in serve() } } catch {
        while case let jobs = turns.withLock({ $0.next() }), !jobs.isEmpty {
          for job in jobs { job.finish(.failure(error)) }
        }
      }
    }

    /// Serves those who wait, until nobody does.
    private func serve() {
      while true {
        if let file = try? fileIfOpen(), file.isCheckpointDue { file.checkpoint() }
        let jobs = turns.withLock { $0.next() }
        if jobs.isEmpty { return }
        commit(jobs)
      }
    }

    /// Carries out writes in one transaction, and says of each how it went.
    private func commit(_ jobs: [SQLiteJob]) {
      var jobs = jobs
      var waited = Duration.zero
      while true {
        jobs = jobs.filter { !isLate($0) }
        guard !jobs.isEmpty else { return }
        // At least as long as the library can wait, so that this ends even if the callers' clock stands still.
        let patience = max(.milliseconds(1), jobs.map { self.patience($0.context, after: waited) }.min() ?? .zero)
        switch transact(jobs.map(\.write), patience) {
        case .busy where waited + patience < busyTimeout: waited += patience
        case .failed(_, .unchanged) where jobs.count > 1:
          // One may be to blame, and the others not.
          for job in jobs { commit([job]) }
          return
        case .ended(let verdicts):
          for (job, verdict) in zip(jobs, verdicts) { job.finish(verdict) }
          return
        case let end:
          for job in jobs { job.finish(result(of: end)) }
          return
        }
      }
    }

    /// Tells a job whose deadline has passed so.
    private func isLate(_ job: SQLiteJob) -> Bool {
      do throws(DriverError) {
        try job.context.checkDeadline()
        return false
      } catch {
        job.finish(.failure(error))
        return true
      }
    }

    private func transact(_ writes: [SQLiteWrite], _ patience: Duration) -> SQLiteTransaction? {
      let file: SQLiteFile
      do throws(DriverError) { file = try self.file(patience) } catch { return .lost(error) }
      return file.withWriter { connection in
        connection.wait(atMost: patience)
        return connection.transact(writes, isDurable: durability == .full) { () throws(DriverError) in
          try confirm(file)
        }
      }
    }

    /// How the only write of a transaction went, or any of one that did not end well.
    private func result(of end: SQLiteTransaction?) -> Result<Receipt, DriverError> {
      switch end {
      case .ended(let verdicts): verdicts[0]
      case .busy:
        .failure(
          DriverError(
            .throttled,
            "another process, or another driver, has kept \(path) to itself for \(busyTimeout); nothing was written"))
      case .lost(let error): .failure(error)
      case .failed(let failure, let effect): .failure(failure.error("write to", path, effect: effect))
      case nil: .failure(.closed("SQLiteDriver"))
      }
    }
  }
#endif
