import MetaDriver

extension Analysis {
  /// Every guarantee with its name, in the order in which they are told. Names are the same for every tree.
  ///
  /// ```swift
  /// for (name, guarantee) in profiles.analysis.guarantees where !guarantee.holds { print(name, guarantee) }
  /// ```
  ///
  /// - Complexity: That of each of them: what is found out here is not kept.
  public var guarantees: [(name: String, guarantee: Guarantee)] {
    Operation.allCases.map { ("\($0) survive", survival(of: $0)) } + [
      ("writes kept", durability), ("published", published), ("own writes", ownWrites),
      ("others' writes", othersWrites), ("read your writes", readYourWrites), ("monotonic reads", monotonicReads),
      ("regular", regular), ("atomic", atomic),
    ]
  }

  /// How many leaves may fail, with failures that are one too many.
  private func survival(of operation: Operation) -> Guarantee {
    guard let resilience = resilience(of: operation) else { return Guarantee(.unknown, Self.bound(leaves.count)) }
    let reason =
      switch resilience {
      case ..<0: "they never succeed"
      case 0: "one failure ends them"
      case 1: "whichever leaf fails"
      default: "whichever \(resilience) leaves fail"
      }
    let witness = resilience < 0 ? nil : survival(failures: resilience + 1, of: operation).witness
    return Guarantee(failures: resilience, reason, witness)
  }
}
