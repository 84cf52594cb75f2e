extension ComparedStores {
  /// Removes a tombstone from every store, if every store still holds it.
  func remove(_ removal: PurgePlan.Tombstone, in context: Context) async -> [Outcome] {
    let (key, children) = (removal.key, children)
    let all = Array(children.indices)
    let copies = await ask(all, "the get of \(key)", isWrite: false, in: context) {
      index, context throws(DriverError) in
      try await children.get(key, at: index, context)
    }
    let tombstones = all.map { index -> Result<Record, DriverError> in
      switch copies[index] {
      case .success(let record?)? where record.isTombstone && record.stamp == removal.stamp: return .success(record)
      case .failure(let error)?: return .failure(error)
      default:
        return .failure(
          DriverError(
            .conflict, "it does not hold the tombstone any more, which stays at the others", effect: .unchanged))
      }
    }
    let settled = tombstones.compactMap { try? $0.get() }
    guard settled.count == all.count, settled.allSatisfy({ $0 == settled[0] }) else {
      return all.map { index in
        switch tombstones[index] {
        case .failure(let error): Outcome(names[index], .failed(error))
        case .success: Outcome(names[index], .skipped("not every store holds the same tombstone"))
        }
      }
    }
    let answers = await ask(all, "the delete of \(key)", isWrite: true, in: context) {
      index, context throws(DriverError) in
      try await children.purge(settled[index], at: key, from: index, context)
    }
    return all.map { index in
      switch answers[index] {
      case .success(let receipt)?: Outcome(names[index], receipt.result, children: receipt.children)
      case .failure(let error)?: Outcome(names[index], Outcome.Result(error))
      case nil: Outcome(names[index], .pending)
      }
    }
  }
}
