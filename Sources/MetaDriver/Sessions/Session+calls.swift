/// What the nodes of a session have in common.
extension Session {
  /// Whether floors are kept in a journal.
  var isDurable: Bool { journal != nil }

  /// The floors of a key, out of the journal if need be.
  func entry(of key: Key, in context: Context) async throws(DriverError) -> SessionFloors.Entry {
    try checkOpen()
    while true {
      if let entry = withFloors({ $0.entry(of: key) }) { return entry }
      // Another key may have taken its place again before this one is looked at.
      try await journal?.load(key, into: self, context)
    }
  }

  /// The stamp below which a read must not go.
  @inline(__always)
  func floor(
    _ guarantee: SessionFloors.Guarantee, of key: Key, in context: Context
  ) async throws(DriverError) -> Stamp? {
    guard isDurable else { return withFloors { $0.floor(guarantee, of: key) } }
    return try await entry(of: key, in: context).floor(guarantee)
  }

  // MARK: Reads below a floor

  /// What to answer to a read that found a copy below the floor, as the policy says.
  ///
  /// - Parameters:
  ///   - found: What was found.
  ///   - floor: The floor as it was before the read.
  ///   - own: The session's own copy, if it is kept and not below the floor.
  ///   - ask: Reads again.
  /// - Throws: `stale`, with both stamps.
  func resolve<Copy: Erasable>(
    _ found: Copy?, below floor: Stamp, _ guarantee: SessionFloors.Guarantee, at key: Key, _ policy: StalePolicy,
    in context: Context, own: () async throws(DriverError) -> Copy?,
    ask: (Context) async throws(DriverError) -> Copy?
  ) async throws(DriverError) -> Copy? {
    if context.acceptsStale { return found }
    var found = found
    func isFresh(_ copy: Copy?) -> Bool { copy?.stamp.map { $0 >= floor } ?? false }
    // What the session knows by itself is no copy that others could read there.
    if policy == .serveOwnCopy, !context.isCounting, let own = try await own() { return own }
    // Nothing is what a delete leaves behind when its tombstone was purged.
    if found == nil, try await entry(of: key, in: context).copy(guarantee)?.isTombstone == true {
      return context.isCounting ? nil : Copy.erased(at: floor)
    }
    switch policy {
    case .fail, .serveOwnCopy: break
    case .widen:
      found = try await ask(context.wide)
    case .wait(let limit, let pause):
      let runtime = context.runtime
      let end = min(runtime.now + limit, context.deadline ?? (runtime.now + limit))
      while !isFresh(found), runtime.now + pause <= end {
        try await runtime.sleep(for: pause)
        found = try await ask(context)
      }
    }
    if isFresh(found) { return found }
    let what = found.map { $0.stamp.map { "\($0)" } ?? "a copy without a stamp" } ?? "nothing"
    throw DriverError(
      staleBelow: floor, found: found?.stamp,
      "this session \(guarantee == .readYourWrites ? "wrote" : "has seen") \(key) at \(floor), and the newest copy to be "
        + "found is \(what)")
  }

  /// The record that the session wrote last, if it is kept and not below a floor.
  func ownRecord(
    at key: Key, from floor: Stamp, in context: Context
  ) async throws(DriverError) -> Record? {
    let record: Record?
    if let journal {
      record = try await journal.copy(of: key, context)
    } else {
      record = withFloors { $0.record(at: key) }
    }
    let written = try await entry(of: key, in: context).floor(.readYourWrites)
    guard let record, let stamp = record.stamp, stamp == written, stamp >= floor else { return nil }
    return record
  }

  /// The description of what the session wrote last, if it is not below a floor.
  func ownStat(at key: Key, from floor: Stamp, in context: Context) async throws(DriverError) -> Stat? {
    guard let own = try await entry(of: key, in: context).own, let stamp = own.stamp, stamp >= floor else { return nil }
    return own
  }

  // MARK: Raising floors

  /// Takes note of what a read is about to answer. With a journal, it has the floor when this returns.
  ///
  /// - Throws: `noSpace` when a session in memory remembers as many keys as it may.
  func see(_ stat: Stat, at key: Key, in context: Context) async throws(DriverError) {
    if !isDurable {
      try makeRoom(for: key, "the copy found of \(key) is not answered, because it could not be kept up")
    }
    withFloors { $0.see(stat, at: key) }
    try await journal?.settle(key, of: self, context)
  }

  /// Writes a record above all that the session knows, and raises the floors when it is acknowledged, or queued durably.
  ///
  /// The stamp is left to the nodes below: they know what else it must be above. One that a node above gave is kept, and
  /// superseded when it is below a floor. Copies that bring a child up to date are no writes of this session's, and pass.
  ///
  /// - Parameters:
  ///   - record: What to write.
  ///   - keepsCopy: Whether a read may want it back.
  ///   - put: Writes at the child, in a context that has the floor.
  /// - Throws: `noSpace` when a session in memory remembers as many keys as it may; what the journal throws, after the child
  ///   has acknowledged with an `unknown` effect.
  func write(
    _ record: Record, at key: Key, keepsCopy: Bool, in context: Context,
    _ put: (Record, Context) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    if context.isRepair { return try await put(record, context) }
    if !isDurable { try makeRoom(for: key, "\(key) was not written") }
    let seen = try await entry(of: key, in: context).seen?.stamp
    // One that is the floor itself is the same write once more, after its reply was lost.
    if let stamp = record.stamp, let seen, stamp < seen { return Receipt(.superseded(by: seen), stamp: stamp) }
    var record = record
    if record.stamp == nil, record.parent == nil { record.parent = seen }
    let receipt = try await put(record, record.stamp == nil ? context.ordered(above: seen) : context)
    guard receipt.result.isAcknowledged || receipt.result.isQueued else { return receipt }
    guard let stamp = record.stamp ?? receipt.stamp else {
      throw DriverError(
        .unsupported, "\(key) was written below a session by a node that stamps, and its receipt has no stamp",
        effect: .unknown)
    }
    record.stamp = stamp
    withFloors { [record] in $0.write(record, at: key, keepsRecord: keepsCopy) }
    guard let journal else { return receipt }
    do throws(DriverError) {
      if keepsCopy, record.bytes.count <= withFloors({ $0.byteLimit }) {
        try await journal.keep(record, at: key, of: self, context)
      }
      try await journal.settle(key, of: self, context)
    } catch { throw error.with(effect: .unknown) }
    return receipt
  }

  /// Makes room in memory for a key.
  ///
  /// - Throws: `noSpace` when there is no room for one key more.
  func makeRoom(for key: Key, _ consequence: @autoclosure () -> String) throws(DriverError) {
    let limit = withFloors { $0.makeRoom(for: key) ? nil : $0.keyLimit }
    guard let limit else { return }
    throw DriverError(
      .noSpace,
      "this session remembers \(limit) keys, which is its limit; \(consequence()). "
        + (isDurable
          ? "All of them wait for its journal: try again, or raise keyLimit"
          : "Begin a new session, or raise keyLimit"),
      effect: .unchanged)
  }
}
