import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

/// What goes through a hundred keys, over a store of which every request is swallowed from some point on.
@Suite(.timeLimit(.minutes(10))) struct HangingStoreTests {
  private static let keys: [Key] = (0..<100).map { .mutable(try! DataID("key \(1_000 + $0)")) }
  private static let limit = Duration.seconds(60)

  private enum Work: String, CaseIterable {
    case plan, repair, purge, copy, verify
  }

  private func tombstone(_ time: UInt64) -> Record { .tombstone(stamp: Stamp(time: time, writer: 1)) }
  private func record(_ time: UInt64) -> Record { Record([1], stamp: Stamp(time: time, writer: 1)) }

  private func hanging(_ operations: Set<Event.Operation>, _ name: String, _ gate: Gate, _ isOn: Counter) -> Scripted {
    Scripted(name, ordering: .newestWins) { call in
      isOn.value > 0 && operations.contains(call.operation) ? .hang(gate, ignoringCancellation: true) : .ok
    }
  }

  @Test("A store that hangs costs the work its time limit a few times, and is named", arguments: Work.allCases)
  private func hang(work: Work) throws {
    try Simulation(seed: 1, keepsTrace: false) { world async throws in
      let process = world.process("process")
      let (gate, isOn) = (Gate(), Counter())
      let good = Scripted("good", ordering: .newestWins)
      let bad = hanging([.get, .put, .delete], "bad", gate, isOn)
      let context = Context(process.runtime)
      let start = context.runtime.now
      var words = ""
      switch work {
      case .plan:
        for key in Self.keys { (good.contents[key], bad.contents[key]) = (record(1), record(1)) }
        isOn.add(1)
        let plan = try await Scrub(compare: .content, timeout: Self.limit) {
          good
          bad
        }.plan(in: context)
        #expect(plan.repairs.isEmpty && plan.stores[0].silence == nil)
        words = "\(plan.stores[1].name): \(plan.stores[1].silence ?? "")"
      case .repair:
        for key in Self.keys { good.contents[key] = record(1) }
        let scrub = Scrub(timeout: Self.limit) {
          good
          bad
        }
        let plan = try await scrub.plan(in: context)
        isOn.add(1)
        let report = try await scrub.apply(plan, in: context)
        #expect(report.items.count == 100 && report.items.allSatisfy { !$0.isDone })
        words = "\(report.items[99].outcomes[0])"
      case .purge:
        for key in Self.keys { (good.contents[key], bad.contents[key]) = (tombstone(1), tombstone(1)) }
        let purge = Purge(after: .zero, timeout: Self.limit) {
          good
          bad
        }
        let plan = try await purge.plan(in: context)
        isOn.add(1)
        let report = try await purge.apply(plan, in: context)
        #expect(report.items.count == 100 && report.items.allSatisfy { !$0.isDone } && good.contents.count == 100)
        words = "\(report.items[99].outcomes[1])"
      case .copy, .verify:
        for key in Self.keys { good.contents[key] = record(1) }
        let moving = Migrating("all", state: MemoryDriver("state")) {
          good
        } to: {
          bad
        }.migration
        try await moving.begin(in: context)
        if work == .verify { try await moving.copy(in: context) }
        isOn.add(1)
        let error = await #expect(throws: DriverError.self) {
          if work == .copy {
            try await moving.copy(timeout: Self.limit, in: context)
          } else {
            try await moving.verify(timeout: Self.limit, in: context)
          }
        }
        #expect(error?.code == .timedOut && error?.effect == (work == .copy ? .unknown : .unchanged))
        words = "\(error.map(String.init(describing:)) ?? "")"
      }
      let taken = context.runtime.now - start
      #expect(taken >= Self.limit && taken <= Self.limit * 3 + .seconds(5), "\(work) took \(taken)")
      #expect(words.contains("bad"), "\(words)")
      gate.open()
    }.run()
  }

  @Test("A store that answers again before it was given up is asked on")
  func recovers() throws {
    let patience = Patience()
    let late = DriverError(.timedOut, "no answer")
    for _ in 0..<5 {
      patience.record(late, from: 1)
      patience.record(late, from: 1)
      #expect(!patience.isExhausted(with: 1))
      patience.record(DriverError(.unavailable, "not now"), from: 1)
    }
    for _ in 0..<Patience.limit { patience.record(late, from: 1) }
    #expect(patience.isExhausted(with: 1) && !patience.isExhausted(with: 0))
    patience.record(nil, from: 1)
    #expect(patience.isExhausted(with: 1))
  }
}
