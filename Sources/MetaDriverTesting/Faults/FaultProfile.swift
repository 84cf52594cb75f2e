public import MetaDriver

/// How often a store misbehaves, and in which way.
///
/// ```swift
/// var profile = FaultProfile()
/// profile[.lostReply] = 0.01                                      // of every operation
/// profile[.tornWrite, on: .put] = 0.001
/// profile.delay = .exponential(mean: .milliseconds(20))
/// print(profile)  // delay 20ms on average; lostReply 0.01; tornWrite on put 0.001
/// ```
public struct FaultProfile: Hashable, Sendable {
  /// What a store has on its device.
  public enum Durability: Hashable, Sendable {
    /// Every write, before it is acknowledged: it survives a crash.
    case synced
    /// Everything written, every so often: a crash loses what was written since.
    ///
    /// The duration is positive.
    case lazy(every: Duration)
  }

  /// Nothing goes wrong, and nothing takes time.
  public static let none = FaultProfile()

  /// How long a message travels, each of request and reply. None by default.
  public var delay: DelayDistribution = .none
  /// How long the request of an operation travels, where that is not as long as ``delay`` says: a slow disk takes a put
  /// later than a get.
  public var requestDelays: [Event.Operation: DelayDistribution] = [:]
  /// How long `delayedVisibility` hides a write, and how late `duplicated` and `reordered` ones land: 50 ms on average
  /// by default.
  public var lateness: DelayDistribution = .exponential(mean: .milliseconds(50))
  /// What a crash loses: nothing that was acknowledged, by default.
  public var durability: Durability = .synced {
    didSet {
      guard case .lazy(let interval) = durability else { return }
      precondition(interval > .zero, "a store that syncs every \(interval) never does")
    }
  }

  /// The rates of the kinds, in the order of `Fault.Kind.allCases`; no row for an operation without faults.
  private var rates: [Event.Operation: [Double]] = [:]

  private static let operations: [Event.Operation] = [
    .get, .put, .compareAndPut, .delete, .list, .stat, .open, .close,
  ]

  /// Makes a profile without faults.
  public init() {}

  /// The probability of a fault, of 0 to 1, for one operation, or for every operation that can suffer it.
  ///
  /// A call suffers one fault at most, so the rates of an operation add up to 1 at most. Read without an operation, it is
  /// the highest of the rates.
  ///
  /// - Precondition: The rate is from 0 to 1, the rates of an operation do not exceed 1 together, and the operation can
  ///   suffer the fault (``Fault/Kind/applies(to:)``).
  public subscript(kind: Fault.Kind, on operation: Event.Operation? = nil) -> Double {
    get {
      if let operation { return rates[operation]?[Self.index(of: kind)] ?? 0 }
      return Self.operations.map { self[kind, on: $0] }.max() ?? 0
    }
    set {
      precondition((0...1).contains(newValue), "a rate of \(newValue) for \(kind): rates are from 0 to 1")
      if let operation {
        precondition(kind.applies(to: operation), "\(operation) cannot suffer \(kind)")
        set(newValue, of: kind, on: operation)
      } else {
        for operation in Self.operations where kind.applies(to: operation) { set(newValue, of: kind, on: operation) }
      }
    }
  }

  private mutating func set(_ rate: Double, of kind: Fault.Kind, on operation: Event.Operation) {
    var row = rates[operation] ?? [Double](repeating: 0, count: Fault.Kind.allCases.count)
    row[Self.index(of: kind)] = rate
    let sum = row.reduce(0, +)
    // Ten rates of 0.1 add up to a little more or less than 1.
    precondition(
      sum <= 1 + 1e-9, "with \(kind) at \(rate), the rates of \(operation) add up to \(sum): 1 is the most")
    rates[operation] = sum > 0 ? row : nil
  }

  private static func index(of kind: Fault.Kind) -> Int { Fault.Kind.allCases.firstIndex(of: kind) ?? 0 }

  // MARK: Draws

  /// What becomes of a call: a function of the seed and the call alone, whatever else happens.
  ///
  /// Each part is drawn from numbers of its own, so that another delay does not bring other faults.
  func journey(of call: FaultCall, seed: UInt64) -> Journey {
    var numbers = call.generator(seed: seed)
    var request = SeededGenerator(seed: numbers.next())
    var reply = SeededGenerator(seed: numbers.next())
    var lateness = SeededGenerator(seed: numbers.next())
    return Journey(
      request: (requestDelays[call.operation] ?? delay).sample(using: &request), reply: delay.sample(using: &reply),
      fault: kind(on: call.operation, at: numbers.unit()).map { kind in
        Fault(kind, lasting: kind.hasDuration ? self.lateness.sample(using: &lateness) : .zero)
      },
      isCancellable: numbers.next() & 1 == 1)
  }

  private func kind(on operation: Event.Operation, at draw: Double) -> Fault.Kind? {
    guard let row = rates[operation] else { return nil }
    var sum = 0.0
    for (kind, rate) in zip(Fault.Kind.allCases, row) {
      sum += rate
      if draw < sum { return kind }
    }
    return nil
  }
}

extension FaultProfile: CustomStringConvertible {
  /// One line: what differs from a store without faults.
  public var description: String {
    var parts: [String] = []
    if delay != .none { parts.append("delay \(delay)") }
    parts += Self.operations.compactMap { operation in requestDelays[operation].map { "\(operation) takes \($0)" } }
    for kind in Fault.Kind.allCases {
      let concerned = Self.operations.filter { kind.applies(to: $0) }
      let highest = self[kind]
      if highest > 0, concerned.allSatisfy({ self[kind, on: $0] == highest }) {
        parts.append("\(kind) \(highest)")
      } else {
        parts += concerned.filter { self[kind, on: $0] > 0 }.map { "\(kind) on \($0) \(self[kind, on: $0])" }
      }
      if kind.hasDuration, highest > 0 { parts[parts.count - 1] += ", late by \(lateness)" }
    }
    if case .lazy(let interval) = durability { parts.append("synced every \(interval.text)") }
    return parts.isEmpty ? "no faults" : parts.joined(separator: "; ")
  }
}
