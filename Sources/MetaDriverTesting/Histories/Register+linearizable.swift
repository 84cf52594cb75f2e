import MetaDriver

extension Register {
  /// What shows that the register is not linearizable, or that nobody knows.
  ///
  /// - Parameter irregularities: What shows that its values are not regular: those of every linearizable register are.
  func linearizabilityViolations(
    _ irregularities: [Problem], in history: History, limit: Int = LinearizationSearch.limit
  ) -> [Violation] {
    guard irregularities.isEmpty else {
      return irregularities.map { violation(of: .linearizable, by: $0.witness, in: history, $0.reason) }
    }
    if isExact {
      return ZoneOrder.contradiction(in: self, history).map {
        [violation(of: .linearizable, by: $0.witness, in: history, $0.reason)]
      } ?? []
    }
    switch LinearizationSearch.verdict(on: self, limit: limit) {
    case .linearizable: return []
    case .refuted(let longest, let stuck):
      let names = stuck.map { "\(history.operations[$0].id)" }
      return [
        violation(
          of: .linearizable, by: stuck, in: history,
          "no order of the operations explains what they found: the longest that begins well has \(longest), and then "
            + "none of the operations \(names.joined(separator: ", ")) can be next")
      ]
    case .undecided:
      return [
        violation(
          of: .linearizable, by: reads.filter { $0.source == .nothing }.map(\.operation), in: history, isCertain: false,
          "which delete some reads have seen is not known, and the search for an order of the operations was given up "
            + "after \(limit) states: stamps, or fewer writes at a time, would decide it")
      ]
    }
  }
}
