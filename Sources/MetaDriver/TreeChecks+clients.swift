/// The checks of what other clients see of a write.
extension TreeChecks {
  /// A tree that can acknowledge a write which no other client will ever see.
  func notPublished() -> Remark? {
    let local = leaves.filter(\.isLocalOnly)
    let write = outline.formula(for: .put, on: .mutable)
    guard !local.isEmpty, write.holds(outline.unseenLeaves(.mutable).contains) else { return nil }
    let isReached = !write.holds { leaves[$0].isLocalOnly }
    return Remark(
      .error,
      "local-only drivers \(isReached ? "and such as nobody reads" : "alone") "
        + "(\(local.map(\.label).joined(separator: ", "))) can satisfy a write of mutable "
        + "data, so an acknowledged write may be seen by no other client",
      mend: "Make a shared driver Required\(isReached ? " that can be read" : ""), or say visibility: .privateData",
      path: [outline.component])
  }

  /// A write and a read that need no leaf in common; or that nobody can say, in a tree of very many leaves.
  func missedWrites(isPublished: Bool) -> Remark? {
    guard leaves.count > 1 else { return nil }
    func names(_ set: [Int]) -> String { "{\(set.map { leaves[$0].label }.joined(separator: ", "))}" }
    func remark(_ reason: String, _ written: [Int], _ read: [Int], _ mend: String) -> Remark {
      Remark(
        .warning, "\(reason): written to \(names(written)), read from \(names(read))", mend: mend,
        path: [outline.component])
    }
    func doubt(_ whose: String) -> Remark {
      Remark(
        .warning,
        "whether a read\(whose) can miss an acknowledged write is not known: of \(leaves.count) leaves, the sets that "
          + "are enough are too many to compare",
        mend: "Compose it of nodes with at most \(TruthTable.memberLimit) children, or use a Quorum whose read and "
          + "write overlap",
        path: [outline.component])
    }
    switch disjointSets() {
    case .found(let written, let read):
      return remark(
        "a read can miss an acknowledged write", written, read,
        "Require more drivers for a write, or use a Quorum whose read and write overlap")
    case .unknown: return doubt("")
    case .none: break
    }
    let local = Set(leaves.indices.filter { leaves[$0].isLocalOnly })
    guard isPublished, !local.isEmpty else { return nil }
    switch disjointSets(apartFrom: local) {
    case .found(let written, let read):
      return remark(
        "another client, whose local-only drivers are others, can miss an acknowledged write", written, read,
        "Let shared drivers alone count, three of them if one may be down; or say visibility: .privateData if this client "
          + "alone reads")
    case .unknown: return doubt(" of another client, whose local-only drivers are others,")
    case .none: return nil
    }
  }

  private func disjointSets(apartFrom doubled: Set<Int> = []) -> DisjointSets.Answer {
    // The nodes may tell by themselves, without a search, which might end without an answer.
    if leaves.count > TruthTable.memberLimit,
      outline.readsMeetWrites(.mutable, apartFrom: Set(doubled.map { leaves[$0].identity }))
    {
      return .none
    }
    return DisjointSets.search(
      outline.formula(for: .put, on: .mutable), outline.formula(for: .get, on: .mutable), memberCount: leaves.count,
      apartFrom: doubled)
  }

  /// Leaves that cannot tell the newer of two records, in a tree whose writes have stamps.
  func blindLeaves() -> Remark? {
    guard outline.stampsSomewhere else { return nil }
    var blind: [String] = []
    func visit(_ node: Outline, _ isLocal: Bool) {
      let isLocal = isLocal || node.marks.contains(.localOnly)
      guard node.capabilities.contains(.put) else { return }
      guard let access = node.mutable, !node.children.isEmpty else {
        if let leaf = node.leaf, leaf.ordering != .newestWins, !isLocal, !blind.contains(node.label) {
          blind.append(node.label)
        }
        return
      }
      for index in Set(access.write.mentions).sorted() { visit(node.children[index], isLocal) }
    }
    visit(outline, false)
    guard !blind.isEmpty else { return nil }
    let names = blind.joined(separator: ", ")
    return Remark(
      .warning,
      "\(names) \(blind.count == 1 ? "does" : "do") not compare stamps: where several processes write one key, a late put of "
        + "one replaces what is newer there",
      mend: "Let one process write each key, or use drivers whose order is newest wins", path: [outline.component])
  }
}
