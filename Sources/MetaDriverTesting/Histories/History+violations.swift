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
  /// What a get found is older than a write that was invoked after it had been written, and newer than one that had ended
  /// before it was invoked, whatever their stamps say: a clock that is wrong hides nothing. Of writes that were under way
  /// at one time, that is older whose stamp is smaller: for a get, the stamp of the copy that it found, as one write may
  /// be stored under several. Where one of them has no stamp, that is older which had ended before a get was invoked that
  /// found the other, and rightly: not superseded. A write ranks below another one by their stamps, and else by the time.
  ///
  /// A history is neither linearizable nor regular when the stamps of writes contradict the time, or when a get found
  /// something under a stamp above the last that it was acknowledged with, or under one that another write had before.
  /// ``Guarantee/linearizable`` is of values: a write that was found under several stamps is in any order that explains
  /// what was found, even if a get found a copy that had been replaced. A stamp that two writes were told is that of the
  /// one that was found under it, and else of neither.
  ///
  /// A get of nothing has seen the delete with its stamp; where none has it, a delete without a stamp, or with a higher
  /// one, and certainly not the time before the first put. Without a stamp, it may have seen any delete, or that time. A
  /// get of nothing of which it is not known which delete it has seen is never held to have missed one.
  ///
  /// - Parameter guarantees: Which ones, in any order.
  /// - Returns: The violations, sorted by key, then in the order in which ``Guarantee`` has its cases, then for most of
  ///   them by the invocation of the operation that should not have been. Empty when nothing is refuted. Every entry is
  ///   proven, but see ``Violation/isCertain``.
  /// - Throws: When the history makes no sense: see ``check()``.
  /// - Complexity: O(n log n) for n operations. One exception: ``Guarantee/linearizable`` for a key with deletes, and
  ///   with gets of nothing that may be those of several, is a search, which is given up after 250,000 states.
  public func violations(of guarantees: some Sequence<Guarantee>) throws(HistoryError) -> [Violation] {
    let asked = Set(guarantees)
    return try registers().flatMap { $0.violations(of: asked, in: self) }
  }
}

extension Register {
  fileprivate func violations(of guarantees: Set<Guarantee>, in history: History) -> [Violation] {
    var violations: [Violation] = []
    if guarantees.contains(.linearizable) {
      violations += linearizabilityViolations(irregularities(.values, in: history), in: history)
    }
    if guarantees.contains(.regular) {
      violations += irregularities(.copies, in: history).map {
        violation(of: .regular, by: $0.witness, in: history, $0.reason)
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
