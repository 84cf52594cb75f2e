import MetaDriver

extension Register {
  /// Audits that did not succeed, or found what an acknowledged write had replaced.
  func durabilityViolations(in history: History) -> [Violation] {
    let acknowledged = writes.dropFirst().filter(\.isDefinite)
    var violations = failedAudits.compactMap { place -> Violation? in
      let audit = history.operations[place]
      // The last one to have ended before it; where nothing was acknowledged, nothing can be missed.
      guard let last = acknowledged.filter({ $0.end < audit.invoked }).max(by: { $0.end < $1.end }) else { return nil }
      return violation(
        of: .durable, by: [place, last.operation], in: history,
        "\(audit) could not be read, after \(history.operations[last.operation]) was acknowledged")
    }
    forEachRead { read, floor in
      guard history.operations[read.operation].audit != nil else { return }
      if let problem = read.problem {
        violations.append(violation(of: .durable, by: problem.witness, in: history, problem.reason))
      } else if let newer = newer(than: read, on: floor) {
        violations.append(
          violation(
            of: .durable, by: [read.operation, newer.operation], in: history,
            "\(history.operations[read.operation]) found \(finding(of: read, in: history)), and not the newer "
              + "\(history.operations[newer.operation]), which was acknowledged"))
      }
    }
    return violations
  }

  /// Gets that found a value after a delete that was acknowledged, and had begun after the value was, whatever their
  /// stamps say.
  func resurrections(in history: History) -> [Violation] {
    let deletes = writes.indices.filter { writes[$0].isDefinite && !writes[$0].isPut && $0 != 0 }
      .sorted { writes[$0].end < writes[$1].end }
    guard !deletes.isEmpty else { return [] }
    // For each number of deletes, the last of them to begin.
    var last: [Int] = []
    for delete in deletes {
      last.append(last.last.flatMap { writes[$0].invoked >= writes[delete].invoked ? $0 : nil } ?? delete)
    }
    return reads.compactMap { read in
      guard case .write(let put) = read.source, writes[put].isPut else { return nil }
      let count = deletes.partitioningIndex { writes[$0].end >= read.invoked }
      guard count > 0, writes[put].end < writes[last[count - 1]].invoked else { return nil }
      let delete = last[count - 1]
      return violation(
        of: .noResurrection, by: [writes[put].operation, writes[delete].operation, read.operation], in: history,
        "\(history.operations[read.operation]) found \(finding(of: read, in: history)), which \(name(of: put, in: history)) "
          + "wrote, after \(name(of: delete, in: history)) had deleted it")
    }
  }
}
