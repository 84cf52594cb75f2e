import MetaDriverTesting

/// What there is to say of one history.
struct Verdict {
  /// `nil` when it was not found out.
  let isLinearizable: Bool?
  let isRegular: Bool
  /// The guarantees of a session that it denies.
  let sessions: [Guarantee]
  /// The operations that show the first violation.
  let witness: [Int]

  /// The guarantees that are looked at, in the order in which they are reported.
  static let guarantees: [Guarantee] = [
    .linearizable, .regular, .readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads,
  ]

  init(on history: History) throws(HistoryError) {
    let violations = try history.violations(of: Self.guarantees)
    let violated = Set(violations.filter(\.isCertain).map(\.guarantee))
    let isUndecided = violations.contains { !$0.isCertain }
    isLinearizable = violated.contains(.linearizable) ? false : isUndecided ? nil : true
    isRegular = !violated.contains(.regular)
    sessions = Self.guarantees.dropFirst(2).filter(violated.contains)
    witness = violations.first { $0.isCertain }?.witness ?? []
  }

  /// One line of JSON.
  func json(_ number: Int) -> String {
    let names = sessions.map { "\"\($0)\"" }.joined(separator: ",")
    let witness = witness.map(String.init).joined(separator: ",")
    return "{\"history\":\(number),\"linearizable\":\(isLinearizable.map(String.init) ?? "null"),"
      + "\"weak_regular\":\(isRegular),\"sessions\":[\(names)],\"witness\":[\(witness)]}"
  }
}
