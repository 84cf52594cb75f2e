/// Decides a write to several children: it holds when every required child and at least `needed` in all acknowledged,
/// and fails as soon as that is impossible. Pure.
///
/// A child that holds something newer has not acknowledged. Where too few are left to do so, the write is outranked: it
/// has to be stamped anew, unless what outranks it is known to be a concurrent write's. A child that replaced a damaged
/// copy has acknowledged, and compared with nothing: the write then waits for so many others that one of them must know
/// of anything that was acknowledged before.
struct WriteTally: Tally {
  enum Verdict: Equatable { case undecided, holds, outranked, impossible }

  /// What it means that a child holds something newer.
  enum Superseding: Sendable {
    /// That the write was not made there.
    case refuses
    /// That the write must be stamped anew although enough may take it: no two writes need meet at a child, so that nothing
    /// else would tell of what was acknowledged before.
    case tells
    /// That it was made there and overwritten at once, as long as some child stored it: its stamp is above everything that
    /// had been acknowledged when it began, so the newer copy is a concurrent write's.
    case follows
    /// That the child is up to date: for copies that are brought to where they are not.
    case satisfies
  }

  let needed: Int
  private let votes: [Int]
  let isRequired: [Bool]
  /// Whether "already absent" means that nothing was changed; it does not where a delete writes a tombstone.
  private let isRemoval: Bool
  private(set) var outcomes: [Outcome]
  /// What it means that a child holds something newer.
  var superseding = Superseding.refuses
  private var acknowledged = 0
  /// The votes of those among them that replaced a damaged copy.
  private var blind = 0
  /// The votes of those that hold something newer.
  private var superseded = 0
  /// The children that wrote a tombstone where nothing was: they say "already absent", and are changed.
  private var tombstones: Set<Int> = []
  private var requiredSuperseded = 0
  private var undecided: Int
  private var requiredUndecided: Int
  private var requiredFailed = 0

  /// - Parameters:
  ///   - labels: The children.
  ///   - votes: How many votes each has; one where it is not given.
  ///   - needed: How many votes must acknowledge.
  ///   - isRequired: Which must in any case.
  ///   - skipped: Which are not asked, and why.
  ///   - isRemoval: Whether what is written is a delete without a tombstone.
  init(
    _ labels: [String], votes: [Int]? = nil, needed: Int, isRequired: [Bool], skipped: [Int: String] = [:],
    isRemoval: Bool = false
  ) {
    self.needed = needed
    let votes = votes ?? Array(repeating: 1, count: labels.count)
    self.votes = votes
    self.isRemoval = isRemoval
    self.isRequired = isRequired
    outcomes = labels.map { Outcome($0, .pending) }
    undecided = votes.reduce(0, +)
    requiredUndecided = isRequired.count { $0 }
    for (index, reason) in skipped { skip(index, because: reason) }
  }

  var isDecided: Bool { verdict != .undecided }

  var verdict: Verdict {
    if requiredFailed > 0 || acknowledged + superseded + undecided < needed { return .impossible }
    if requiredUndecided > 0 { return .undecided }
    if acknowledged >= needed, requiredSuperseded == 0 {
      switch superseding {
      case .tells where superseded > 0: return .outranked
      case .refuses where !hasCompared:
        if undecided > 0 { return .undecided }
        return isInformed ? .outranked : .impossible
      default: return .holds
      }
    }
    guard acknowledged + superseded >= needed else { return .undecided }
    switch superseding {
    case .refuses, .tells:
      guard acknowledged + undecided < needed || requiredSuperseded > 0 else { return .undecided }
      return isInformed ? .outranked : undecided > 0 ? .undecided : .impossible
    case .follows: return acknowledged > 0 ? .holds : undecided > 0 ? .undecided : .outranked
    case .satisfies: return .holds
    }
  }

  /// Whether enough of those that acknowledged have compared the write with what they held, so that any earlier one would
  /// have been met. Where so many copies are damaged that an earlier write may be in none but these, nobody else would know.
  private var hasCompared: Bool { blind == 0 || blind >= needed || isBlocking(acknowledged - blind) }

  /// Whether those that answered know of anything that was acknowledged before.
  private var isInformed: Bool { blind == 0 || blind >= needed || isBlocking(acknowledged - blind + superseded) }

  /// Whether every write that was acknowledged has reached one of so many votes.
  private func isBlocking(_ count: Int) -> Bool { votes.reduce(0, +) - count < needed }

  mutating func record(_ result: Result<Receipt, DriverError>, from index: Int) {
    undecided -= votes[index]
    if isRequired[index] { requiredUndecided -= 1 }
    switch result {
    case .success(let receipt):
      outcomes[index].result = receipt.result
      outcomes[index].children = receipt.children
      if receipt.stamp != nil { tombstones.insert(index) }
    case .failure(let error):
      outcomes[index].result = Outcome.Result(error)
    }
    if outcomes[index].result.isAcknowledged {
      acknowledged += votes[index]
      if case .replacedDamaged = outcomes[index].result { blind += votes[index] }
    } else if case .superseded = outcomes[index].result {
      superseded += votes[index]
      if isRequired[index] { requiredSuperseded += 1 }
    } else if isRequired[index] {
      requiredFailed += 1
    }
  }

