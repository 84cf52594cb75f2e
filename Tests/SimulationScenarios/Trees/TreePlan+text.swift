import MetaDriver

extension TreePlan {
  /// The text of the same tree with names in the order in which they stand there: equal for trees that differ in names.
  package var anonymous: String {
    var known: [Substring: String] = [:]
    let shared = Set(stores.map { $0[...] })
    let own = Set(ownStores.map { $0[...] })
    var text = ""
    var rest = description[...]
    while let first = rest.first {
      let isWord = first.isLetter
      let word = isWord ? rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" } : rest.prefix(1)
      rest = rest.dropFirst(word.count)
      if shared.contains(word) || own.contains(word) {
        let suffix = word.firstIndex(of: "-").map { word[$0...] } ?? ""
        let name = known[word] ?? "\(shared.contains(word) ? "s" : "own")\(known.count + 1)\(suffix)"
        known[word] = name
        text += name
      } else {
        text += word
      }
    }
    return text
  }
}

extension TreePlan: CustomStringConvertible {
  /// The tree as it would be written, with what differs from the defaults.
  package var description: String {
    let inside = children.map(\.description).joined(separator: "; ")
    return switch self {
    case .store(let name): name
    case .ownStore(let name): "LocalOnly(\(name))"
    case .replicated(let policy, _): "Replicated\(Self.list(policy.parts)) { \(inside) }"
    case .firstSuccess(let rule, _):
      "FirstSuccess\(Self.list(rule == .stop ? ["onMiss: stop"] : [])) { \(inside) }"
    case .quorum(let policy, _): "Quorum\(Self.list(policy.parts)) { \(inside) }"
    case .byKind: "ByKind { \(inside) }"
    case .overlay: "Overlay { \(inside) }"
    case .migrating(let phase, _, _): "Migrating(\(phase)) { \(inside) }"
    case .modified(let modifier, _): "\(modifier) { \(inside) }"
    }
  }

  private static func list(_ parts: [String]) -> String {
    parts.isEmpty ? "" : "(\(parts.joined(separator: ", ")))"
  }
}

extension TreePlan.ReplicatedPolicy {
  fileprivate var parts: [String] {
    let plain = Self()
    var parts: [String] = []
    if writes != plain.writes { parts.append("writes: \(writes)") }
    if reads != plain.reads { parts.append("reads: \(reads)") }
    if repair != plain.repair { parts.append("repair: \(repair)") }
    if remainder != plain.remainder { parts.append("remainder: \(remainder)") }
    if order != plain.order { parts.append("order: \(order)") }
    return parts
  }
}

extension TreePlan.QuorumPolicy {
  fileprivate var parts: [String] {
    let plain = Self()
    var parts: [String] = []
    if read != plain.read { parts.append("read: \(read)") }
    if write != plain.write { parts.append("write: \(write)") }
    if reads != plain.reads { parts.append("reads: \(reads)") }
    if writers != plain.writers { parts.append("writers: \(writers)") }
    if repair != plain.repair { parts.append("repair: \(repair)") }
    if isSloppy { parts.append("sloppy: true") }
    if firstVotes > 1 { parts.append("weighted: true, the first child has \(firstVotes) votes") }
    if remainder != plain.remainder { parts.append("remainder: \(remainder)") }
    return parts
  }
}

extension PlannedRemainder: CustomStringConvertible {
  /// The name, and the journal.
  package var description: String {
    switch self {
    case .background: "background"
    case .await: "await"
    case .cancel: "cancel"
    case .handoff(let journal): "handoff(\(journal))"
    }
  }
}

extension PlannedPhase: CustomStringConvertible {
  /// The phase.
  package var description: String {
    switch self {
    case .fixed(let phase): "\(phase)"
    case .moving: "moving"
    }
  }
}

extension PlannedModifier: CustomStringConvertible {
  /// The modifier with what it is told.
  package var description: String {
    switch self {
    case .required: "Required"
    case .readOnly: "ReadOnly"
    case .writeOnly: "WriteOnly"
    case .verified: "Verified"
    case .timeout(let limit): "Timeout(\(limit) ms)"
    case .readYourWrites(let policy, let journal):
      "ReadYourWrites(onStale: \(policy)\(journal.map { ", journal: \($0)" } ?? ""))"
    case .monotonicReads(let policy, let journal):
      "MonotonicReads(onStale: \(policy)\(journal.map { ", journal: \($0)" } ?? ""))"
    case .hintedHandoff(let journal): "HintedHandoff(\(journal))"
    case .careless: "Careless"
    }
  }
}
