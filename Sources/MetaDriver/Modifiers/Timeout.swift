/// Answers within a limit, whatever the child does.
///
/// ```swift
/// Quorum(read: 2, write: 2) {
///   disk
///   Timeout(.seconds(2)) { eu }
///   us.timeout(.seconds(2))
/// }
/// ```
///
/// An operation that has no answer in time throws `timedOut`. It answers on time over a child that ignores cancellation
/// too. A read is cancelled then; a write goes on in the background, because nobody can know whether it took effect:
/// its `effect` is `unknown`, and the observer is told how it ends. A write that still waits for its turn at a leaf when
/// the limit has passed is not made at all.
///
/// When as many operations as the runtime's `backgroundLimit` have outlived their limit and still run, new ones are
/// refused (`throttled`) instead of joining them. A child that answers without suspending costs one task and no timer.
public struct Timeout<Base: Driver>: Modifier {
  /// The child.
  public let base: Base
  private let limit: Duration
  private let stragglers = Stragglers(children: 1)

  /// Limits the time of each operation, open and close included.
  ///
  /// - Precondition: `limit` is positive.
  public init(_ limit: Duration, @ModifierBuilder _ base: () -> Base) {
    precondition(limit > .zero, "a time limit of \(limit) lets nothing through")
    self.base = base()
    self.limit = limit
  }

  /// `Timeout`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "Timeout", of: base.outline, parameters: ["": "\(limit)"])
    outline.timeout = limit
    return outline
  }

  /// Reads within the limit.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await run("get of \(key)", isWrite: false, context) { [base] context throws(DriverError) in
      try await context.get(key, from: base, at: 0, label: base.outline.component)
    }
  }

  /// Writes within the limit.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await run("put of \(key)", isWrite: true, context) { [base] context throws(DriverError) in
      try await context.put(record, at: key, to: base, at: 0, label: base.outline.component)
    }
  }

  /// Writes within the limit, if a condition holds.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await run("put of \(key)", isWrite: true, context) { [base] context throws(DriverError) in
      try await context.put(record, at: key, if: condition, to: base, at: 0, label: base.outline.component)
    }
  }

  /// Deletes within the limit.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await run("delete of \(key)", isWrite: true, context) { [base] context throws(DriverError) in
      try await context.delete(key, proof: proof, from: base, at: 0, label: base.outline.component)
    }
  }

  /// Deletes within the limit, if a condition holds.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await run("delete of \(key)", isWrite: true, context) { [base] context throws(DriverError) in
      try await context.delete(key, if: condition, from: base, at: 0, label: base.outline.component)
    }
  }

  /// Lists within the limit.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await run("list", isWrite: false, context) { [base] context throws(DriverError) in
      try await context.list(request, from: base, at: 0, label: base.outline.component)
    }
  }

  /// Describes within the limit.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await run("stat of \(key)", isWrite: false, context) { [base] context throws(DriverError) in
      try await context.stat(key, from: base, at: 0, label: base.outline.component)
    }
  }

  /// Opens within the limit.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await run("open", isWrite: false, context) { [base] context throws(DriverError) in
      try await context.open(base, at: 0, label: base.outline.component)
    }
  }

  /// Closes within the limit.
  public func close(in context: Context) async throws(DriverError) {
    try await run("close", isWrite: true, context) { [base] context throws(DriverError) in
      try await context.close(base, at: 0, label: base.outline.component)
    }
  }

  /// Reads by URL within the limit.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await run("get by URL", isWrite: false, context) { [base] context throws(DriverError) in
      try await context.get(urls, from: base, at: 0, label: base.outline.component)
    }
  }

  private func run<Answer: Sendable>(
    _ operation: @autoclosure () -> String, isWrite: Bool, _ context: Context,
    _ body: @escaping @Sendable (Context) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    let now = context.runtime.now
    let inner = context.within(now + limit)
    // What is left of the call's own time may be less.
    let left = inner.deadline.map { max($0 - now, .zero) } ?? limit
    return try await inner.limited(
      operation(), limit: left, isWrite: isWrite, stragglers: stragglers, body)
  }
}

extension Driver {
  /// Answers within a limit, whatever this driver does: see ``Timeout``.
  public func timeout(_ limit: Duration) -> Timeout<Self> { Timeout(limit) { self } }
}
