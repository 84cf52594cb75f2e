import MetaDriver

extension ReplicateFolder {
  /// How many files are repaired between two looks for an interruption.
  private static let batchSize = 64

  /// Compares the copies in all folders. Prints what is to be done, or does it.
  func scrub() async throws -> Int32 {
    let stores = try Stores(options.all("--from"), creates: false, options: options)
    let report = Report(stores.names, limit: options.problems)
    let compare = options["--compare"].flatMap(Scrub.Comparison.init) ?? .content
    let scrub = Scrub(
      prefix: options["--prefix"] ?? "", compare: compare, timeout: .seconds(options.timeout)
    ) { stores.drivers }
    let saved = try options["--plan"].map(savedPlan)
    let plan: ScrubPlan
    if let saved { plan = saved } else { plan = try await scrub.plan() }
    guard saved != nil || options["--apply"] != nil else {
      print("\(plan)\n\(review(plan))")
      try await stores.strategy.close()
      return plan.hasProblems ? 1 : 0
    }

    for store in plan.stores where store.silence != nil { report.problem(store.name, store.silence ?? "") }
    for finding in plan.lost {
      report.problem(FileID.shown(finding.key.name), "no good copy is left of it, only damaged ones")
    }
    for finding in plan.undecided {
      report.problem(FileID.shown(finding.key.name), "its copies differ, and have no stamps that say which is newer")
    }
    var rest = plan.repairs[...]
    while !rest.isEmpty, !Interruption.isRequested {
      var batch = plan
      batch.repairs = Array(rest.prefix(Self.batchSize))
      rest = rest.dropFirst(Self.batchSize)
      for item in try await scrub.apply(batch).items { note(item, report, of: plan.repairs.count) }
    }
    return await end("scrubbed", stores, report, of: plan.repairs.count)
  }

  private func note(_ item: ScrubReport.Item, _ report: Report, of total: Int) {
    let needs = zip(item.repair.targets, item.outcomes)
    for (target, outcome) in needs {
      let done = item.repair.stat.isTombstone ? "deletion noted" : "repaired"
      if outcome.result.isAcknowledged {
        report.note(target.store, "\(target.need) and \(done)")
      } else {
        report.note([outcome])
      }
    }
    guard !item.isDone else { return report.finish(.done(byteCount: item.repair.stat.byteCount), of: total) }
    let failed = needs.filter { !$1.result.isAcknowledged }.map { "\($0.0.store) \($0.0.need)" }
    report.finish(
      report.problem(FileID.shown(item.repair.key.name), "still \(failed.joined(separator: ", "))"), of: total)
  }

  /// A plan that was saved, and perhaps reviewed.
  private func savedPlan(at path: String) throws(Failure) -> ScrubPlan {
    let names = path.split(separator: "/", omittingEmptySubsequences: true)
    let parent = (path.hasPrefix("/") ? "/" : "./") + names.dropLast().joined(separator: "/")
    let folder = try open(parent)
    do {
      return try ScrubPlan(String(decoding: try folder.read(Array((names.last ?? "").utf8)), as: UTF8.self))
    } catch let error as DriverError {
      throw Failure(description: "\(path) is no plan: \(error.message)")
    } catch { throw Failure(description: "cannot read the plan \(path): \(error)") }
  }

  /// What a person wants to know of a plan. A plan that is read again passes over it.
  private func review(_ plan: ScrubPlan) -> String {
    var lines = plan.stores.map { store in
      let targets = plan.repairs.flatMap(\.targets).filter { $0.store == store.name }
      let needs = ScrubPlan.Need.allCases.compactMap { need -> String? in
        let count = targets.count { $0.need == need }
        return count == 0 ? nil : "\(need) \(count)"
      }
      let state = store.silence == nil ? needs.joined(separator: ", ") : "it did not answer in full, and is left alone"
      return "\(store.name): \(state.isEmpty ? "nothing to do" : state)"
    }
    if !plan.lost.isEmpty { lines.append("no good copy is left of \(plan.lost.count)") }
    if !plan.undecided.isEmpty { lines.append("nobody can say which copy is the newer one of \(plan.undecided.count)") }
    if !plan.repairs.isEmpty {
      lines.append("to repair \(plan.repairs.count): scrub --apply, or save this and say scrub --plan FILE")
    }
    return lines.map { "# \($0)" }.joined(separator: "\n")
  }
}

extension ScrubPlan {
  fileprivate var hasProblems: Bool { !isComplete }
}
