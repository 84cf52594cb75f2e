import MetaDriver

/// What is otherwise in a second tree than in a first.
struct AnalysisChange: Hashable {
  /// Which of the two is to be preferred.
  enum Direction: String {
    case better
    case worse
    /// Neither, or nobody knows.
    case different
  }

  /// What it is about.
  let name: String
  let before: String
  let after: String
  let direction: Direction

  /// Everything that differs, in the order in which guarantees are told.
  static func between(_ old: Analysis, _ new: Analysis) -> [AnalysisChange] {
    let earlier = Dictionary(old.guarantees.map { ($0.name, $0.guarantee) }) { first, _ in first }
    var changes = new.guarantees.compactMap { name, guarantee in earlier[name].flatMap { change(name, $0, guarantee) } }
    for (name, names) in [("stores", \Analysis.storeNames), ("failure domains", \Analysis.domainNames)] {
      let (before, after) = (old[keyPath: names], new[keyPath: names])
      guard before.sorted() != after.sorted() else { continue }
      changes.append(AnalysisChange(name: name, before: list(before), after: list(after), direction: .different))
    }
    return changes
  }

  private static func change(_ name: String, _ old: Analysis.Guarantee, _ new: Analysis.Guarantee) -> AnalysisChange? {
    guard old.answer != new.answer else { return nil }
    let direction: Direction =
      switch (old.failures, new.failures) {
      case (let old?, let new?): new > old ? .better : .worse
      default:
        switch (old.verdict, new.verdict) {
        case (.no, .yes): .better
        case (.yes, .no): .worse
        default: .different
        }
      }
    return AnalysisChange(name: name, before: old.answer, after: new.answer, direction: direction)
  }

  /// How many there are, and the first of them.
  private static func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = names.prefix(6).map { $0.shortened(to: 30) }.joined(separator: ", ")
    return "\(names.count): \(shown)" + (names.count > 6 ? ", …" : "")
  }
}

extension Analysis {
  /// The labels of the leaves.
  var storeNames: [String] { leaves.map(\.label) }

  /// The failure domains, as they are met.
  var domainNames: [String] {
    leaves.compactMap(\.domain).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
