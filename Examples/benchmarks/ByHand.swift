import MetaDriver

/// What one writes without `FirstSuccess`: asks the drivers in order, and says why when none has a copy.
struct FirstByHand: Sendable {
  let children: [any Driver]

  @inline(never)
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    var outcomes: [Outcome] = []
    var errors: [DriverError] = []
    for (index, child) in children.enumerated() {
      do throws(DriverError) {
        if let copy = try await child.get(key, in: context) { return copy }
        outcomes.append(Outcome("child \(index)", .absent))
      } catch {
        errors.append(error)
        outcomes.append(Outcome("child \(index)", .failed(error)))
      }
    }
    if errors.isEmpty { return nil }
    throw DriverError(
      .unavailable, "\(errors.count) of \(children.count) drivers failed, and no other has \(key)", outcomes: outcomes)
  }
}

/// What one writes without `Replicated`: a task group that writes everywhere, and says what became of each write.
struct GroupByHand: Sendable {
  let children: [any Driver]
  var startsImmediately = false

  @inline(never)
  func put(
    _ record: Record, at key: Key, in context: Context, isolation: isolated (any Actor)? = #isolation
  ) async throws(DriverError) -> Receipt {
    let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
      // The body of a group runs on the actor of the function that it is written in.
      _ = isolation
      for (index, child) in children.enumerated() {
        let write = { @Sendable () async -> (Int, Outcome) in
          do throws(DriverError) {
            let receipt = try await child.put(record, at: key, in: context)
            return (index, Outcome("child \(index)", receipt.result, children: receipt.children))
          } catch {
            return (index, Outcome("child \(index)", .failed(error)))
          }
        }
        if startsImmediately, #available(macOS 26, *) {
          group.addImmediateTask(operation: write)
        } else {
          group.addTask(operation: write)
        }
      }
      var outcomes = children.indices.map { Outcome("child \($0)", .pending) }
      for await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes
    }
    let acknowledged = outcomes.count { $0.result.isAcknowledged }
    guard acknowledged == children.count else {
      throw DriverError(
        .quorumNotMet, "\(acknowledged) of \(children.count) drivers took \(key)", outcomes: outcomes)
    }
    return Receipt(.stored, children: outcomes)
  }
}
