extension Analysis: CustomStringConvertible {
  /// Every guarantee, a line for each.
  public var description: String {
    let lines =
      Operation.allCases.map { ("\($0) survive", survivalText(of: $0)) } + [
        ("published", "\(published)"), ("own writes", "\(ownWrites)"), ("others' writes", "\(othersWrites)"),
      ]
    return lines.map { $0.0 + String(repeating: " ", count: 18 - $0.0.count) + $0.1 }.joined(separator: "\n")
  }

  private func survivalText(of operation: Operation) -> String {
    guard let resilience = resilience(of: operation) else { return "unknown: \(Self.bound(leaves.count))" }
    guard resilience >= 0 else { return "nothing: they never succeed" }
    let witness = survival(failures: resilience + 1, of: operation).witness.map { ", but not this: \($0)" } ?? ""
    return "\(resilience) \(resilience == 1 ? "failure" : "failures")\(witness)"
  }
}
