import MetaDriver

/// The plainest node: hands everything to its children through the context. Reads ask them in turn, writes go to all.
struct Through: Driver {
  var name: String?
  let children: [any Driver]
  /// How to call child i in the path of an error.
  var labels: [String] = []

  var outline: Outline {
    var outline = Outline(
      composite: "Through", of: children.map(\.outline),
      access: Access(read: .any(children.count), write: .all(children.count)))
    outline.name = name
    return outline
  }

  private func label(_ index: Int) -> String? { labels.indices.contains(index) ? labels[index] : nil }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    for (index, child) in children.enumerated() {
      if let record = try await context.get(key, from: child, at: index, label: label(index)) { return record }
    }
    return nil
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ = try await context.put(record, at: key, to: child, at: index, label: label(index))
    }
    return Receipt(.stored)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ = try await context.delete(key, proof: proof, from: child, at: index, label: label(index))
    }
    return Receipt(.deleted)
  }
}
