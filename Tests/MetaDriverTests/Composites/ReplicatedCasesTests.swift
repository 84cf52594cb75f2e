import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ReplicatedCasesTests {
  private let a = Scripted("a"), b = Scripted("b"), c = Scripted("c")
  private let key = Key.mutable("k")
  private let clock = ManualClock()
  private let runtime: Runtime
  private var context: Context { Context(runtime) }

  init() { runtime = .manual(clock) }

  private func failing(_ name: String, _ code: DriverError.Code = .unavailable) -> Scripted {
    Scripted(name, answers: [], then: .error(code, effect: .unchanged))
  }

  // A16
  @Test("Required a, optional b: b fails and the write holds, a fails and it does not")
  func requiredAndOptional() async throws {
    let holds = Replicated(writes: .atLeast(1), remainder: .await) {
      a.required()
      failing("b")
    }
    let receipt = try await holds.put(Record([1]), at: key, in: context)
    #expect(
      receipt.description == """
        stored
        ├─ a: stored
        └─ b: failed, unavailable: scripted
        """)
    let fails = Replicated(writes: .atLeast(1), remainder: .await) {
      failing("a").required()
      b
    }
    let error = await #expect(throws: DriverError.self) { try await fails.put(Record([1]), at: key, in: context) }
    #expect(
      error?.description
        == "quorumNotMet: put of 'k' was not acknowledged by a, which is required; 1 of 2 acknowledged it "
        + "[a: failed, unavailable: scripted; b: stored]")
    #expect(error?.effect == .unknown)
  }

  // A17, B20
  @Test("Required a and c, optional b: a fails, and the report says what became of b and c")
  func report() async {
    let tree = Replicated(writes: .atLeast(2), remainder: .await) {
      failing("a").required()
      b
      c.required()
    }
    let error = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.outcomes.map(\.description) == ["a: failed, unavailable: scripted", "b: stored", "c: stored"])
    #expect(b.contents[key] == Record([1]))
  }

  // A18
  @Test("Nothing required: one copy is enough, and none is a failure that changed nothing", arguments: 0...3)
  func nothingRequired(working: Int) async throws {
    let children = (0..<3).map { $0 < working ? Scripted("\($0)") : failing("\($0)") }
    let tree = Replicated(writes: .atLeast(1), remainder: .await) { for child in children { child } }
    guard working == 0 else {
      _ = try await tree.put(Record([1]), at: key, in: context)
      return
    }
    let error = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.code == .quorumNotMet)
    #expect(error?.effect == .unchanged)
  }

  // A19
  @Test("A child that cannot put receives none; left out and required at once does not compose")
  func leftOut() async throws {
    let receipt = try await Replicated(writes: .atLeast(1)) {
      a
      b.readOnly()
    }.put(Record([1]), at: key, in: context)
    #expect(receipt.children.map(\.description) == ["a: stored", "b: skipped, it has no put"])
    #expect(b.calls.isEmpty)

    let wrong = Replicated(writes: .atLeast(1)) {
      a
      b.readOnly().required()
    }
    let error = await #expect(throws: DriverError.self) { try await wrong.put(Record([1]), at: key, in: context) }
    #expect(error?.code == .unsupported)
    #expect(a.calls.count == 1)
  }

  // A20
  @Test(
    "A required driver that could not be opened: no other is written, and the report names it",
    arguments: [false, true])
  func notThere(isQuorum: Bool) async throws {
    let missing = Scripted("missing") { call in
      call.operation == .open && call.number <= 2 ? .error(.unavailable, effect: .unchanged) : .ok
    }
    let tree: any Driver =
      isQuorum
      ? Quorum(read: 2, write: 2) {
        a; missing.required(); b
      }
      : Replicated(writes: .atLeast(1)) {
        a; missing.required(); b
      }
    let opened = try await tree.open(in: context)
    #expect(opened.children.map(\.description) == ["a: opened", "missing: failed, unavailable: scripted", "b: opened"])

    let error = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.code == .unavailable)
    #expect(error?.effect == .unchanged)
    #expect(
      error?.description
        == "unavailable: put of 'k' needs drivers that could not be opened; no driver was written "
        + "[a: skipped, the required driver missing is not open; missing: failed, unavailable: scripted; "
        + "b: skipped, the required driver missing is not open]")
    #expect(!(a.calls + b.calls + missing.calls).contains { $0.operation == .put })

    // The next write asks it once more, and it has come back.
    _ = try await tree.put(Record([1]), at: key, in: context)
    await runtime.drain()
    #expect(missing.contents[key] != nil)
  }

  // A21, R8
  @Test("All replicas receive byte-identical records", arguments: [false, true])
  func identical(isQuorum: Bool) async throws {
    let tree: any Driver =
      isQuorum
      ? Quorum {
        a; b; c
      }
      : Replicated {
        a; b; c
      }
    _ = try await tree.put(Record([1, 2, 3]), at: key, in: context)
    await runtime.drain()
    let records = [a, b, c].flatMap { $0.calls.compactMap(\.record) }
    #expect(records.count == 3)
    #expect(Set(records).count == 1)
    #expect((records[0].stamp != nil) == isQuorum)
  }

  // A22, R7
  @Test("Three replicas of latency t take t, in turn three times t", arguments: [WriteOrder.concurrent, .sequential])
  func latency(order: WriteOrder) async throws {
    let tree = Replicated(order: order) {
      for name in ["x", "y", "z"] { Scripted(name, answers: [], then: .delay(.seconds(2))) }
    }
    let call = Task { [key, context] in try await tree.put(Record([1]), at: key, in: context) }
    for _ in 0..<(order == .concurrent ? 1 : 3) {
      await clock.waitForSleepers(order == .concurrent ? 3 : 1)
      clock.advance(by: .seconds(2))
    }
    _ = try await call.value
    #expect(clock.elapsed == .seconds(order == .concurrent ? 2 : 6))
  }

  // A22, B3
  @Test("A hung replica costs a write that holds without it nothing, and one that needs it its own limit")
  func hungReplica() async throws {
    let gate = Gate()
    let hung = Scripted("hung") { _ in .hang(gate, ignoringCancellation: true) }
    let enough = Replicated(writes: .atLeast(2)) {
      a
      b
      hung
    }
    let receipt = try await enough.put(Record([1]), at: key, in: context)
    #expect(receipt.children.map(\.description) == ["a: stored", "b: stored", "hung: pending"])
    #expect(clock.elapsed == .zero)

    let all = Replicated {
      a
      hung.timeout(.seconds(3))
    }
    let call = Task { [context] in try await all.put(Record([1]), at: .mutable("other"), in: context) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(3))
    let error = await #expect(throws: DriverError.self) { try await call.value }
    #expect(error?.outcomes.last?.description.hasPrefix("hung: unknown, timedOut: ") == true)
    gate.open()
    await runtime.drain()
  }

  // B2, R6
  @Test("A straggler is not cancelled when the write holds: it lands, and the observer is told")
  func straggler() async throws {
    let gate = Gate(), recorder = Recorder()
    let runtime = Runtime.manual(clock, observer: recorder)
    let slow = Scripted("slow") { _ in .hang(gate) }
    let tree = Replicated(writes: .atLeast(1)) {
      a
      slow
    }
    let caller = Task { [key] in try await tree.put(Record([1]), at: key, in: Context(runtime)) }
    _ = try await caller.value
    caller.cancel()
    #expect(slow.contents.isEmpty)
    gate.open()
    #expect(await runtime.drain())
    #expect(slow.contents[key] == Record([1]))
    #expect(recorder.events.map { "\($0.outcome)" } == ["stored", "stored"])
  }

  // R13
  @Test("The straggler of one put and the next put reach a first-in-first-out replica in their order")
  func stragglerOrder() async throws {
    let gate = Gate()
    let slow = Scripted("slow", ordering: .fifo) { call in call.number == 1 ? .hang(gate) : .ok }
    let tree = Replicated(writes: .atLeast(1)) {
      a
      slow
    }
    for value: UInt8 in 1...3 { _ = try await tree.put(Record([value]), at: key, in: context) }
    #expect(slow.calls.count == 1)
    gate.open()
    await runtime.drain()
    #expect(slow.calls.compactMap(\.record?.bytes) == [[1], [2], [3]])
    #expect(slow.contents == a.contents)
  }

  // R5
  @Test("A write whose reply was lost is unknown: it does not count, and may be there all the same")
  func lostReply() async {
    let lost = Scripted("lost", answers: [.lostReply()])
    let tree = Replicated(remainder: .await) {
      a
      lost
    }
    let error = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(error?.effect == .unknown)
    #expect(error?.outcomes.last?.description == "lost: unknown, unavailable: scripted: the reply was lost")
    #expect(lost.contents[key] == Record([1]))
  }

  // R3
  @Test("Whatever one child throws, the others are written")
  func siblings() async throws {
    let codes: [DriverError.Code] = [.cancelled, .closed, .corrupt, .unroutable, .stale, .throttled, .conflict]
    for code in codes {
      let tree = Replicated(writes: .atLeast(1), remainder: .await) {
        failing("bad", code)
        b
      }
      let receipt = try await tree.put(Record([1]), at: key, in: context)
      #expect("\(receipt.result)" == "stored")
      b.contents[key] = Record([1])
      #expect(try await tree.get(key, in: context) == Record([1]), "\(code)")
    }
  }

  // A24
  @Test("While one replica is down, other keys are read")
  func readsGoOn() async throws {
    b.contents[.mutable("other")] = Record([4])
    let tree = Replicated {
      failing("a").required()
      b.required()
    }
    await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
    #expect(try await tree.get(.mutable("other"), in: context) == Record([4]))
  }

  // A34, B7
  @Test("A delete with one driver down fails as a whole and says who; repeated after recovery, get says absent")
  func deleteAfterRecovery() async throws {
    let flaky = Scripted("flaky", answers: [.ok, .error(.unavailable, effect: .unchanged)])
    let tree = Replicated(remainder: .await) {
      a.required()
      flaky.required()
    }
    _ = try await tree.put(Record([1]), at: key, in: context)
    let error = await #expect(throws: DriverError.self) { try await tree.delete(key, proof: nil, in: context) }
    #expect(error?.outcomes.map(\.description) == ["a: deleted", "flaky: failed, unavailable: scripted"])
    #expect(try await tree.get(key, in: context) == Record([1]))
    let receipt = try await tree.delete(key, proof: nil, in: context)
    #expect(receipt.children.map(\.description) == ["a: already absent", "flaky: deleted"])
    #expect(try await tree.get(key, in: context) == nil)
  }

  // A41
  @Test("Preferring local drivers asks them first and drops no other")
  func localFirst() async throws {
    let tree = Replicated(writes: .atLeast(1), reads: .localFirst) {
      a.required()
      b.localOnly()
    }
    a.contents[key] = Record([1])
    #expect(try await tree.get(key, in: context) == Record([1]))
    b.contents[key] = Record([2])
    #expect(try await tree.get(key, in: context) == Record([2]))
    #expect(a.calls.count == 1)
  }

  // A47
  @Test("Two writers of one key leave exactly one complete value, and the key is free after a failure")
  func concurrentWriters() async throws {
    let gate = Gate()
    let leaf = Scripted("fifo", ordering: .fifo) { call in
      call.number == 1 ? .hang(gate, then: .error(.noSpace)) : .ok
    }
    let tree = Replicated { leaf }
    let first = Task { [key, context] in try await tree.put(Record([1, 1]), at: key, in: context) }
    await leaf.waitForCalls()
    let second = Task { [key, context] in try await tree.put(Record([2, 2]), at: key, in: context) }
    gate.open()
    await #expect(throws: DriverError.self) { try await first.value }
    #expect(try await second.value.result.isAcknowledged)
    #expect(leaf.contents[key] == Record([2, 2]))
  }

  // A49, R30
  @Test("A listing pages until the end: every key once, and no page claims more than it knows")
  func listing() async throws {
    let names = (0..<25).map { "k/\($0)" }
    for (index, name) in names.enumerated() {
      for (turn, driver) in [a, b, c].enumerated() where index % 3 == turn || index % 5 == 0 {
        driver.contents[.mutable(try DataID(name))] = Record([UInt8(index)])
      }
    }
    a.contents[.mutable("l")] = Record([1])
    for limit in [1, 2, 7, 100] {
      let tree = Replicated {
        a
        b
        c
      }
      var found: [String] = []
      var cursor: Cursor?
      repeat {
        let page = try await tree.list(ListRequest(prefix: "k/", after: cursor, limit: limit), in: context)
        #expect(page.isComplete)
        #expect(page.entries.count <= limit)
        found += page.entries.map(\.key.name)
        cursor = page.next
      } while cursor != nil
      #expect(found == names.sorted())
    }
  }
}
