/// The checks of what other clients see of a write.
extension TreeChecks {
  /// A tree that can acknowledge a write which no other client will ever see.
  func notPublished() -> Remark? {
    let local = leaves.filter(\.isLocalOnly)
    let write = outline.formula(for: .put, on: .mutable)
    guard !local.isEmpty, write.holds({ leaves[$0].isLocalOnly }) else { return nil }
    return Remark(
      .error,
      "local-only drivers alone (\(local.map(\.label).joined(separator: ", "))) can satisfy a write of mutable "
        + "data, so an acknowledged write may be seen by no other client",
      mend: "Make a shared driver Required, or say visibility: .privateData", path: [outline.component])
  }

  /// A write and a read that need no leaf in common. Beyond the leaves that a table may have it says nothing.
  func missedWrites(isPublished: Bool) -> Remark? {
    guard leaves.count > 1,
      let write = TruthTable(outline.formula(for: .put, on: .mutable), memberCount: leaves.count),
      let read = TruthTable(outline.formula(for: .get, on: .mutable), memberCount: leaves.count)
    else { return nil }
    func names(_ set: UInt32) -> String {
      "{\(leaves.indices.filter { set & (1 << UInt32($0)) != 0 }.map { leaves[$0].label }.joined(separator: ", "))}"
    }
    func remark(_ reason: String, _ sets: (UInt32, UInt32), _ mend: String) -> Remark {
      Remark(
        .warning, "\(reason): written to \(names(sets.0)), read from \(names(sets.1))", mend: mend,
        path: [outline.component])
    }
    if let sets = write.disjoint(from: read) {
      return remark(
        "a read can miss an acknowledged write", sets,
        "Require more drivers for a write, or use a Quorum whose read and write overlap")
    }
    let local = leaves.indices.filter { leaves[$0].isLocalOnly }.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
    guard isPublished, local != 0, let sets = write.disjoint(from: read, apartFrom: local) else { return nil }
    return remark(
      "another client, whose local-only drivers are others, can miss an acknowledged write", sets,
      "Let shared drivers alone count, three of them if one may be down; or say visibility: .privateData if this client "
        + "alone reads")
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
