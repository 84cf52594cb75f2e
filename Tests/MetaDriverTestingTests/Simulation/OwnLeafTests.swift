import MetaDriver
import Synchronization
import TestSupport
import Testing

@testable import MetaDriverTesting

/// A leaf as a user writes it: no more of the package than `Context.runtime`.
private struct Tape: Driver {
  private let storage = Storage()
  private actor Storage {
    let own = Leaf("tape")
    private var records: [Key: Record] = [:]
    func record(at key: Key) -> Record? { records[key] }
    func keep(_ record: Record?, at key: Key) { records[key] = record }
  }

  var leaf: Leaf? { storage.own }
  var outline: Outline { Outline(leaf: storage.own, kind: "Tape", capabilities: .basic) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await context.runtime.sleep(for: .seconds(30))
    return await storage.record(at: key)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await context.runtime.sleep(for: .seconds(30))
    // Wound on to a place drawn at random, as far as anybody knows.
    let further = context.runtime.withRandom { Int.random(in: 1...60, using: &$0) }
    try await context.runtime.sleep(for: .seconds(further))
    await storage.keep(record, at: key)
    return Receipt(.stored)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    await storage.keep(nil, at: key)
    return Receipt(.deleted)
  }
}

@Suite struct OwnLeafTests {
  @Test("A leaf of the user's own that goes by its runtime is simulated with the rest")
  func ownLeaf() throws {
    func run(seed: UInt64) throws -> Simulation.Report {
      try Simulation(seed: seed) { world in
        let alice = world.process("alice")
        let tape = Tape()
        let notes = try Strategy("notes", runtime: alice.runtime) {
          Replicated(writes: .atLeast(1)) {
            alice.leaf("disk")
            tape
          }
        }
        _ = try await alice.perform { try await notes.put([1], at: "k") }
        #expect(world.now == .zero)
        _ = try await alice.perform { await notes.drain() }
        #expect((31...90).contains(world.now / .seconds(1)))
        world.leaf("disk").isDown = true
        #expect(try await alice.perform { try await notes.get("k")?.bytes } == [1])
        world.note("it was read")
      }.run()
    }
    let seed = seeds(0..<1).lowerBound
    let first = try run(seed: seed)
    #expect(try run(seed: seed).traceHash == first.traceHash, "seed \(seed)")
    #expect(try run(seed: seed &+ 1).elapsed != first.elapsed, "seed \(seed)")
  }

  @Test("A write of its own that sleeps when its process crashes never ends") func crash() throws {
    try Simulation(seed: 1) { world in
      let alice = world.process("alice"), runtime = alice.runtime
      let tape = Tape()
      async let writing = alice.perform { try await Context(runtime).put(Record([1]), at: .mutable("k"), to: tape) }
      try await world.sleep(for: .seconds(1))
      alice.crash()
      #expect(try await writing == nil)
      try await world.sleep(for: .seconds(1_000))
      alice.restart()
      let again = alice.runtime
      #expect(try await alice.perform { try await Context(again).get(.mutable("k"), from: tape) } == .some(nil))
    }.run()
  }
}
