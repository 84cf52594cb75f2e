import SimulationScenarios

extension SimulationRunner {
  /// A row for each tree, a column for each call: the requests, and the rounds that the caller waits for.
  static func requests() throws {
    print("| tree | " + CountedCall.allCases.map(\.rawValue).joined(separator: " | ") + " |")
    print("|---|" + String(repeating: "---|", count: CountedCall.allCases.count))
    for tree in CountedTree.allCases {
      let costs = try CountedCall.allCases.map { try $0.cost(in: tree).description }
      print("| `\(tree.text)` | " + costs.joined(separator: " | ") + " |")
    }
  }
}
