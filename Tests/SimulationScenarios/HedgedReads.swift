package import MetaDriver

/// A composite of one's own: a read asks the next child when the one before it takes too long; a write asks all in turn.
package struct HedgedReads: Driver {
  private let children: [any Driver]
  private let delay: Duration

  package init(after delay: Duration, @DriverBuilder _ children: () -> [any Driver]) {
    self.children = children()
    self.delay = delay
  }

  package var outline: Outline {
    Outline(
      composite: "HedgedReads", of: children.map(\.outline),
      access: Access(
        read: .any(children.count), write: .all(children.count), readCourse: .hedged(after: delay),
        writeCourse: .sequential.awaitingAll), capabilities: .basic)
  }

  package func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let answers = await withTaskGroup(of: Result<Record?, DriverError>.self) { group in
      for (index, child) in children.enumerated() {
        group.addTask {
          do throws(DriverError) {
            if index > 0 { try await context.runtime.sleep(for: delay * index) }
            return .success(try await context.get(key, from: child, at: index))
          } catch { return .failure(error) }
        }
      }
      var answers: [Result<Record?, DriverError>] = []
      for await answer in group {
        answers.append(answer)
        if case .success = answer { break }
      }
      group.cancelAll()
      return answers
    }
    guard let last = answers.last else { return nil }
    return try last.get()
  }

  package func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() { _ = try await context.put(record, at: key, to: child, at: index) }
    return Receipt(.stored, stamp: record.stamp)
  }

  package func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ = try await context.delete(key, proof: proof, from: child, at: index)
    }
    return Receipt(.deleted)
  }
}