  /// Leaves a child out, unless it has been asked.
  mutating func skip(_ index: Int, because reason: String) {
    guard case .pending = outcomes[index].result else { return }
    outcomes[index].result = .skipped(reason)
    undecided -= votes[index]
    if isRequired[index] {
      requiredUndecided -= 1
      requiredFailed += 1
    }
  }

  /// Leaves out the children not asked yet.
  mutating func skipRest(because reason: String) {
    for index in outcomes.indices { skip(index, because: reason) }
  }

  /// The write is decided, and the children that still run are told to stop: nobody knows what they did.
  mutating func cancelRest() {
    for index in outcomes.indices {
      guard case .pending = outcomes[index].result else { continue }
      outcomes[index].result = .unknown(
        DriverError(.cancelled, "cancelled when the write was decided; it may have taken effect", effect: .unknown))
    }
  }

  /// The write holds, and is in a journal for a child that has not acknowledged it.
  mutating func markQueued(_ index: Int) {
    // Why it has not acknowledged: it failed, or still writes.
    outcomes[index].children = [outcomes[index]]
    outcomes[index].result = .queued
  }

  /// The newest record that stayed where it was, because it ranks above what was to be written.
  var newestSuperseding: Stamp? {
    outcomes.compactMap { if case .superseded(let stamp) = $0.result { stamp } else { nil } }.max()
  }

  /// What the write as a whole did, when it holds.
  var result: Outcome.Result {
    var (sawAbsent, sawDamaged) = (false, false)
    for outcome in outcomes {
      switch outcome.result {
      case .stored: return .stored
      case .deleted: return .deleted
      case .alreadyAbsent: sawAbsent = true
      case .replacedDamaged: sawDamaged = true
      default: break
      }
    }
    if sawDamaged { return .replacedDamaged }
    if sawAbsent { return .alreadyAbsent }
    return newestSuperseding.map { .superseded(by: $0) } ?? .queued
  }

  /// The receipt of a write that holds, or that was outranked.
  ///
  /// - Parameter record: What was written.
  func receipt(of record: Record) -> Receipt {
    guard verdict == .outranked, let newest = newestSuperseding else {
      return Receipt(result, stamp: record.stamp, children: outcomes)
    }
    return Receipt(.superseded(by: newest), stamp: record.stamp, children: outcomes)
  }

  /// The failure of the whole, when it does not hold.
  ///
  /// - Parameters:
  ///   - operation: What was tried.
  ///   - key: On which datum.
  ///   - hint: What to do about it.
  func failure(_ operation: String, _ key: Key, hint: String = "") -> DriverError {
    var missing = outcomes.indices.filter { isRequired[$0] && !outcomes[$0].result.isAcknowledged }.map {
      outcomes[$0].node
    }
    let total = votes.reduce(0, +)
    // Where every child must accept, the count says it all.
    if needed == total { missing = [] }
    let names = missing.joined(separator: ", ")
    var parts: [String]
    if acknowledged < needed {
      parts = ["\(operation) of \(key) has \(acknowledged) of \(needed) acknowledgements needed"]
      if !missing.isEmpty { parts.append("required and not acknowledged: \(names)") }
    } else if missing.isEmpty {
      let blind = outcomes.filter { if case .replacedDamaged = $0.result { true } else { false } }.map(\.node)
      parts = [
        "\(operation) of \(key) has \(acknowledged) acknowledgements, and \(blind.joined(separator: ", ")) replaced a "
          + "damaged copy, which may have been newer: too few others answered to tell"
      ]
    } else {
      parts = [
        "\(operation) of \(key) was not acknowledged by \(names), which is required; \(acknowledged) of \(total) "
          + "acknowledged it"
      ]
    }
    if !hint.isEmpty { parts.append(hint) }
    let errors = outcomes.compactMap(\.result.error)
    return DriverError(
      .quorumNotMet, parts.joined(separator: "; "), outcomes: outcomes, effect: effect,
      isRetryable: errors.contains { $0.isRetryable },
      isExhausted: !errors.isEmpty && errors.allSatisfy(\.isExhausted))
  }

  /// Whether any child may have been changed.
  var effect: DriverError.Effect {
    let untouched = outcomes.indices.allSatisfy {
      switch outcomes[$0].result {
      case .failed, .skipped: true
      // A child of several stores may have it at some of them.
      case .superseded: outcomes[$0].children.isEmpty || !outcomes[$0].mayBeStored
      case .alreadyAbsent: isRemoval && !tombstones.contains($0)
      default: false
      }
    }
    return untouched ? .unchanged : .unknown
  }
}
