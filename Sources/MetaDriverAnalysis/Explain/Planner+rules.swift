import MetaDriver

extension Planner {
  /// How a rule over the children of a node reads in a sentence: `all 3`, `2 of 3`, `eu, and 2 of 3`.
  static func text(_ rule: Rule, _ labels: [String]) -> String {
    switch rule {
    case .child(let child): return labels.indices.contains(child) ? labels[child] : "child \(child)"
    case .all(let parts):
      // Of a part that needs everybody, the others say nothing new.
      if let whole = parts.first(where: { $0.needsAll(of: $0.mentions) && Set($0.mentions) == Set(rule.mentions) }) {
        return whole.isThreshold ? threshold(whole.mentions.count, whole.mentions, labels) : text(whole, labels)
      }
      if rule.isThreshold { return threshold(parts.count, rule.mentions, labels) }
      return join(parts, "and", labels)
    case .any(let parts):
      if rule.isThreshold { return threshold(1, rule.mentions, labels) }
      return join(parts, "or", labels)
    case .atLeast(let needed, let parts):
      if rule.isThreshold { return threshold(needed, rule.mentions, labels) }
      return "\(needed) of (\(parts.map { text($0, labels) }.joined(separator: "; ")))"
    }
  }

  private static func threshold(_ needed: Int, _ members: [Int], _ labels: [String]) -> String {
    guard members.count > 1 else { return members.first.map { text(.child($0), labels) } ?? "nobody" }
    let unit = Set(members).count < members.count ? " votes" : ""
    guard needed >= members.count else { return "\(needed) of \(members.count)\(unit)" }
    return members.count == 2 ? "both\(unit)" : "all \(members.count)\(unit)"
  }

  private static func join(_ parts: [Rule], _ word: String, _ labels: [String]) -> String {
    let texts = parts.filter { !$0.mentions.isEmpty }.map { part in
      if case .child = part { return text(part, labels) }
      return part.isThreshold ? text(part, labels) : "(\(text(part, labels)))"
    }
    guard let last = texts.last, texts.count > 1 else { return texts.last ?? "nobody" }
    return texts.dropLast().joined(separator: ", ") + " \(word) " + last
  }
}

extension Rule {
  /// Whether it counts children, and does nothing else.
  fileprivate var isThreshold: Bool {
    switch self {
    case .child: true
    case .all(let parts), .any(let parts), .atLeast(_, let parts):
      parts.allSatisfy { if case .child = $0 { true } else { false } }
    }
  }

  /// Whether none of these members can be done without, as long as there are no others.
  func needsAll(of members: [Int]) -> Bool {
    members.allSatisfy { missing in !holds { $0 != missing && members.contains($0) } }
  }

  /// Whether one of its members is enough, whichever.
  var needsOne: Bool { Set(mentions).allSatisfy { only in holds { $0 == only } } }
}
