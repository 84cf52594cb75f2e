/// How a node calls a child. The child's path, the trace, the order of puts at a leaf and the guard against a tree that
/// contains itself are seen to here; a direct call to the child would work and go unseen.
extension Context {
  /// Reads from a child.
  ///
  /// - Parameters:
  ///   - key: What to read.
  ///   - child: The child.
  ///   - index: Its place among the node's children.
  ///   - label: How to call it in the path of an error; its name or kind when it is not given.
  public func get(
    _ key: Key, from child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Record? {
    try await call(.get, key, child, index, label, describe: Event.Outcome.init) {
      context throws(DriverError) in try await child.get(key, in: context)
    }
  }

  /// Reads from a child by URL.
  public func get(
    _ urls: [StorageURL], from child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Record? {
    try await call(.get, nil, child, index, label, describe: Event.Outcome.init) {
      context throws(DriverError) in try await child.get(urls, in: context)
    }
  }

  /// Writes to a child, in turn with the other writes of the key where the child is a leaf that needs it.
  public func put(
    _ record: Record, at key: Key, to child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Receipt {
    try await write(.put, key, child, index, label) {
      context throws(DriverError) in try await child.put(record, at: key, in: context)
    }
  }

  /// Writes to a child if a condition holds there.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, to child: some Driver, at index: Int = 0,
    label: String? = nil
  ) async throws(DriverError) -> Receipt {
    try await write(.compareAndPut, key, child, index, label) {
      context throws(DriverError) in try await child.put(record, at: key, if: condition, in: context)
    }
  }

  /// Deletes at a child.
  public func delete(
    _ key: Key, proof: DeletionProof?, from child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Receipt {
    try await write(.delete, key, child, index, label) {
      context throws(DriverError) in try await child.delete(key, proof: proof, in: context)
    }
  }

  /// Lists a page of a child's keys.
  public func list(
    _ request: ListRequest, from child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Page {
    try await call(.list, nil, child, index, label, describe: { .listed($0.entries.count) }) {
      context throws(DriverError) in try await child.list(request, in: context)
    }
  }

  /// Asks a child about a key.
  public func stat(
    _ key: Key, from child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Stat? {
    try await call(.stat, key, child, index, label, describe: Event.Outcome.init) {
      context throws(DriverError) in try await child.stat(key, in: context)
    }
  }

  /// Opens a child.
  public func open(
    _ child: some Driver, at index: Int = 0, label: String? = nil
  ) async throws(DriverError) -> Receipt {
    try await call(.open, nil, child, index, label, describe: Event.Outcome.init) {
      context throws(DriverError) in try await child.open(in: context)
    }
  }

  /// Closes a child.
  public func close(_ child: some Driver, at index: Int = 0, label: String? = nil) async throws(DriverError) {
    try await call(.close, nil, child, index, label, describe: { _ in .done }) {
      context throws(DriverError) in try await child.close(in: context)
    }
  }

  private func write(
    _ operation: Event.Operation, _ key: Key, _ child: some Driver, _ index: Int, _ label: String?,
    _ body: (Context) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    guard let leaf = child.leaf, leaf.ordering == .fifo else {
      return try await call(operation, key, child, index, label, describe: Event.Outcome.init, body)
    }
    return try await call(operation, key, child, index, label, describe: Event.Outcome.init) {
      context throws(DriverError) in
      try await leaf.inTurn(key, context) { () throws(DriverError) in try await body(context) }
    }
  }

  private func call<Answer>(
    _ operation: Event.Operation, _ key: Key?, _ child: some Driver, _ index: Int, _ label: String?,
    describe: (Answer) -> Event.Outcome, _ body: (Context) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    do throws(DriverError) {
      let inner = try descending(to: index)
      guard let trace = inner.trace else { return try await body(inner) }
      let start = runtime.now
      do throws(DriverError) {
        let answer = try await body(inner)
        trace.report(operation, key, attempt, start: start, end: runtime.now, describe(answer))
        return answer
      } catch {
        trace.report(operation, key, attempt, start: start, end: runtime.now, .failed(error))
        throw error
      }
    } catch {
      throw error.inside(label ?? child.outline.component)
    }
  }
}

extension Context {
  /// Tells the observer that two copies claimed one stamp for different content.
  func report(_ conflict: Stamp, of key: Key) {
    trace?.report(.get, key, attempt, start: runtime.now, end: runtime.now, .conflict(conflict))
  }
}
