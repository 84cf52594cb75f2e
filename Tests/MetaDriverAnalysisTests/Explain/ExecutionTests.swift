import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
private import Synchronization
import TestSupport
import Testing

/// Calls in virtual time, where every number is exact.
@Suite struct ExecutionTests {
  private func slow(_ name: String, _ milliseconds: Int, then answer: Scripted.Answer = .ok) -> Scripted {
    Scripted(name, answers: [], then: .delay(.milliseconds(milliseconds), then: answer))
  }

  /// Makes a call in a simulation, and prints what it did.
  private func run(
    _ tree: any Driver, _ call: ExplainedCall, options: CallOptions = CallOptions(), draining: Duration? = nil
  ) throws -> String {
    let text = Text()
    try Simulation(seed: 1) { world in
      let runtime = world.process("p").runtime
      let strategy = try Strategy("s", runtime: runtime, visibility: .privateData) { tree }
      let execution = await strategy.explain(analyze: call, options: options, draining: draining)
      text.set("\(execution)")
      if draining == nil { await strategy.drain() }
    }.run()
    return text.value
  }

  @Test("A read in turn: who failed, who ran out of time, who answered, and who was never asked") func ordered() throws
  {
    let down = slow("down", 5, then: .error(.unavailable))
    let tree = FirstSuccess {
      down; slow("b", 30, then: .found(Record([1, 2]))).timeout(.milliseconds(10));
      slow("c", 20, then: .found(Record([1]))).verified(); slow("d", 1)
    }
    #expect(
      try run(tree, .get("k")) == """
        get 'k' in s: 35 ms, found 1 byte

        node                       asked     at   took  outcome
        FirstSuccess               get      0 s  35 ms  found 1 byte
        ├─ Scripted "down"         get      0 s   5 ms  failed, unavailable: scripted
        ├─ Timeout (0.01 seconds)  get     5 ms  10 ms  failed, timedOut: get of 'k' had no answer within 0.01 seconds
        │  └─ Scripted "b"         get     5 ms  10 ms  cancelled, late
        ├─ Verified                get    15 ms  20 ms  found 1 byte
        │  └─ Scripted "c"         get    15 ms  20 ms  found 1 byte
        └─ Scripted "d"            -
        """)
  }
  // R6
  @Test("A write is answered before its stragglers, which say so, or how they ended when they are waited for")
  func stragglers() throws {
    let tree = Replicated(writes: .atLeast(1)) {
      slow("a", 10); slow("b", 30).localOnly(); slow("c", 3_600_000); slow("d", 20, then: .error(.noSpace))
    }
    #expect(
      try run(tree, .put([1], at: "k")) == """
        put 'k' in s: 10 ms, stored

        node                                             asked   at   took  outcome
        Replicated (writes: at least 1, reads: ordered)  put    0 s  10 ms  stored
        ├─ Scripted "a"                                  put    0 s  10 ms  stored
        ├─ LocalOnly                                     put    0 s         still running
        │  └─ Scripted "b"                               put    0 s         still running
        ├─ Scripted "c"                                  put    0 s         still running
        └─ Scripted "d"                                  put    0 s         still running
        """)
    #expect(
      try run(tree, .put([1], at: "k"), draining: .seconds(60)) == """
        put 'k' in s: 10 ms, stored

        node                                             asked   at   took  outcome
        Replicated (writes: at least 1, reads: ordered)  put    0 s  10 ms  stored
        ├─ Scripted "a"                                  put    0 s  10 ms  stored
        ├─ LocalOnly                                     put    0 s  30 ms  stored, late
        │  └─ Scripted "b"                               put    0 s  30 ms  stored, late
        ├─ Scripted "c"                                  put    0 s         still running
        └─ Scripted "d"                                  put    0 s  20 ms  failed, noSpace: scripted, late
        """)
  }
  // R24
  @Test("What outlives a time limit, of a node or of the call, is late; a call that fails is explained with its error")
  func limits() throws {
    let tree = Replicated {
      slow("a", 10).timeout(.milliseconds(50)); slow("hung", 3_600_000).timeout(.milliseconds(50))
    }
    #expect(
      try run(tree, .put([1], at: "k"), draining: .seconds(7200)) == """
        put 'k' in s: 50 ms, failed
          quorumNotMet at s/Replicated: put of 'k' has 1 of 2 acknowledgements needed [a: stored; hung: unknown, timedOut: put of 'k' had no answer within 0.05 seconds; it may take effect all the same]

        node                                      asked   at    took  outcome
        Replicated (writes: all, reads: ordered)  put    0 s   50 ms  failed, quorumNotMet: put of 'k' has 1 of 2 acknowledgements needed
        ├─ Timeout (0.05 seconds)                 put    0 s   10 ms  stored
        │  └─ Scripted "a"                        put    0 s   10 ms  stored
        └─ Timeout (0.05 seconds)                 put    0 s   50 ms  failed, timedOut: put of 'k' had no answer within 0.05 seconds; it may take effect all the same
           └─ Scripted "hung"                     put    0 s  3600 s  stored, late
        """)
    #expect(
      try run(
        slow("hung", 3_600_000), .put([1], at: "k"), options: CallOptions(timeout: .milliseconds(20)),
        draining: .seconds(7200)) == """
          put 'k' in s: 20 ms, failed
            timedOut at s: put of 'k' had no answer within 0.02 seconds; it may take effect all the same

          node             asked   at    took  outcome
          Scripted "hung"  put    0 s  3600 s  stored, late
          """)
  }
  @Test("Who lost a race, or a hedge, was cancelled") func race() throws {
    let tree = Replicated(writes: .atLeast(1), reads: .race) {
      slow("a", 20, then: .found(Record([1, 2, 3]))); slow("b", 10, then: .found(Record([1, 2, 3])))
    }
    #expect(
      try run(tree, .get("k"), draining: .seconds(1)) == """
        get 'k' in s: 10 ms, found 3 bytes

        node                                          asked   at   took  outcome
        Replicated (writes: at least 1, reads: race)  get    0 s  10 ms  found 3 bytes
        ├─ Scripted "a"                               get    0 s  10 ms  cancelled, late
        └─ Scripted "b"                               get    0 s  10 ms  found 3 bytes
        """)
    let hedged = Hedge(children: [slow("a", 50, then: .found(Record([1]))), slow("b", 5, then: .found(Record([1])))])
    #expect(
      try run(hedged, .get("k"), draining: .seconds(1)) == """
        get 'k' in s: 25 ms, found 1 byte

        node             asked     at   took  outcome
        Hedge            get      0 s  25 ms  found 1 byte
        ├─ Scripted "a"  get      0 s  25 ms  cancelled
        └─ Scripted "b"  get    20 ms   5 ms  found 1 byte
        """)
  }
  // R17
  @Test("Repairs stand under the read at their node") func repair() throws {
    let a = slow("a", 10), b = slow("b", 10), c = slow("c", 20)
    a.contents["k"] = Record([1, 2], stamp: Stamp(time: 5 << 16, writer: 0xa))
    let tree = Quorum(read: 2, write: 2) {
      a; b; c
    }
    #expect(
      try run(tree, .get("k")) == """
        get 'k' in s: 10 ms, found 2 bytes, stamped 5.0@a

        node                                  asked      at   took  outcome
        Quorum (read: 2 of 3, write: 2 of 3)  get       0 s  10 ms  found 2 bytes, stamped 5.0@a
        ├─ Scripted "a"                       get       0 s  10 ms  found 2 bytes, stamped 5.0@a
        ├─ Scripted "b"                       get       0 s  10 ms  absent
        │                                     repair  10 ms         still running
        └─ Scripted "c"                       get       0 s         still running
        """)
    a.contents["k"] = Record([1, 2], stamp: Stamp(time: 6 << 16, writer: 0xa))
    #expect(
      try run(tree, .get("k"), draining: .seconds(1)) == """
        get 'k' in s: 10 ms, found 2 bytes, stamped 6.0@a

        node                                  asked      at   took  outcome
        Quorum (read: 2 of 3, write: 2 of 3)  get       0 s  10 ms  found 2 bytes, stamped 6.0@a
        ├─ Scripted "a"                       get       0 s  10 ms  found 2 bytes, stamped 6.0@a
        ├─ Scripted "b"                       get       0 s  10 ms  found 2 bytes, stamped 5.0@a
        │                                     repair  10 ms  20 ms  stored, late
        └─ Scripted "c"                       get       0 s  10 ms  cancelled, late
        """)
  }
  @Test("Several attempts at a node, and stores that a node keeps for itself, have lines of their own") func retries()
    throws
  {
    let flaky = Scripted(
      "flaky",
      answers: [
        .delay(.milliseconds(1), then: .error(.unavailable)), .delay(.milliseconds(2), then: .error(.unavailable)),
      ], then: .delay(.milliseconds(3), then: .absent))
    #expect(
      try run(Retrying(base: flaky.localOnly(), attempts: 3, pause: .milliseconds(10)), .get("k")) == """
        get 'k' in s: 26 ms, absent

        node                    asked      at   took  outcome
        Retrying (attempts: 3)  get       0 s  26 ms  absent
        └─ LocalOnly            get       0 s   1 ms  failed, unavailable: scripted
           │                    get #2  11 ms   2 ms  failed, unavailable: scripted
           │                    get #3  23 ms   3 ms  absent
           └─ Scripted "flaky"  get       0 s   1 ms  failed, unavailable: scripted
                                get #2  11 ms   2 ms  failed, unavailable: scripted
                                get #3  23 ms   3 ms  absent
        """)
    #expect(
      try run(ReadYourWrites(journal: MemoryDriver("j")) { slow("a", 1) }, .put([1], at: "k")) == """
        put 'k' in s: 2 ms, stored, stamped 1767225600001.0@4d94ec26e243f8f7

        node                         asked    at  took  outcome
        ReadYourWrites (journal: j)  put     0 s  2 ms  stored
        ├─ Scripted "a"              get     0 s  1 ms  absent
        │                            put    1 ms  1 ms  stored
        └─ journal on j              get     0 s   0 s  absent
                                     put    2 ms   0 s  stored
                                     put    2 ms   0 s  stored
        """)
    #expect(
      try run(
        ByKind {
          slow("a", 1)
        } immutable: {
          slow("b", 1)
        }, .putImmutable([1])) == """
          put sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a in s: 1 ms, stored

          node                         asked   at  took  outcome
          ByKind (mutable, immutable)  put    0 s  1 ms  stored
          ├─ Scripted "a"              -
          └─ Scripted "b"              put    0 s  1 ms  stored
          """)
  }
}

