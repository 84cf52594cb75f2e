import MetaDriver

/// The plainest node: hands everything to its children through the context. Reads ask them in turn, writes go to all.
struct Through: Driver {
  var name: String?
  let children: [any Driver]

  var outline: Outline {
    var outline = Outline(
      composite: "Through", of: children.map(\.outline),
      access: Access(read: .any(children.count), write: .all(children.count)))
    outline.name = name
    return outline
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    for (index, child) in children.enumerated() {
      if let record = try await context.get(key, from: child, at: index) { return record }
    }
    return nil
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ = try await context.put(record, at: key, to: child, at: index)
    }
    return Receipt(.stored)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ = try await context.delete(key, proof: proof, from: child, at: index)
    }
    return Receipt(.deleted)
  }
}
