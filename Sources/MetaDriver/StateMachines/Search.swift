/// Goes through the answers of children that are asked in order, or raced: the first copy wins, and only a clean sweep
/// of absences is an absence. Pure.
///
/// It allocates nothing as long as the first child answers.
struct Search: Sendable {
  private(set) var outcomes: [Outcome] = []
  private var failures = 0
  private var skips = 0

  mutating func recordAbsence(at label: String) { outcomes.append(Outcome(label, .absent)) }

  mutating func record(_ error: DriverError, at label: String) {
    failures += 1
    outcomes.append(Outcome(label, .failed(error)))
  }

  mutating func skip(_ label: String, because reason: String) {
    skips += 1
    outcomes.append(Outcome(label, .skipped(reason)))
  }

  /// Nobody had a copy: returns when every child that was asked said so.
  ///
  /// - Parameters:
  ///   - subject: What was searched for.
  ///   - isCancelled: Whether the caller was cancelled meanwhile, so that failures say nothing of the children.
  /// - Throws: The failure of the search, naming every child. Its code is the children's where all failures agree.
  func conclude(_ subject: @autoclosure () -> String, isCancelled: Bool = false) throws(DriverError) {
    guard failures + skips > 0 else { return }
    guard !isCancelled else {
      throw DriverError(
        .cancelled, "the search for \(subject()) was cancelled", outcomes: outcomes, effect: .unchanged)
    }
    let errors = outcomes.compactMap(\.result.error)
    let codes = Set(errors.map(\.code))
    throw DriverError(
      codes.count == 1 ? errors[0].code : .unavailable,
      "\(failures) of \(outcomes.count) drivers asked for \(subject()) failed, and no other has it",
      outcomes: outcomes, effect: .unchanged, isRetryable: errors.contains { $0.isRetryable },
      isExhausted: errors.allSatisfy(\.isExhausted))
  }
}