private final class Text: Sendable {
  private let text = Mutex("")
  var value: String { text.withLock { $0 } }
  func set(_ value: String) { text.withLock { $0 = value } }
}

/// Repeats a read that failed.
private struct Retrying<Base: Driver>: Modifier {
  let base: Base
  let attempts: UInt8
  let pause: Duration

  var outline: Outline { Outline(modifier: "Retrying", of: base.outline, parameters: ["attempts": "\(attempts)"]) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    var context = context
    while true {
      do throws(DriverError) { return try await context.get(key, from: base) } catch {
        guard context.attempt < attempts else { throw error }
        context.attempt += 1
        try await context.runtime.sleep(for: pause)
      }
    }
  }
}

/// Asks the second child 20 ms after the first, and takes whichever answers first.
private struct Hedge: Driver {
  let children: [any Driver]

  var outline: Outline {
    Outline(
      composite: "Hedge", of: children.map(\.outline),
      access: Access(read: .any(2), write: .all(2), readCourse: .hedged(after: .milliseconds(20))))
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    await withTaskGroup(of: Record?.self) { group in
      for (index, child) in children.enumerated() {
        group.addTask {
          if index > 0 { try? await context.runtime.sleep(for: .milliseconds(20)) }
          return try? await context.get(key, from: child, at: index)
        }
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await context.put(record, at: key, to: children[0])
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await context.delete(key, proof: proof, from: children[0])
  }
}
