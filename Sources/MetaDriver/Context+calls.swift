/// How a node calls a child. The child's path, the trace, the order of puts at a leaf and the guard against a tree that
/// contains itself are seen to here; a direct call to the child would work and go unseen.
extension Context {
  /// Reads from a child.
  ///
  /// - Parameters:
  ///   - key: What to read.
  ///   - child: The child.
  ///   - index: Its place among the node's children.
  public func get(_ key: Key, from child: some Driver, at index: Int = 0) async throws(DriverError) -> Record? {
    try checkOmission(of: child)
    return try await deeper().get(key, from: child, at: index, label: child.outline.component)
  }

  /// Reads from a child by URL.
  public func get(_ urls: [StorageURL], from child: some Driver, at index: Int = 0) async throws(DriverError) -> Record?
  {
    try checkOmission(of: child)
    return try await deeper().get(urls, from: child, at: index, label: child.outline.component)
  }

  /// Writes to a child, in turn with the other writes of the key where the child is a leaf that needs it.
  public func put(
    _ record: Record, at key: Key, to child: some Driver, at index: Int = 0
  ) async throws(DriverError) -> Receipt {
    try checkOmission(of: child)
    return try await deeper().put(record, at: key, to: child, at: index, label: child.outline.component)
  }

  /// Writes to a child if a condition holds there.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, to child: some Driver, at index: Int = 0
  ) async throws(DriverError) -> Receipt {
    try checkOmission(of: child)
    return try await deeper().put(record, at: key, if: condition, to: child, at: index, label: child.outline.component)
  }

  /// Deletes at a child.
  public func delete(
    _ key: Key, proof: DeletionProof?, from child: some Driver, at index: Int = 0
  ) async throws(DriverError) -> Receipt {
    try checkOmission(of: child)
    return try await deeper().delete(key, proof: proof, from: child, at: index, label: child.outline.component)
  }

  /// Deletes at a child if a condition holds there.
  public func delete(
    _ key: Key, if condition: Precondition, from child: some Driver, at index: Int = 0
  ) async throws(DriverError) -> Receipt {
    try checkOmission(of: child)
    return try await deeper().delete(key, if: condition, from: child, at: index, label: child.outline.component)
  }

  /// Lists a page of a child's keys.
  public func list(
    _ request: ListRequest, from child: some Driver, at index: Int = 0
  ) async throws(DriverError) -> Page {
    try checkOmission(of: child)
    return try await deeper().list(request, from: child, at: index, label: child.outline.component)
  }

  /// Asks a child about a key.
  public func stat(_ key: Key, from child: some Driver, at index: Int = 0) async throws(DriverError) -> Stat? {
    try checkOmission(of: child)
    return try await deeper().stat(key, from: child, at: index, label: child.outline.component)
  }

  /// Opens a child.
  public func open(_ child: some Driver, at index: Int = 0) async throws(DriverError) -> Receipt {
    try await deeper().open(child, at: index, label: child.outline.component)
  }

  /// Closes a child.
  public func close(_ child: some Driver, at index: Int = 0) async throws(DriverError) {
    try await deeper().close(child, at: index, label: child.outline.component)
  }
}

/// The same for the nodes of the package, which know when a call gets deeper and how their children are called. The path
/// without an observer is one call and nothing else.
extension Context {
  @inline(__always)
  func get(
    _ key: Key, from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Record? {
    do throws(DriverError) {
      guard let trace else { return try seen(try await child.get(key, in: self), from: child, key) }
      return try await observedGet(key, from: child, index, trace)
    } catch { throw error.inside(label()) }
  }

  // Out of line, so that the frame of the usual path stays small: a task whose frames fit into its first slab allocates
  // once, and a fan-out starts a task for each child.
  @inline(never)
  private func observedGet(
    _ key: Key, from child: some Driver, _ index: Int, _ trace: Trace
  ) async throws(DriverError) -> Record? {
    try await observe(.get, key, index, trace, Event.Outcome.init) { context throws(DriverError) in
      try context.seen(try await child.get(key, in: context), from: child, key)
    }
  }

  func get(
    _ urls: [StorageURL], from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Record? {
    do throws(DriverError) {
      guard let trace else { return try seen(try await child.get(urls, in: self), from: child, nil) }
      return try await observe(.get, nil, index, trace, Event.Outcome.init) { context throws(DriverError) in
        try context.seen(try await child.get(urls, in: context), from: child, nil)
      }
    } catch { throw error.inside(label()) }
  }

  @inline(__always)
  func put(
    _ record: Record, at key: Key, to child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      guard trace == nil else { return try await carefulPut(record, at: key, to: child, index) }
      guard let leaf = child.leaf else { return try await child.put(record, at: key, in: self) }
      guard !isRepair, leaf.ordering != .fifo, record.stamp != nil || !isOrdered else {
        return try await carefulPut(record, at: key, to: child, index)
      }
      return try seen(try await child.put(record, at: key, in: self), of: record, at: key)
    } catch { throw error.inside(label()) }
  }

  // Out of line for the sake of the frame, as above.
  @inline(never)
  private func carefulPut(
    _ record: Record, at key: Key, to child: some Driver, _ index: Int
  ) async throws(DriverError) -> Receipt {
    try await write(isRepair ? .repair : .put, key, index, child.leaf) { context throws(DriverError) in
      guard let leaf = child.leaf else { return try await child.put(record, at: key, in: context) }
      if context.isRepair {
        guard leaf.ordering == .newestWins else {
          return try await context.bringUpToDate(child, with: record, at: key)
        }
      } else if record.stamp == nil, context.isOrdered {
        return try await context.putStamped(record, at: key, to: child)
      }
      return try context.seen(try await child.put(record, at: key, in: context), of: record, at: key)
    }
  }

  func put(
    _ record: Record, at key: Key, if condition: Precondition, to child: some Driver, at index: Int,
    label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      return try await write(.compareAndPut, key, index, child.leaf) { context throws(DriverError) in
        try await child.put(record, at: key, if: condition, in: context)
      }
    } catch { throw error.inside(label()) }
  }

