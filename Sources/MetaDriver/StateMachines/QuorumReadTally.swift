/// Decides a read that ranks copies: the newest of the answers of enough children, absences included. Pure.
struct QuorumReadTally<Copy: Rankable>: Tally {
  /// How many votes must answer.
  let needed: Int
  private let votes: [Int]
  /// Whether every child that was asked is waited for.
  private let isPatient: Bool
  private(set) var outcomes: [Outcome]
  private(set) var newest: Copy?
  /// Which child has the newest copy.
  private(set) var source: Int?
  /// The children that answered, and their copies.
  private(set) var answers: [(index: Int, copy: Copy?)] = []
  /// The newest stamp under which two different copies were found.
  private(set) var conflict: Stamp?
  /// Where the copies' stamps must be.
  var bounds: ReadBounds?
  /// The oldest stamp of the copies that are too new to be ranked.
  private(set) var excluded: Stamp?
  private var answeredVotes = 0
  /// The votes of those that may still answer, and their number.
  private var openVotes: Int
  private var openCount: Int

  /// - Parameters:
  ///   - labels: The children.
  ///   - votes: How many votes each has; one where it is not given.
  ///   - needed: How many votes must answer.
  ///   - isPatient: Whether every child that is asked is waited for.
  ///   - skipped: Which are not asked, and why.
  ///   - bounds: Where the copies' stamps must be.
  init(
    _ labels: [String], votes: [Int]? = nil, needed: Int, isPatient: Bool = false, skipped: [Int: String] = [:],
    bounds: ReadBounds? = nil
  ) {
    self.needed = needed
    self.bounds = bounds
    let votes = votes ?? Array(repeating: 1, count: labels.count)
    self.votes = votes
    self.isPatient = isPatient
    outcomes = labels.map { Outcome($0, .pending) }
    for (index, reason) in skipped { outcomes[index].result = .skipped(reason) }
    openVotes = votes.indices.reduce(0) { skipped[$1] == nil ? $0 + votes[$1] : $0 }
    openCount = labels.count - skipped.count
  }

  var isDecided: Bool { isImpossible || (isPatient ? openCount == 0 : answeredVotes >= needed) }
  var isImpossible: Bool { answeredVotes + openVotes < needed }

  mutating func record(_ result: Result<Copy?, DriverError>, from index: Int) {
    guard !isDecided else { return }
    openVotes -= votes[index]
    openCount -= 1
    switch result {
    case .success(let copy):
      answeredVotes += votes[index]
      if let bounds, let stamp = copy?.stamp, bounds.isExceeded(by: stamp) {
        excluded = min(excluded ?? stamp, stamp)
        outcomes[index].result = .skipped("its copy is too new: \(stamp)")
        return
      }
      outcomes[index].result = copy == nil ? .absent : .found
      if let copy { rank(copy, from: index) }
      answers.append((index, copy))
    case .failure(let error): outcomes[index].result = .failed(error)
    }
  }

  /// Which copies are compared must not depend on the order in which they arrive: a conflict below the newest is one too.
  private mutating func rank(_ copy: Copy, from index: Int) {
    if let stamp = copy.stamp, answers.contains(where: { $0.copy?.conflicts(with: copy) ?? false }) {
      conflict = max(conflict ?? stamp, stamp)
    }
    if newest.map({ copy.ranksAbove($0) }) ?? true {
      newest = copy
      source = index
    }
  }

  /// The children that are known to lack the newest copy: they hold an older one, none, or a damaged one.
  var lagging: [Int] {
    guard let newest else { return [] }
    let older = answers.filter { $0.copy.map { newest.isNewer(than: $0) } ?? true }.map(\.index)
    let damaged = outcomes.indices.filter { outcomes[$0].result.error?.code == .corrupt }
    return (older + damaged).sorted()
  }

  /// The children that are known to hold the newest copy.
  var holders: [Int] {
    guard let newest else { return [] }
    return answers.filter { $0.copy.map { !newest.isNewer(than: $0) } ?? false }.map(\.index).sorted()
  }

  /// The failure of the whole, when too few answered.
  func failure(_ subject: String) -> DriverError {
    let errors = outcomes.compactMap(\.result.error)
    return DriverError(
      .quorumNotMet, "\(subject) has \(answeredVotes) of \(needed) answers needed", outcomes: outcomes,
      effect: .unchanged, isRetryable: errors.contains { $0.isRetryable },
      isExhausted: !errors.isEmpty && errors.allSatisfy(\.isExhausted))
  }
}
