public import MetaDriver

/// What the clients of a store did and were told: the evidence that checkers judge.
///
/// ```swift
/// var history = History()
/// history.put(1, from: 0, to: 1)
/// history.put(2, from: 2, to: 20)
/// history.get(2, from: 3, to: 4, session: 1)
/// history.get(1, from: 5, to: 6, session: 2)
/// for violation in try history.violations(of: .linearizable, .regular) { print(violation) }
/// ```
///
/// A history tells of one register for each key: a put replaces what is stored, a delete removes it, a get finds one of
/// them. So that a get says whose value it found, every put of a key has a value of its own. Values are numbers: a test
/// writes records that hold them, and keeps the numbers.
///
/// Moments are numbers of any unit, on a clock that all operations share. Two operations of which one ends at the very
/// moment at which the other begins are concurrent: neither is known to be first.
///
/// A ``HistoryRecorder`` collects a history while it happens, a ``HistoryFile`` keeps histories as JSON.
public struct History: Hashable, Sendable {
  /// The operations, in any order.
  public var operations: [Operation]

  /// Makes a history.
  public init(_ operations: [Operation] = []) { self.operations = operations }
}

extension History {
  /// Adds a put. Its ``Operation/id`` is the number of operations before it.
  ///
  /// - Parameters:
  ///   - value: What it wrote, unlike every other put of the key, and not 0.
  ///   - begin: When it was invoked.
  ///   - end: When it succeeded; `nil` when nobody knows whether it did.
  ///   - session: Who did it.
  ///   - key: Of which datum.
  ///   - stamp: The stamp of what was written.
  public mutating func put(
    _ value: Int, from begin: Int, to end: Int?, session: Int = 0, key: Key = "x", stamp: Stamp? = nil
  ) {
    add(.put(value), begin, end, session, key, stamp)
  }

  /// Adds a delete. Its ``Operation/id`` is the number of operations before it.
  ///
  /// - Parameters:
  ///   - begin: When it was invoked.
  ///   - end: When it succeeded; `nil` when nobody knows whether it did.
  ///   - session: Who did it.
  ///   - key: Of which datum.
  ///   - stamp: The stamp of the tombstone.
  public mutating func delete(from begin: Int, to end: Int?, session: Int = 0, key: Key = "x", stamp: Stamp? = nil) {
    add(.delete, begin, end, session, key, stamp)
  }

  /// Adds a get. Its ``Operation/id`` is the number of operations before it.
  ///
  /// - Parameters:
  ///   - value: What it found; `nil` when it found nothing.
  ///   - begin: When it was invoked.
  ///   - end: When it succeeded; `nil` when it never answered.
  ///   - session: Who did it.
  ///   - key: Of which datum.
  ///   - stamp: The stamp of what was found.
  public mutating func get(
    _ value: Int?, from begin: Int, to end: Int?, session: Int = 0, key: Key = "x", stamp: Stamp? = nil
  ) {
    add(.get(value), begin, end, session, key, stamp)
  }

  private mutating func add(
    _ kind: Operation.Kind, _ begin: Int, _ end: Int?, _ session: Int, _ key: Key, _ stamp: Stamp?
  ) {
    operations.append(
      Operation(
        id: operations.count, session: session, key: key, kind, invoked: begin, end.map { .ok(at: $0) } ?? .unknown,
        stamp: stamp))
  }
}