  func delete(
    _ key: Key, proof: DeletionProof?, from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      return try await write(.delete, key, index, child.leaf) { context throws(DriverError) in
        try await child.delete(key, proof: proof, in: context)
      }
    } catch { throw error.inside(label()) }
  }

  func delete(
    _ key: Key, if condition: Precondition, from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      return try await write(.delete, key, index, child.leaf) { context throws(DriverError) in
        try await child.delete(key, if: condition, in: context)
      }
    } catch { throw error.inside(label()) }
  }

  /// Removes a tombstone from a child, if it is still there: in one step where the child can, else in one turn of the
  /// leaf's writes.
  func purge(
    _ tombstone: Record, at key: Key, from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    let condition = Precondition.unchanged(since: tombstone)
    if child.outline.capabilities.contains(.compareAndDelete) {
      return try await delete(key, if: condition, from: child, at: index, label: label())
    }
    do throws(DriverError) {
      return try await write(.delete, key, index, child.leaf) { context throws(DriverError) in
        let stored: Record?
        do throws(DriverError) { stored = try await child.get(key, in: context) } catch {
          throw error.with(effect: .unchanged)
        }
        try condition.check(stored, at: key)
        return try await child.delete(key, proof: DeletionProof(tombstone.bytes), in: context)
      }
    } catch { throw error.inside(label()) }
  }

  func list(
    _ request: ListRequest, from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Page {
    do throws(DriverError) {
      try request.checkCursor()
      guard let trace else { return seen(try await child.list(request, in: self), from: child) }
      return try await observe(.list, nil, index, trace, { .listed($0.entries.count) }) {
        context throws(DriverError) in context.seen(try await child.list(request, in: context), from: child)
      }
    } catch { throw error.inside(label()) }
  }

  func stat(
    _ key: Key, from child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Stat? {
    do throws(DriverError) {
      guard let trace else { return try seen(try await child.stat(key, in: self), from: child, key) }
      return try await observe(.stat, key, index, trace, Event.Outcome.init) { context throws(DriverError) in
        try context.seen(try await child.stat(key, in: context), from: child, key)
      }
    } catch { throw error.inside(label()) }
  }

  func open(
    _ child: some Driver, at index: Int, label: @autoclosure () -> String
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      guard let trace else { return try await child.open(in: self) }
      return try await observe(.open, nil, index, trace, Event.Outcome.init) { context throws(DriverError) in
        try await child.open(in: context)
      }
    } catch { throw error.inside(label()) }
  }

  func close(_ child: some Driver, at index: Int, label: @autoclosure () -> String) async throws(DriverError) {
    do throws(DriverError) {
      guard let trace else { return try await child.close(in: self) }
      try await observe(.close, nil, index, trace, { _ in .done }) { context throws(DriverError) in
        try await child.close(in: context)
      }
    } catch { throw error.inside(label()) }
  }

  /// Tells the observer that two copies claimed one stamp for different content.
  func report(_ conflict: Stamp, of key: Key) {
    trace?.note(.get, key, attempt, start: runtime.now, end: runtime.now, .conflict(conflict))
  }

  /// Tells the observer of a repair that was not begun.
  func reportRepair(of key: Key, _ error: DriverError) {
    trace?.note(.repair, key, attempt, start: runtime.now, end: runtime.now, .failed(error))
  }

  /// A write: in turn at a leaf that needs it, seen by the observer if there is one.
  private func write(
    _ operation: Event.Operation, _ key: Key, _ index: Int, _ leaf: Leaf?,
    _ body: (Context) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    guard let trace else { return try await inTurn(key, leaf, body) }
    return try await observe(operation, key, index, trace, Event.Outcome.init) { context throws(DriverError) in
      try await context.inTurn(key, leaf, body)
    }
  }

  private func inTurn(
    _ key: Key, _ leaf: Leaf?, _ body: (Context) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    guard let leaf, leaf.ordering == .fifo else { return try await body(self) }
    return try await leaf.inTurn(key, self) { () throws(DriverError) in try await body(self) }
  }

  /// An operation on the child at `index`, seen by the observer.
  private func observe<Answer>(
    _ operation: Event.Operation, _ key: Key?, _ index: Int, _ trace: Trace, _ describe: (Answer) -> Event.Outcome,
    _ body: (Context) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    let trace = Trace(parent: trace, index: index)
    let start = runtime.now
    trace.begin(operation, key, attempt, at: start)
    do throws(DriverError) {
      let answer = try await body(traced(trace))
      trace.end(operation, key, attempt, start: start, end: runtime.now, describe(answer))
      return answer
    } catch {
      trace.end(operation, key, attempt, start: start, end: runtime.now, .failed(error))
      throw error
    }
  }
}
