/// Something of which the newest can be told.
protocol Rankable: Sendable {
  func ranksAbove(_ other: Self) -> Bool
  func conflicts(with other: Self) -> Bool
  var stamp: Stamp? { get }
}

extension Record: Rankable {}

extension Stat: Rankable {
  func ranksAbove(_ other: Stat) -> Bool {
    switch (stamp, other.stamp) {
    case (let mine?, let theirs?) where mine != theirs: mine > theirs
    case (_?, nil): true
    case (nil, _?): false
    default: isTombstone && !other.isTombstone
    }
  }
  func conflicts(with other: Stat) -> Bool { stamp != nil && stamp == other.stamp && self != other }
}

/// Decides a quorum read: the newest of the first `needed` answers, absences included. Pure.
struct QuorumReadTally<Copy: Rankable>: Tally {
  let needed: Int
  private let count: Int
  private(set) var outcomes: [Outcome]
  private(set) var newest: Copy?
  /// A stamp under which two different copies were found.
  private(set) var conflict: Stamp?
  private var answers = 0
  private var failures = 0

  init(_ labels: [String], needed: Int, skipped: [Int: String] = [:]) {
    self.needed = needed
    count = labels.count - skipped.count
    outcomes = labels.map { Outcome($0, .pending) }
    for (index, reason) in skipped { outcomes[index].result = .skipped(reason) }
  }

  var isDecided: Bool { answers >= needed || isImpossible }
  var isImpossible: Bool { count - failures < needed }

  mutating func record(_ result: Result<Copy?, DriverError>, from index: Int) {
    switch result {
    case .success(let copy):
      guard answers < needed else { return }
      answers += 1
      outcomes[index].result = copy == nil ? .absent : .found
      guard let copy else { return }
      if let newest, newest.conflicts(with: copy) { conflict = copy.stamp }
      if newest.map({ copy.ranksAbove($0) }) ?? true { newest = copy }
    case .failure(let error):
      failures += 1
      outcomes[index].result = .failed(error)
    }
  }

  /// The failure of the whole, when too few answered.
  func failure(_ subject: String) -> DriverError {
    let errors = outcomes.compactMap(\.result.error)
    return DriverError(
      .quorumNotMet, "\(subject) has \(answers) of \(needed) answers needed", outcomes: outcomes, effect: .unchanged,
      isRetryable: errors.contains { $0.isRetryable },
      isExhausted: !errors.isEmpty && errors.allSatisfy(\.isExhausted))
  }
}
