import MetaDriver

extension History {
  /// What refutes some guarantees.
  ///
  /// ```swift
  /// var history = History()
  /// history.put(1, from: 0, to: 1)
  /// history.get(nil, from: 2, to: 3)
  /// print(try history.violations(of: .linearizable, .readYourWrites))
  /// ```
  ///
  /// - Parameter guarantees: Which ones; none means none. `Guarantee.allCases` has them all.
  /// - Returns: See `violations(of:)` for a sequence.
  /// - Throws: When the history makes no sense: see ``check()``.
  public func violations(of guarantees: Guarantee...) throws(HistoryError) -> [Violation] {
    try violations(of: guarantees)
  }

  /// What refutes some guarantees: one entry for each operation, or group of operations, that shows it.
  ///
  /// Every key is a register of its own, and is judged apart. Operations are concurrent unless one had ended before the
  /// other was invoked. Writes that failed are left out, and so are gets that did not succeed, unless they are audits; a
  /// write with an unknown outcome may have happened at any time after it was invoked, or never.
  ///
  /// Where stamps are known, they are the order of the writes. A history is neither linearizable nor regular when they
  /// contradict the time, or when a get found a value under another stamp than it was put under. A get of nothing has
  /// seen the delete with its stamp; without a stamp, it may have seen any delete, or the time before the first put.
  ///
  /// For the guarantees of a session, one write is older than another one by their stamps, or where one of them has none,
  /// when it had ended before the other was invoked, or before a get was invoked that found the other, and rightly: not
  /// superseded. A get of nothing of which it is not known which delete it has seen is never held to have missed one.
  ///
  /// - Parameter guarantees: Which ones, in any order.
  /// - Returns: The violations, sorted by key, then in the order in which ``Guarantee`` has its cases, then for most of
  ///   them by the invocation of the operation that should not have been. Empty when nothing is refuted. Every entry is
  ///   proven, but see ``Violation/isCertain``.
  /// - Throws: When the history makes no sense: see ``check()``.
  /// - Complexity: O(n log n) for n operations. One exception: ``Guarantee/linearizable`` for a key with deletes, and
  ///   with gets of nothing that have no stamp, is a search, which is given up after 250,000 states.
  public func violations(of guarantees: some Sequence<Guarantee>) throws(HistoryError) -> [Violation] {
    let asked = Set(guarantees)
    return try registers().flatMap { $0.violations(of: asked, in: self) }
  }
}

extension Register {
  fileprivate func violations(of guarantees: Set<Guarantee>, in history: History) -> [Violation] {
    var violations: [Violation] = []
    if guarantees.contains(.linearizable) || guarantees.contains(.regular) {
      let problems = irregularities(in: history)
      if guarantees.contains(.linearizable) { violations += linearizabilityViolations(problems, in: history) }
      if guarantees.contains(.regular) {
        violations += problems.map { violation(of: .regular, by: $0.witness, in: history, $0.reason) }
      }
    }
    if !guarantees.isDisjoint(with: [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads]) {
      let found = sessionViolations(of: guarantees, in: history)
      for guarantee in Guarantee.allCases { violations += found.filter { $0.guarantee == guarantee } }
    }
    if guarantees.contains(.durable) { violations += durabilityViolations(in: history) }
    if guarantees.contains(.noResurrection) { violations += resurrections(in: history) }
    return violations
  }
}
