import MetaDriver

extension ReplicateFolder {
  /// Sends every folder what was queued for it.
  func handoff() async throws -> Int32 {
    let stores = try Stores(options.all("--to"), creates: true, options: options)
    let report = Report(stores.names, limit: options.problems)
    guard let journal = stores.journal else { return 64 }
    let queued = try await journal.pending()
    try await stores.strategy.open()
    let wait = try options.number("--wait")
    let drained = try await journal.drain(deadline: wait.map { stores.strategy.runtime.now + .seconds($0) })
    for entry in drained.sent {
      report.note(entry.child, entry.isTombstone ? "deleted" : "brought up to date")
      report.finish(.done(byteCount: entry.byteCount), of: queued.count)
    }
    for entry in drained.superseded {
      report.note(entry.child, "newer already")
      report.finish(.done(byteCount: 0), of: queued.count)
    }
    for entry in drained.expired { report.problem("\(entry)", "queued for too long, and given up") }
    for left in drained.left {
      report.note(left.entry.child, "left", because: left.reason?.message)
      report.problem("\(left.entry)", left.reason.map { "\($0.code)" } ?? "not tried")
    }
    for damage in drained.damaged { report.problem("journal", damage.message) }
    return await end("handed off", stores, report, of: queued.count)
  }
}
