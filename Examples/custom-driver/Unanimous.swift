import MetaDriver

/// Answers only what all of its children say: for data that nobody may change behind the others' backs.
struct Unanimous: Driver {
  private let children: [any Driver]

  init(@DriverBuilder _ children: () -> [any Driver]) { self.children = children() }

  var outline: Outline {
    Outline(
      composite: "Unanimous", of: children.map(\.outline),
      access: Access(read: .all(children.count), write: .all(children.count)), capabilities: .basic)
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    var answers: [Record?] = []
    for (index, child) in children.enumerated() {
      answers.append(try await context.get(key, from: child, at: index))
    }
    guard Set(answers).count <= 1 else {
      throw DriverError(
        .conflict, "the copies of \(key) differ",
        outcomes: zip(children, answers).map { Outcome($0.outline.label, $1 == nil ? .absent : .found) })
    }
    return answers.first ?? nil
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await write("put of \(key)") { child, index throws(DriverError) in
      try await context.put(record, at: key, to: child, at: index)
    }
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await write("delete of \(key)") { child, index throws(DriverError) in
      try await context.delete(key, proof: proof, from: child, at: index)
    }
  }

  /// Writes to one child after the other. The first that fails, or does not acknowledge, ends it: the error, or the
  /// receipt, says who has the new copy.
  private func write(
    _ what: String, _ change: (any Driver, Int) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    var outcomes = children.map { Outcome($0.outline.label, .skipped("another failed first")) }
    for (index, child) in children.enumerated() {
      do throws(DriverError) {
        let result = try await change(child, index).result
        outcomes[index].result = result
        // A newer copy is there, or the record is only queued.
        guard result.isAcknowledged else { return Receipt(result, children: outcomes) }
      } catch {
        outcomes[index].result = error.effect == .unknown ? .unknown(error) : .failed(error)
        throw DriverError(.quorumNotMet, "\(what) needs every child", outcomes: outcomes)
      }
    }
    return Receipt(outcomes.first?.result ?? .stored, children: outcomes)
  }
}
