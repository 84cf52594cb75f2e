/// One operation on one node, as it ended.
///
/// Collected, the events of a call are its trace: who was asked, when, for how long, and what they said.
public struct Event: Sendable {
  /// What was asked of the node.
  public enum Operation: String, Hashable, Sendable, CustomStringConvertible {
    /// Read one datum.
    case get
    /// Write one datum.
    case put
    /// Write one datum if a condition holds.
    case compareAndPut
    /// Delete one datum.
    case delete
    /// List a page of keys.
    case list
    /// Describe one datum.
    case stat
    /// Bring the node up to date with a copy that was found elsewhere, unless it holds something newer.
    case repair
    /// Queue a write for the node, which did not take it, or send it what was queued, or give that up.
    case handoff
    /// Make the node ready.
    case open
    /// Let go of what the node holds.
    case close

    /// The operation's name.
    public var description: String { rawValue }
  }

  /// How the operation ended.
  public enum Outcome: Sendable {
    /// A copy with so many bytes and this stamp.
    case found(byteCount: Int, stamp: Stamp?)
    /// A copy that says that the datum was deleted.
    case tombstone(stamp: Stamp?)
    /// Authoritatively absent.
    case absent
    /// A write was acknowledged.
    case acknowledged(Receipt)
    /// A page with so many keys.
    case listed(Int)
    /// Done, with nothing more to say.
    case done
    /// It failed.
    case failed(DriverError)
    /// Two copies claimed this stamp for different content; the node chose by rule.
    case conflict(Stamp)
    /// A leaf gave a copy whose stamp is so far ahead of this machine's clock: one of the two clocks is wrong. Nothing is
    /// lost by it; what is written next is stamped above it.
    case ahead(Stamp, by: Duration)

    init(_ record: Record?) {
      switch record {
      case nil: self = .absent
      case let record? where record.isTombstone: self = .tombstone(stamp: record.stamp)
      case let record?: self = .found(byteCount: record.bytes.count, stamp: record.stamp)
      }
    }

    init(_ stat: Stat?) {
      switch stat {
      case nil: self = .absent
      case let stat? where stat.isTombstone: self = .tombstone(stamp: stat.stamp)
      case let stat?: self = .found(byteCount: stat.byteCount, stamp: stat.stamp)
      }
    }

    init(_ receipt: Receipt) { self = .acknowledged(receipt) }
  }

  /// The nodes from the root to this one, by name, or by kind where there is no name.
  public var path: [String] { trace.path }
  /// The places of those nodes among their siblings, from the root's child down.
  public var indices: [Int] { trace.indices }
  /// What was asked.
  public let operation: Operation
  /// Of which datum; `nil` for operations on none in particular.
  public let key: Key?
  /// Which attempt it was, from 1.
  public let attempt: Int
  /// When it began, on the runtime's clock.
  public let start: Duration
  /// How long it took, on the runtime's clock.
  public let duration: Duration
  /// How it ended.
  public let outcome: Outcome
  /// Whether a node above had answered its own caller before: a straggler of a write, a read that lost a race, a repair, an
  /// operation that outlived its time limit. Nobody waited for the result any more.
  public let isLate: Bool
  /// Whether observers were told of its beginning: not of a conflict that was noticed, nor of work out of a queue.
  package let hasBeginning: Bool

  private let trace: Trace

  init(
    _ operation: Operation, _ key: Key?, attempt: Int, start: Duration, duration: Duration, outcome: Outcome,
    isLate: Bool, hasBeginning: Bool, trace: Trace
  ) {
    self.operation = operation
    self.key = key
    self.attempt = attempt
    self.start = start
    self.duration = duration
    self.outcome = outcome
    self.isLate = isLate
    self.hasBeginning = hasBeginning
    self.trace = trace
  }

  /// The operation, as its beginning has it too; another operation may have it once this one has ended.
  package var operationID: ObjectIdentifier { ObjectIdentifier(trace) }
}

extension Event: CustomStringConvertible {
  /// One line: path, operation, key, how it ended, how long it took, and whether it was late.
  public var description: String {
    let subject = key.map { " \($0)" } ?? ""
    let lateness = isLate ? ", late" : ""
    return "\(path.joined(separator: "/")): \(operation)\(subject) \(outcome) in \(duration)\(lateness)"
  }
}

extension Event.Outcome: CustomStringConvertible {
  /// A few words.
  public var description: String {
    switch self {
    case .found(let count, let stamp): "found \(count) bytes" + (stamp.map { " stamped \($0)" } ?? "")
    case .tombstone: "found a tombstone"
    case .absent: "absent"
    case .acknowledged(let receipt): "\(receipt.result)"
    case .listed(let count): "listed \(count) keys"
    case .done: "done"
    case .failed(let error): "failed, \(error)"
    case .conflict(let stamp): "found two records with the stamp \(stamp)"
    case .ahead(let stamp, let lead): "found the stamp \(stamp), \(lead) ahead of this machine's clock"
    }
  }
}
