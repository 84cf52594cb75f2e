/// Goes through the answers of children that are asked in order, or raced: the first copy wins, and only a clean sweep
/// of absences is an absence. Pure.
///
/// It allocates nothing as long as the first child answers.
struct Search: Sendable {
  private(set) var outcomes: [Outcome] = []
  private var failures = 0

  mutating func recordAbsence(at label: String) { outcomes.append(Outcome(label, .absent)) }

  mutating func record(_ error: DriverError, at label: String) {
    failures += 1
    outcomes.append(Outcome(label, .failed(error)))
  }

  mutating func skip(_ label: String, because reason: String) { outcomes.append(Outcome(label, .skipped(reason))) }

  /// Nobody had a copy: returns when every child that was asked said so.
  ///
  /// - Parameter subject: What was searched for.
  /// - Throws: The failure of the search, naming every child. Its code is the children's where all failures agree.
  func conclude(_ subject: @autoclosure () -> String) throws(DriverError) {
    guard failures > 0 else { return }
    let errors = outcomes.compactMap(\.result.error)
    let codes = Set(errors.map(\.code))
    throw DriverError(
      codes.count == 1 ? errors[0].code : .unavailable,
      "\(failures) of \(outcomes.count) drivers asked for \(subject()) failed, and no other has it",
      outcomes: outcomes, effect: .unchanged, isRetryable: errors.contains { $0.isRetryable },
      isExhausted: errors.allSatisfy(\.isExhausted))
  }
}
