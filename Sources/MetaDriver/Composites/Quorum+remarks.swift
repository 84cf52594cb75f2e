extension Quorum {
  static func capabilities(_ ranking: Ranking) -> Capabilities {
    let children = ranking.children
    func votes(_ capability: Capabilities) -> Int {
      children.indices(having: capability).reduce(0) { $0 + ranking.votes[$1] }
    }
    let canRead = votes(.get) >= ranking.readVotes
    let canWrite = votes(.put) >= ranking.writeVotes
    var capabilities: Capabilities = []
    // A write-back is a write, and a stamp above all others is found by reading.
    if canRead, canWrite || ranking.reads != .atomic { capabilities.insert(.get) }
    if canWrite, canRead || !Key.Kind.allCases.contains(where: ranking.asksBeforeWriting) {
      capabilities.formUnion([.put, .delete])
    }
    if votes(.list) >= ranking.readVotes { capabilities.insert(.list) }
    if votes(.stat) >= ranking.readVotes, ranking.reads != .atomic || capabilities.contains(.get) {
      capabilities.insert(.stat)
    }
    return capabilities
  }

  static func parameters(_ ranking: Ranking, sloppy: Bool, remainder: Remainder) -> [Outline.Parameter] {
    let count = ranking.votes.reduce(0, +)
    var parameters: [Outline.Parameter] = [
      .init(name: "read", value: "\(ranking.readVotes) of \(count)"),
      .init(name: "write", value: "\(ranking.writeVotes) of \(count)"),
    ]
    if count > ranking.votes.count {
      let votes = zip(ranking.children.labels, ranking.votes).map { "\($1) for \($0)" }
      parameters.append(.init(name: "votes", value: votes.joined(separator: ", ")))
    }
    if ranking.reads != .regular { parameters.append(.init(name: "reads", value: "\(ranking.reads)")) }
    if ranking.writers != .many { parameters.append(.init(name: "writers", value: "\(ranking.writers)")) }
    if ranking.repair != .background { parameters.append(.init(name: "repair", value: "\(ranking.repair)")) }
    if sloppy { parameters.append(.init(name: "", value: "sloppy")) }
    if remainder != .background { parameters.append(.init(name: "remainder", value: "\(remainder)")) }
    return parameters
  }

  /// What is wrong or doubtful with the way a node was composed.
  static func remarks(_ ranking: Ranking, sloppy: Bool, remainder: Remainder) -> [Remark] {
    let children = ranking.children
    let votes = ranking.votes
    let count = votes.reduce(0, +)
    let unit = count == children.count ? "children" : "votes"
    guard count > 0 else { return [.emptyComposite] }
    var remarks: [Remark] = []
    for (name, size, able, capability) in [
      ("read", ranking.readVotes, children.indices(having: .get), "get"),
      ("write", ranking.writeVotes, children.indices(having: .put), "put"),
    ] {
      let able = able.reduce(0) { $0 + votes[$1] }
      if !(1...count).contains(size) {
        remarks.append(
          Remark(.error, "\(name): \(size) is no size for a quorum of \(count) \(unit)", mend: "Ask for 1 to \(count)"))
      } else if size > able, able > 0 {
        remarks.append(
          Remark(
            .error, "\(name): \(size) can never be met: only \(able) of \(count) \(unit) can \(capability)",
            mend: "Ask for at most \(able), or add children that can \(capability)"))
      }
    }
    let (read, write) = (ranking.readVotes, ranking.writeVotes)
    if remarks.isEmpty, read + write <= count, !sloppy {
      remarks.append(
        Remark(
          .error,
          "read \(read) + write \(write) is not more than \(count) \(unit): a read can miss an acknowledged write",
          mend: "Raise one of them by \(count - read - write + 1), or say sloppy: true if missing writes is acceptable")
      )
    }
    for index in children.indices
    where children.outlines[index].marks.contains(.required) && !children.outlines[index].capabilities.contains(.put) {
      remarks.append(
        Remark(.error, "\(children.labels[index]) cannot put, and it is required", mend: "Make another child required"))
    }
    if ranking.reads == .digestFirst {
      let lacking = children.indices(having: .get).dropFirst().filter { !children.indices(having: .stat).contains($0) }
      if !lacking.isEmpty {
        let names = lacking.map { children.labels[$0] }.joined(separator: ", ")
        remarks.append(
          Remark(
            .error, "reads: .digestFirst asks all but the first child for its stamp, and \(names) has no stat",
            mend: "Say reads: .regular"))
      }
    }
    if children.count > 1, let alone = votes.indices.first(where: { votes[$0] >= write }), write > 1 {
      remarks.append(
        Remark(
          .warning, "\(children.labels[alone]) has \(votes[alone]) votes, so a write holds with its copy alone",
          mend: "Raise write to \(votes[alone] + 1), or let \(children.labels[alone]) stand here less often"))
    }
    if write == 1, children.count > 1, remainder == .background {
      remarks.append(
        Remark(
          .warning,
          "a write holds with one copy, and the others are written in the background: they are lost if the process ends",
          mend: "Say write: 2 or remainder: .await, or call drain() before the process ends"))
    }
    remarks += doubts(ranking)
    if let journal = remainder.journal {
      remarks += Remark.handoff(to: journal, for: Array(zip(children.labels, children.outlines)))
    }
    return remarks
  }

  /// A quorum that is none, and reads that write.
  private static func doubts(_ ranking: Ranking) -> [Remark] {
    var remarks: [Remark] = []
    let (children, votes, count) = (ranking.children, ranking.votes, ranking.votes.reduce(0, +))
    let least = min(ranking.readVotes, ranking.writeVotes)
    if children.indices.allSatisfy({ count - votes[$0] < least }) {
      remarks.append(
        Remark(
          .warning,
          children.count == 1
            ? "a quorum of one child: nothing is read or written while it is down"
            : "nothing is read or written while one of the \(children.count) children is down",
          mend: "Add children until a majority is left when one is down"))
    }
    let unsteady = children.indices.filter { children.outlines[$0].canGoBack(.mutable) }
    if ranking.reads == .atomic, !unsteady.isEmpty {
      let names = unsteady.map { children.labels[$0] }.joined(separator: ", ")
      remarks.append(
        Remark(
          .warning,
          "\(names) may answer with something older later, so every read writes its answer back there before it returns",
          mend: "Use children that keep what they answered: leaves whose order is newest wins, or a Quorum with "
            + "reads: .atomic"))
    }
    return remarks
  }
}
