import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventTests {
  private let clock = ManualClock()
  private let recorder = Recorder()
  private let runtime: Runtime
  private let gate = Gate()

  init() { runtime = .manual(clock, observer: recorder) }

  /// The last component of the path of each event, with a mark where it was late.
  private var ends: [String] { recorder.events.map { ($0.path.last ?? "") + ($0.isLate ? " late" : "") } }

  private func deaf(_ name: String, then answer: Scripted.Answer = .ok) -> Scripted {
    Scripted(name) { [gate] _ in .hang(gate, ignoringCancellation: true, then: answer) }
  }

  @Test("Nothing is late that the node above has waited for")
  func inTime() async throws {
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated {
        Scripted("a").verified(); Scripted("b")
      }
    }
    try await strategy.put([1], at: "k")
    _ = try await strategy.get("k")
    #expect(ends == ["a", "Verified", "b", "Replicated", "a", "Verified", "Replicated"])
  }

  // R6
  @Test("A straggler of a write is late, and so is all that ran below it")
  func straggler() async throws {
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(writes: .atLeast(1)) {
        Scripted("a"); deaf("slow").verified()
      }
    }
    try await strategy.put([1], at: "k")
    gate.open()
    await runtime.drain()
    #expect(ends == ["a", "Replicated", "slow late", "Verified late"])
    #expect(recorder.events.last.map { "\($0)".hasSuffix(", late") } == true)
  }

  @Test("A read that lost a race is late when it ends after the winner")
  func race() async throws {
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(reads: .race) {
        Scripted("a", answers: [], then: .found(Record([1]))); deaf("slow")
      }
    }
    // The first child answers without suspending, so that a race ends before the second is asked; the other way round
    // both run.
    let turned = try Strategy("t", runtime: runtime) {
      Replicated(reads: .race) {
        deaf("slow"); Scripted("a", answers: [], then: .found(Record([1])))
      }
    }
    _ = try await strategy.get("k")
    _ = try await turned.get("k")
    gate.open()
    await runtime.drain()
    #expect(ends == ["a", "Replicated", "a", "Replicated", "slow late"])
  }

  // R24
  @Test("What outlives a time limit is late, and the limit's own answer is not")
  func timeLimit() async throws {
    let strategy = try Strategy("s", runtime: runtime) { deaf("deaf").timeout(.seconds(1)) }
    let call = Task { try await strategy.get("k") }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    await #expect(throws: DriverError.self) { try await call.value }
    gate.open()
    await runtime.drain()
    #expect(ends == ["Timeout", "deaf late"])
  }

  @Test("What outlives the time limit of its call is late, the root of the tree included")
  func callTimeLimit() async throws {
    let strategy = try Strategy("s", runtime: runtime) { deaf("deaf").verified() }
    let call = Task { try await strategy.put([1], at: "k", options: CallOptions(timeout: .seconds(1))) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    await #expect(throws: DriverError.self) { try await call.value }
    gate.open()
    await runtime.drain()
    #expect(ends == ["deaf late", "Verified late"])
  }

  // R17
  @Test("A repair in the background is late, and one that the read waits for is not")
  func repair() async throws {
    for (repair, expected) in [(ReadRepair.background, "b late"), (.blocking, "b")] {
      let newest = Record([1], stamp: Stamp(time: 1 << 16, writer: 7))
      let a = Scripted("a")
      a.contents["k"] = newest
      let b = Scripted("b") { [gate] call in
        repair == .background && call.operation == .compareAndPut ? .hang(gate, ignoringCancellation: true) : .ok
      }
      let strategy = try Strategy("s", runtime: runtime) {
        Replicated(reads: .newest, repair: repair) {
          a; b
        }
      }
      _ = try await strategy.get(.init("k"))
      gate.open()
      await runtime.drain()
      let repairs = recorder.events.filter { $0.operation == .repair }
      #expect(repairs.last.map { ($0.path.last ?? "") + ($0.isLate ? " late" : "") } == expected)
    }
  }

  @Test("Each operation is told of when it begins, and what has no event yet is pending")
  func beginnings() async throws {
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(writes: .atLeast(1)) {
        Scripted("a"); deaf("slow")
      }
    }
    try await strategy.put([1], at: "k")
    #expect(
      recorder.beginnings.map(\.description) == [
        "s/Replicated: put 'k' begins", "s/Replicated/a: put 'k' begins", "s/Replicated/slow: put 'k' begins",
      ])
    #expect(recorder.beginnings.map(\.indices) == [[], [0], [1]])
    let ended = Set(recorder.events.map(\.operationID))
    #expect(recorder.beginnings.filter { !ended.contains($0.operationID) }.map(\.path.last) == ["slow"])
    gate.open()
    await runtime.drain()
    #expect(Set(recorder.beginnings.map(\.operationID)) == Set(recorder.events.map(\.operationID)))
    let unannounced = recorder.events.count { !$0.hasBeginning }
    #expect(unannounced == 0)
  }

  @Test("The observer of a call is told of that call alone, besides the runtime's observer")
  func observerOfACall() async throws {
    let strategy = try Strategy("s", runtime: runtime) { FirstSuccess { Scripted("a") } }
    let unobserved = try Strategy("u", runtime: .manual()) { FirstSuccess { Scripted("a") } }
    let own = Recorder()
    var options = CallOptions()
    options.observer = own
    try await strategy.put([1], at: "k", options: options)
    _ = try await strategy.get("k")
    try await unobserved.put([1], at: "k", options: options)
    _ = try await unobserved.get("k")
    #expect(
      own.events.map { "\($0.path.joined(separator: "/")) \($0.operation)" } == [
        "s/FirstSuccess/a put", "s/FirstSuccess put", "u/FirstSuccess/a put", "u/FirstSuccess put",
      ])
    #expect(own.beginnings.count == 4)
    #expect(recorder.events.map(\.operation) == [.put, .put, .get, .get])
  }

  // R19
  @Test("What is sent out of a queue is no part of the call that happened to attach it")
  func queue() async throws {
    let far = Scripted("far", ordering: .newestWins, answers: [.error(.unavailable, effect: .unchanged)])
    let strategy = try Strategy("s", runtime: runtime) {
      HintedHandoff(HandoffJournal(on: MemoryDriver("queue"))) { far }
    }
    let own = Recorder()
    var options = CallOptions()
    options.observer = own
    try await strategy.put([1], at: "k", options: options)
    await clock.waitForSleepers()
    clock.advance(by: .seconds(3_600))
    await recorder.waitForEvents(5)
    #expect(own.events.map { "\($0.path.last ?? "") \($0.operation)" } == ["far put", "HintedHandoff put"])
    #expect(recorder.events.contains { $0.operation == .handoff && $0.isLate && !$0.hasBeginning })
    try await strategy.close()
  }
}
