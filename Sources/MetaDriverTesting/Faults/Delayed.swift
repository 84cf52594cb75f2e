public import MetaDriver
private import Synchronization

/// Makes every operation of its child take longer: a link to a store that is fast by itself.
///
/// ```swift
/// Quorum(read: 2, write: 2) {
///   disk
///   Delayed(by: .exponential(mean: .milliseconds(20))) { eu }
///   us.delayed(by: .constant(.milliseconds(80)), seed: 7)
/// }
/// ```
///
/// The child is asked after one delay, and its answer or error arrives after another, both drawn from the distribution.
/// What is drawn is a function of the seed, the child's name, the operation and the number of the call among the calls of
/// that operation. Time passes on the runtime's clock, and the caller's task waits: a call that is cancelled before the
/// child was asked throws `cancelled`, unchanged; one that is cancelled while the answer travels throws `cancelled`, and
/// the effect of a write is unknown then.
///
/// Use ``Faulty`` where requests must go on when their caller has gone.
public struct Delayed<Base: Driver>: Modifier {
  /// The child.
  public let base: Base
  private let delay: DelayDistribution
  private let seed: UInt64
  private let calls: Calls

  private final class Calls: Sendable {
    let counts = Mutex(FaultCall.Counts())
  }

  /// Delays each operation, open and close included.
  ///
  /// - Parameters:
  ///   - delay: How long a request travels, and how long a reply does.
  ///   - seed: What the delays are drawn from.
  ///   - base: The child.
  public init(by delay: DelayDistribution, seed: UInt64 = 0, @ModifierBuilder _ base: () -> Base) {
    self.base = base()
    self.delay = delay
    self.seed = seed
    calls = Calls()
  }

  /// `Delayed`, above the child.
  public var outline: Outline { Outline(modifier: "Delayed", of: base.outline, parameters: ["by": "\(delay)"]) }

  /// Reads, later.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await run(.get, context) { () throws(DriverError) in try await context.get(key, from: base) }
  }

  /// Writes, later.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await run(.put, context) { () throws(DriverError) in try await context.put(record, at: key, to: base) }
  }

  /// Writes if a condition holds, later.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await run(.compareAndPut, context) { () throws(DriverError) in
      try await context.put(record, at: key, if: condition, to: base)
    }
  }

  /// Deletes, later.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await run(.delete, context) { () throws(DriverError) in
      try await context.delete(key, proof: proof, from: base)
    }
  }

  /// Deletes, later, if a condition holds.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await run(.delete, context) { () throws(DriverError) in
      try await context.delete(key, if: condition, from: base)
    }
  }

  /// Lists, later.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await run(.list, context) { () throws(DriverError) in try await context.list(request, from: base) }
  }

  /// Describes, later.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await run(.stat, context) { () throws(DriverError) in try await context.stat(key, from: base) }
  }

  /// Opens, later.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await run(.open, context) { () throws(DriverError) in try await context.open(base) }
  }

  /// Closes, later.
  public func close(in context: Context) async throws(DriverError) {
    try await run(.close, context) { () throws(DriverError) in try await context.close(base) }
  }

  /// Reads by URL, later.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await run(.get, context) { () throws(DriverError) in try await context.get(urls, from: base) }
  }

  private func run<Answer>(
    _ operation: Event.Operation, _ context: Context, _ body: () async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    let call = calls.counts.withLock {
      $0.next(leaf: base.outline.label, step: context.hints[StepHint.self], operation: operation)
    }
    var numbers = call.generator(seed: seed)
    var request = SeededGenerator(seed: numbers.next())
    var reply = SeededGenerator(seed: numbers.next())
    try await wait(delay.sample(using: &request), "before \(call.leaf) was asked", .unchanged, context)
    let answer: Result<Answer, DriverError>
    do throws(DriverError) { answer = .success(try await body()) } catch { answer = .failure(error) }
    try await wait(
      delay.sample(using: &reply), "while the answer of \(call.leaf) was under way",
      operation.isWrite ? .unknown : .unchanged, context)
    return try answer.get()
  }

  private func wait(
    _ delay: Duration, _ moment: @autoclosure () -> String, _ effect: DriverError.Effect, _ context: Context
  ) async throws(DriverError) {
    guard delay > .zero else { return }
    do throws(DriverError) { try await context.runtime.sleep(for: delay) } catch {
      throw DriverError(error.code, "cancelled \(moment())", effect: effect)
    }
  }
}

extension Driver {
  /// Makes every operation of this driver take longer: see ``Delayed``.
  public func delayed(by delay: DelayDistribution, seed: UInt64 = 0) -> Delayed<Self> {
    Delayed(by: delay, seed: seed) { self }
  }
}
