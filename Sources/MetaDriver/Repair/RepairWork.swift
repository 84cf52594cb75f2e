/// Brings one copy from where it is to where it is not.
struct RepairWork: Sendable {
  let stores: ComparedStores
  let context: Context

  func carryOut(_ repair: ScrubPlan.Repair) async -> ScrubReport.Item {
    let targets = indices(of: repair.targets.map(\.store))
    let record: Record
    switch await source(of: repair) {
    case .success(let found): record = found
    case .failure(let error):
      return ScrubReport.Item(repair: repair, outcomes: targets.map { Outcome(stores.names[$0], .failed(error)) })
    }
    let (key, children) = (repair.key, stores.children)
    let answers = await stores.ask(targets, "the put of \(key)", isWrite: true, in: context) {
      index, context throws(DriverError) in
      record.stamp == nil
        ? try await Self.fill(key, with: record, at: index, of: children, context)
        : try await children.put(record, at: key, to: index, context.repairing)
    }
    let outcomes = targets.map { index in
      switch answers[index] {
      case .success(let receipt)?: Outcome(stores.names[index], receipt.result, children: receipt.children)
      case .failure(let error)?: Outcome(stores.names[index], Outcome.Result(error))
      case nil: Outcome(stores.names[index], .pending)
      }
    }
    return ScrubReport.Item(repair: repair, outcomes: outcomes)
  }

  private func indices(of names: [String]) -> [Int] { names.compactMap { stores.names.firstIndex(of: $0) } }

  /// The copy, from the first store that still has it, or a newer one.
  private func source(of repair: ScrubPlan.Repair) async -> Result<Record, DriverError> {
    let (key, children) = (repair.key, stores.children)
    var outcomes: [Outcome] = []
    for index in indices(of: repair.sources) {
      let answers = await stores.ask([index], "the get of \(key)", isWrite: false, in: context) {
        index, context throws(DriverError) in
        let record = try await children.get(key, at: index, context)
        try record?.checkHash(of: key, "the stored copy")
        if let stamp = record?.stamp { try context.runtime.observe(stamp) }
        return record
      }
      switch answers[index] {
      case .success(let record?)? where Self.isCurrent(record, repair.stat): return .success(record)
      case .success(nil)?: outcomes.append(Outcome(stores.names[index], .absent))
      case .failure(let error)?: outcomes.append(Outcome(stores.names[index], .failed(error)))
      default:
        outcomes.append(Outcome(stores.names[index], .skipped("it holds another copy now, which is not newer")))
      }
    }
    return .failure(
      DriverError(
        .unavailable, "no store has the copy of \(key) any more that the plan found there: make a new plan",
        outcomes: outcomes, effect: .unchanged))
  }

  private static func isCurrent(_ record: Record, _ planned: Stat) -> Bool {
    let stat = Stat(of: record)
    return stat == planned || stat.ranksAbove(planned)
  }

  /// Puts a copy that cannot be ranked, where there is nothing or nothing good.
  private static func fill(
    _ key: Key, with record: Record, at index: Int, of children: Children, _ context: Context
  ) async throws(DriverError) -> Receipt {
    do throws(DriverError) {
      if let stored = try await children.get(key, at: index, context) {
        try stored.checkHash(of: key, "the stored copy")
        guard stored != record else { return Receipt(.stored) }
        throw DriverError(
          .conflict, "something else has been written at \(key), and nothing says which is newer", effect: .unchanged)
      }
    } catch {
      guard error.code == .corrupt else { throw error.with(effect: .unchanged) }
      return try await children.put(record, at: key, to: index, context)
    }
    guard children.outlines[index].capabilities.contains(.compareAndPut) else {
      return try await children.put(record, at: key, to: index, context)
    }
    return try await children.put(record, at: key, if: .absent, to: index, context)
  }
}
