import MetaDriver

extension Register {
  /// What shows that the register is not regular; of values, that it is not linearizable either.
  func irregularities(_ view: View, in history: History) -> [Problem] {
    var problems = contradictions(view, in: history)
    forEachRead(view) { read, floor in
      if let problem = irregularity(of: read, view, floor, in: history) { problems.append(problem) }
    }
    return problems
  }

  /// Whether each read, in their order, is regular.
  func areRegular() -> [Bool] {
    var answers: [Bool] = []
    answers.reserveCapacity(reads.count)
    forEachRead { read, floor in
      answers.append(read.problem == nil && !isFromTheFuture(read) && newer(than: read, on: floor) == nil)
    }
    return answers
  }

  private func isFromTheFuture(_ read: Read) -> Bool {
    if case .write(let write) = read.source { writes[write].invoked > read.end } else { false }
  }

  private func irregularity(
    of read: Read, _ view: View, _ floor: borrowing Floor, in history: History
  ) -> Problem? {
    if let problem = read.problem { return problem }
    let reader = history.operations[read.operation]
    let finding = finding(of: read, in: history)
    var witness = [read.operation]
    if case .write(let write) = read.source {
      witness.append(writes[write].operation)
      if isFromTheFuture(read) {
        return Problem(
          witness: witness, reason: "\(reader) found \(finding) before \(name(of: write, in: history)) had begun")
      }
    }
    guard let newer = newer(than: read, on: floor, view) else { return nil }
    witness.append(newer.operation)
    let old =
      if case .write(let write) = read.source, write != 0 {
        "\(finding), which \(name(of: write, in: history)) wrote"
      } else {
        finding
      }
    return Problem(
      witness: witness,
      reason: "\(reader) found \(old), after the newer \(history.operations[newer.operation]) had ended")
  }

  /// Writes whose stamps say the contrary of the time.
  private func contradictions(_ view: View, in history: History) -> [Problem] {
    let stamps = writes.map { view == .values ? $0.order : $0.stamp }
    let stamped = writes.indices.filter { stamps[$0] != nil }
    guard !stamped.isEmpty else { return [] }
    var rest = stamped.filter { writes[$0].isDefinite }.sorted { writes[$0].end < writes[$1].end }[...]
    var highest: (stamp: Stamp, write: Int)?
    var problems: [Problem] = []
    for write in stamped.sorted(by: { writes[$0].invoked < writes[$1].invoked }) {
      while let ended = rest.first, writes[ended].end < writes[write].invoked {
        if let stamp = stamps[ended], highest.map({ $0.stamp < stamp }) ?? true { highest = (stamp, ended) }
        rest.removeFirst()
      }
      guard let highest, let stamp = stamps[write], stamp < highest.stamp else { continue }
      problems.append(
        Problem(
          witness: [writes[highest.write].operation, writes[write].operation],
          reason:
            "\(name(of: write, in: history)) has the stamp \(stamp), which is below the stamp \(highest.stamp) of "
            + "\(name(of: highest.write, in: history)), which had ended before it began"))
    }
    return problems
  }
}
