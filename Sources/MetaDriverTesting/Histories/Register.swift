import MetaDriver

/// The operations of one key, prepared for the checkers: which write each read has seen.
///
/// Left out are operations without a part in any guarantee: gets that did not succeed, and writes that failed. A write
/// with an unknown outcome never ends. Of the writes, the first is none: the nothing that is there before all of them.
///
/// A put may be stored under several stamps, one after the other, and each read has seen one of these copies. Most
/// guarantees are of copies; ``Guarantee/linearizable`` is of values.
struct Register {
  /// A put, a delete, or the nothing before all of them.
  struct Write {
    /// Its place in the history; -1 for the nothing at the beginning.
    let operation: Int
    let session: Int
    let invoked: Int
    /// `Int.max` when nobody knows whether it succeeded.
    let end: Int
    /// The stamp that it is known to have: of a put that was stored under several, the last.
    var stamp: Stamp?
    /// The stamp that ranks its value among the values of others; `nil` when it was found under more than one.
    var order: Stamp?
    let isPut: Bool
    /// Whether a read has certainly seen it.
    var isRead = false

    /// Whether it succeeded.
    var isDefinite: Bool { end != .max }
    /// Whether it took effect, for certain.
    var isEffective: Bool { isDefinite || isRead }
  }

  /// A get that succeeded.
  struct Read {
    let operation: Int
    let session: Int
    let invoked: Int
    let end: Int
    /// The stamp of the copy that it has seen.
    var stamp: Stamp?
    var source: Source
    /// The deletes that it may have seen, where it has a stamp that says no more, sorted by their invocation.
    var candidates: [Int] = []
    /// What is wrong with its answer, whatever the order of the operations was, and the operations that show it.
    var problem: Problem?
  }

  /// What is compared.
  enum View {
    /// What a read has seen, under the stamp under which it has seen it.
    case copies
    /// What was written, wherever it ranks in the end.
    case values
  }

  /// What a read has seen.
  enum Source: Equatable {
    /// A write, or the nothing at the beginning, by its place among the writes.
    case write(Int)
    /// Nothing, as it is at the beginning and after any of several deletes.
    case nothing
    /// What no write can have left.
    case nowhere
  }

  /// What shows that an answer is wrong.
  struct Problem: Hashable {
    let witness: [Int]
    let reason: String
  }

  let key: Key
  var writes = [
    Write(operation: -1, session: 0, invoked: .min, end: .min, stamp: nil, isPut: false)
  ]
  /// Sorted by their invocation.
  var reads: [Read] = []
  /// The gets that are audits and did not succeed, by their place in the history.
  var failedAudits: [Int] = []
  /// The deletes that some read may have seen without anybody knowing which, sorted by their invocation.
  var deletes: [Int] = []
  /// The latest end of an unstamped delete among the first ones of `deletes`.
  var latestEnds: [Int] = []

  /// Whether reads of nothing can be told apart.
  var isExact: Bool { deletes.isEmpty }
}

extension Register {
  /// Something that the writes and reads of this register show, with the operations in the order of their invocation.
  func violation(
    of guarantee: Guarantee, by operations: some Sequence<Int>, in history: History, isCertain: Bool = true,
    _ reason: String
  ) -> Violation {
    let places = Set(operations).subtracting([-1]).sorted {
      (history.operations[$0].invoked, $0) < (history.operations[$1].invoked, $1)
    }
    return Violation(
      guarantee, key: key, witness: places.map { history.operations[$0].id }, reason: reason, isCertain: isCertain)
  }

  /// Names a write in a sentence.
  func name(of write: Int, in history: History) -> String {
    write == 0 ? "the nothing before all writes" : "\(history.operations[writes[write].operation])"
  }

  /// Says what a read found.
  func finding(of read: Read, in history: History) -> String {
    guard case .get(let value?) = history.operations[read.operation].kind else { return "nothing" }
    return "\(value)"
  }
}
