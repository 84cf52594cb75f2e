import MetaDriver
import Synchronization
import Testing

/// Whoever calls from the main actor stays there until something has to wait.
@MainActor
@Suite struct StrategyIsolationTests {
  private let witness = Witness()
  private let strategy: Strategy

  init() throws {
    strategy = try Strategy("notes", visibility: .privateData) { [witness] in
      FirstSuccess { witness.verified() }
    }
  }

  @Test("A get from the main actor reaches the leaf on the main actor")
  func get() async throws {
    _ = try await strategy.get("a")
    #expect(witness.wasOnMainActor)
  }

  @Test("A put from the main actor through one driver reaches the leaf on the main actor")
  func put() async throws {
    try await strategy.put([1], at: "a")
    #expect(witness.wasOnMainActor)
  }

  @Test("Opening, deleting and listing from the main actor reach the leaf on the main actor")
  func others() async throws {
    let alone = try Strategy("notes", visibility: .privateData) { [witness] in witness }
    try await alone.open()
    #expect(witness.wasOnMainActor)
    _ = try await alone.delete("a")
    #expect(witness.wasOnMainActor)
    _ = try await alone.list()
    #expect(witness.wasOnMainActor)
  }
}

/// A store in memory that notes from which actor it was called last.
private struct Witness: Modifier {
  private final class Note: Sendable {
    let wasOnMainActor = Atomic(false)
  }

  let base = MemoryDriver("memory")
  private let note = Note()

  /// Whether the last call came from the main actor. Forgets it.
  var wasOnMainActor: Bool { note.wasOnMainActor.exchange(false, ordering: .relaxed) }

  var outline: Outline { Outline(modifier: "Witness", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    observe(#isolation)
    return try await context.get(key, from: base)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    observe(#isolation)
    return try await context.put(record, at: key, to: base)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    observe(#isolation)
    return try await context.delete(key, proof: proof, from: base)
  }

  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    observe(#isolation)
    return try await context.list(request, from: base)
  }

  func open(in context: Context) async throws(DriverError) -> Receipt {
    observe(#isolation)
    return try await context.open(base)
  }

  private func observe(_ actor: (any Actor)?) {
    note.wasOnMainActor.store(actor === MainActor.shared, ordering: .relaxed)
  }
}
