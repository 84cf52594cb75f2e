#if SQLite
  import MetaDriver

  /// A change of one datum, as a value: it may be carried out again when the transaction around it failed.
  struct SQLiteWrite: Sendable {
    /// What is to become of the datum.
    enum Change: Sendable {
      case put(Record, if: Precondition?)
      case delete(if: Precondition?)
    }

    let key: Key
    let change: Change

    /// How many bytes it writes.
    var byteCount: Int {
      if case .put(let record, _) = change { return record.bytes.count }
      return 0
    }

    /// Whether one statement is likely to do it. A tombstone is not: its receipt says what was there.
    private var isPlain: Bool {
      if case .put(let record, nil) = change { return !record.isTombstone }
      return false
    }

    /// Carries it out in one statement, which needs no transaction around it.
    ///
    /// - Returns: The receipt; `nil` when nothing was changed, and more has to be known of what is stored.
    func performAtOnce(on connection: SQLiteConnection) throws(SQLiteFailure) -> Receipt? {
      guard isPlain, case .put(let record, _) = change, try connection.writeIfNewer(record, at: key) else { return nil }
      return Receipt(storing: record, over: nil)
    }

    /// Carries it out, in a transaction that has begun.
    ///
    /// - Returns: The receipt, or why nothing was changed.
    /// - Throws: What the library could not do. The transaction is then of no more use.
    func perform(on connection: SQLiteConnection) throws(SQLiteFailure) -> Result<Receipt, DriverError> {
      if let receipt = try performAtOnce(on: connection) { return .success(receipt) }
      switch change {
      case .put(let record, let condition): return try put(record, if: condition, on: connection)
      case .delete(let condition): return try delete(if: condition, on: connection)
      }
    }

    private func put(
      _ record: Record, if condition: Precondition?, on connection: SQLiteConnection
    ) throws(SQLiteFailure) -> Result<Receipt, DriverError> {
      var stored: Record?
      var isDamaged = false
      switch try connection.read(key, limit: .max) {
      case .sound(let record): stored = record
      // A damaged copy beats nothing, so that it can be overwritten; a condition on it cannot be judged.
      case .damaged, .larger:
        isDamaged = true
        if condition != nil { return .failure(.damaged(key)) }
      case .absent: break
      }
      do throws(DriverError) {
        try condition?.check(stored, at: key, writing: record)
        if let receipt = try Receipt.keeping(stored, over: record, if: condition) { return .success(receipt) }
      } catch {
        return .failure(error)
      }
      try connection.write(record, at: key)
      return .success(Receipt(storing: record, over: stored, isDamaged: isDamaged))
    }

    private func delete(
      if condition: Precondition?, on connection: SQLiteConnection
    ) throws(SQLiteFailure) -> Result<Receipt, DriverError> {
      if let condition {
        var stored: Record?
        switch try connection.read(key, limit: .max) {
        case .sound(let record): stored = record
        case .damaged, .larger: return .failure(.damaged(key))
        case .absent: break
        }
        do throws(DriverError) { try condition.check(stored, at: key) } catch { return .failure(error) }
      }
      guard let stat = try connection.stat(key) else { return .success(Receipt(.alreadyAbsent)) }
      try connection.remove(key)
      return .success(Receipt(stat.isTombstone ? .alreadyAbsent : .deleted))
    }
  }

  extension DriverError {
    static func damaged(_ key: Key) -> DriverError {
      DriverError(
        .corrupt,
        "the stored copy of \(key) does not have its checksum: changed behind the store's back, or by its device")
    }
  }
#endif
