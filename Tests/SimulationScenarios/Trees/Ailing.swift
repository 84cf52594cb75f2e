import MetaDriver

/// A store of a client's own, whose reads and writes fail now and then: before they have done anything, or after.
struct Ailing<Base: Driver>: Modifier {
  let base: Base
  let failures: Double

  init(failures: Double, _ base: () -> Base) {
    self.base = base()
    self.failures = failures
  }

  init(_ base: () -> Base) { self.init(failures: 0, base) }

  var outline: Outline { base.outline }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    if fails(in: context) { throw Self.failure(.unchanged) }
    return try await context.get(key, from: base)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await write(in: context) { () throws(DriverError) in try await context.put(record, at: key, to: base) }
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await write(in: context) { () throws(DriverError) in
      try await context.delete(key, proof: proof, from: base)
    }
  }

  private func write(
    in context: Context, _ write: () async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    guard fails(in: context) else { return try await write() }
    guard context.runtime.withRandom({ Bool.random(using: &$0) }) else { throw Self.failure(.unchanged) }
    _ = try await write()
    throw Self.failure(.unknown)
  }

  private func fails(in context: Context) -> Bool {
    failures > 0 && context.runtime.withRandom { Double.random(in: 0..<1, using: &$0) } < failures
  }

  private static func failure(_ effect: DriverError.Effect) -> DriverError {
    DriverError(.unavailable, "the client's own store fails", effect: effect)
  }
}
