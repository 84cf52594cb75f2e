extension Replicated {
  /// What is wrong or doubtful with the way a node was composed.
  static func remarks(
    _ children: Children, writes: WriteRule, remainder: Remainder, order: WriteOrder
  ) -> [Remark] {
    guard children.count > 0 else { return [.emptyComposite] }
    var remarks: [Remark] = []
    let needed = writes.needed(of: children.count)
    if !(1...children.count).contains(needed) {
      remarks.append(
        Remark(
          .error, "writes need at least \(needed) of \(children.count) children", mend: "Ask for 1 to \(children.count)"
        ))
    }
    let required = children.indices.filter { children.outlines[$0].marks.contains(.required) }
    let mustWrite = writes == .all ? Array(children.indices) : required
    for index in mustWrite where !children.outlines[index].capabilities.contains(.put) {
      let why = writes == .all ? "every child must accept a write" : "it is required"
      remarks.append(
        Remark(
          .error, "\(children.labels[index]) cannot put, and \(why)",
          mend: writes == .all
            ? "Say writes: .atLeast(k), or leave \(children.labels[index]) out" : "Make another child required"))
    }
    let writers = children.indices(having: .put).count
    if case .atLeast = writes, needed <= children.count, needed > writers, writers > 0 {
      remarks.append(
        Remark(
          .error, "writes need at least \(needed) children, and only \(writers) of \(children.count) can put",
          mend: "Ask for at most \(writers)"))
    }
    if writes == .all, !required.isEmpty, required.count < children.count {
      remarks.append(
        Remark(
          .warning, "every child must accept a write, so Required around \(children.labels[required[0]]) says nothing",
          mend: "Say writes: .atLeast(\(required.count)) to make the other children optional"))
    }
    if children.count > 1, max(needed, required.count) == 1, remainder == .background, order == .concurrent {
      remarks.append(
        Remark(
          .warning,
          "a write holds with one copy, and the others are written in the background: they are lost if the process ends",
          mend: "Say writes: .atLeast(2) or remainder: .await, or call drain() before the process ends"))
    }
    if let journal = remainder.journal {
      remarks += Remark.handoff(to: journal, for: Array(zip(children.labels, children.outlines)))
    }
    return remarks
  }
}
