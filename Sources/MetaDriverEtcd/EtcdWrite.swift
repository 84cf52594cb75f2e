#if HTTP
  import MetaDriver

  /// One write: a look, then a change that etcd makes only if nobody changed the key since. Pure; `EtcdStore` is its shell.
  ///
  /// The guard by revision is also what makes a change that may or may not have been made safe to repeat: as long as the key
  /// has the revision of the look, it was not made, and of two changes with one guard etcd makes one at most. When the key
  /// has another revision, the lost change cannot be made any more, and what is there tells whether it was, or nobody can.
  /// Nobody can either when the key was absent and still is.
  struct EtcdWrite {
    /// How often somebody else may get in between before the write gives up.
    static let attemptLimit = 64

    /// What is stored under a key.
    struct Found {
      /// The record; the failure of a copy that is damaged.
      let record: Result<Record, DriverError>
      /// The revision of its last change.
      let revision: UInt64
    }

    enum Step {
      /// Read the key.
      case look
      /// Change it if it has this revision, 0 for absent.
      case change(ifRevision: UInt64)
      /// Read it, after a moment: others write it too.
      case lookLater(attempt: Int)
      case done(Receipt)
    }

    let key: Key
    /// What to write; `nil` removes the key.
    let record: Record?
    let condition: Precondition?

    private var attempts = 0
    /// How often the reply to a change did not come.
    private(set) var losses = 0
    /// Why it is not known whether a change was made.
    private var lost: DriverError?
    private var revision: UInt64 = 0
    private var rival: Record?
    private var isRivalDamaged = false

    init(_ record: Record?, at key: Key, if condition: Precondition?) {
      self.key = key
      self.record = record
      self.condition = condition
    }

    /// What to do first: whoever creates a key needs no look.
    var first: Step { record != nil && condition == .absent ? .change(ifRevision: 0) : .look }

    /// The key was read.
    mutating func saw(_ found: Found?) throws(DriverError) -> Step {
      if let lost {
        guard (found?.revision ?? 0) == revision, isRepeatable else { return .done(try landed(found, or: lost)) }
        return .change(ifRevision: revision)
      }
      if let receipt = try judge(found) { return .done(receipt) }
      revision = found?.revision ?? 0
      return .change(ifRevision: revision)
    }

    /// The change was made.
    func succeeded() -> Receipt {
      guard let record else { return Receipt(rival?.isTombstone == true ? .alreadyAbsent : .deleted) }
      return Receipt(storing: record, over: rival, isDamaged: isRivalDamaged)
    }

    /// The change was not made: the key has another revision.
    mutating func refused(_ found: Found?) throws(DriverError) -> Step {
      if let lost { return .done(try landed(found, or: lost)) }
      if let receipt = try judge(found) { return .done(receipt) }
      attempts += 1
      guard attempts < Self.attemptLimit else {
        throw DriverError(
          .throttled, "others wrote \(key) in each of \(attempts) attempts to write it: let fewer write at once")
      }
      revision = found?.revision ?? 0
      // The first time, what was found is fresh.
      return attempts == 1 ? .change(ifRevision: revision) : .lookLater(attempt: attempts)
    }

    /// The reply to the change did not come. How long to go on like this is for the caller to say.
    mutating func lost(_ error: DriverError) -> Step {
      lost = error
      losses += 1
      return .look
    }

    /// What to throw for a failure that ends the write: once a reply was lost, nobody knows what was changed.
    func failure(_ error: DriverError) -> DriverError { lost == nil ? error : error.with(effect: .unknown) }

    /// Whether what is stored decides the write without a change.
    private mutating func judge(_ found: Found?) throws(DriverError) -> Receipt? {
      // A damaged copy beats nothing, so that it can be overwritten; a condition on it cannot be judged.
      let stored = condition == nil ? try? found?.record.get() : try found?.record.get()
      try condition?.check(stored, at: key, writing: record)
      (rival, isRivalDamaged) = (stored, found != nil && stored == nil)
      guard let record else { return found == nil ? Receipt(.alreadyAbsent) : nil }
      return try Receipt.keeping(stored, over: record, if: condition)
    }

    /// Whether a change whose reply was lost may be sent again under the same guard.
    ///
    /// A revision never comes back, but absence does: a key that was created, and then deleted by somebody else, would be
    /// created twice. Stamped records are not deleted, except with the tombstone that came after them, long after.
    private var isRepeatable: Bool { revision != 0 || record?.stamp != nil }

    /// What became of a change whose reply was lost, now that the key has another revision.
    private func landed(_ found: Found?, or lost: DriverError) throws(DriverError) -> Receipt {
      guard let record else {
        if found == nil, condition == nil { return succeeded() }
        throw lost
      }
      if let stored = try? found?.record.get() {
        let isOwn = record == stored && (record.stamp != nil || condition == nil)
        if isOwn { return Receipt(storing: record, over: rival, isDamaged: isRivalDamaged) }
        if record.stamp != nil, condition == nil, let receipt = try Receipt.keeping(stored, over: record) {
          return receipt
        }
      }
      throw lost
    }
  }
#endif
