extension Analysis: CustomStringConvertible {
  /// Every guarantee, a line for each.
  public var description: String {
    let survivals = Operation.allCases.map { operation -> String in
      guard let resilience = resilience(of: operation) else {
        return "\(operation) survive     unknown: \(Self.bound(leaves.count))"
      }
      guard resilience >= 0 else { return "\(operation) survive     nothing: they never succeed" }
      let next = survival(failures: resilience + 1, of: operation).witness.map { ", but not this: \($0)" } ?? ""
      return "\(operation) survive     \(resilience) \(resilience == 1 ? "failure" : "failures")\(next)"
    }
    return
      (survivals + [
        "published         \(published)", "own writes read   \(ownWrites)", "others' writes    \(othersWrites)",
      ]).joined(separator: "\n")
  }
}
