import MetaDriver
import Testing

@testable import MetaDriverTesting

/// What a client of a scenario takes for an acknowledgement.
@Suite struct AcknowledgementTests {
  private static let script = """
    seed 1
    store a
    client 0
    client 1 skew 5s
    step 1 client 1 at 10ms put k0
    step 2 client 0 at 100ms put k0
    step 3 client 0 at 200ms get k0
    """

  // R32
  @Test("Only what is in a store is acknowledged, and only that has the stamp of its receipt")
  func results() {
    let stamp = Stamp(time: 1, writer: 2)
    let error = DriverError(.unavailable, "down")
    for result in [Outcome.Result.stored, .replacedDamaged, .deleted, .alreadyAbsent] {
      let end = ScenarioClient.end(of: Receipt(result, stamp: stamp), at: 7)
      #expect(end.outcome == .ok(at: 7) && end.stamp == stamp, "\(result)")
    }
    for result in [
      Outcome.Result.superseded(by: stamp), .queued, .pending, .skipped("away"), .failed(error), .unknown(error),
      .found,
      .absent, .opened,
    ] {
      let end = ScenarioClient.end(of: Receipt(result, stamp: stamp), at: 7)
      #expect(end.outcome == .unknown && end.stamp == nil, "\(result)")
    }
  }

  @Test("A put that met a newer one is stored above it, or is none that was acknowledged") func superseded() throws {
    let scenario = Scenario("one", stores: ["a"], guarantees: [.readYourWrites, .durable]) { leaves in
      Quorum { leaves[0] }
    }
    let trial = try scenario.run(Script(Self.script))
    #expect(trial.isPassed, "\(trial)")
    let (put, get) = (trial.history.operations[1], trial.history.operations[2])
    if case .ok = put.outcome {
      #expect(get.kind == .get(2), "\(trial)")
    } else {
      #expect(put.outcome == .unknown && put.stamp == nil && get.kind == .get(1), "\(trial)")
    }
  }

  @Test("A tree that takes another's newer write for its own is found to lose writes") func mistaken() throws {
    let scenario = Scenario("mistaken", stores: ["a"], guarantees: [.regular, .readYourWrites, .durable]) { leaves in
      TakesNewerForStored(base: leaves[0])
    }
    let trial = try scenario.run(Script(Self.script))
    #expect(Set(trial.violations.map(\.guarantee)) == [.regular, .readYourWrites, .durable], "\(trial)")
    let agreeing = Self.script.replacing(" skew 5s", with: "")
    #expect(try scenario.run(Script(agreeing)).isPassed)
  }

  @Test("An acknowledgement that no store backs is found, and one of too few copies") func unbacked() throws {
    let promises = try Scenario("unbacked", stores: ["a"], guarantees: [.acknowledged]) { leaves in
      Promises(base: leaves[0])
    }.run(Script(Self.script))
    #expect(promises.violations.map(\.guarantee) == [.acknowledged, .acknowledged], "\(promises)")
    let script = Self.script.replacing("store a", with: "store a\nstore b")
    let hasty = try Scenario("hasty", stores: ["a", "b"], guarantees: [.acknowledged]) { leaves in
      Hasty(children: leaves)
    }.run(Script(script))
    #expect(hasty.violations.count == 1, "\(hasty)")
    #expect(hasty.violations.first?.reason.contains("b hold nothing of ") == true, "\(hasty)")
    let honest = try Scenario("honest", stores: ["a", "b"], guarantees: [.acknowledged]) { leaves in
      ReadYourWrites { Replicated { for leaf in leaves { leaf } } }
    }.run(Script(script))
    #expect(honest.isPassed, "\(honest)")
    // Of a store that has lost everything since, and of one that compares no stamps, nobody can say.
    let wiped = Self.script + "\nat 50ms wipe store a"
    #expect(
      try Scenario("wiped", stores: ["a"], guarantees: [.acknowledged]) { Promises(base: $0[0]) }.run(Script(wiped))
        .isPassed)
  }

  // R31, R33
  @Test("A write that ranks below what its client was told the stamp of is found") func told() throws {
    let script = try Script(
      """
      seed 1
      store a
      store b
      client 0
      client 1 skew 5s
      step 1 client 1 at 10ms put k0
      step 2 client 0 at 100ms stat k0
      step 3 client 0 at 200ms put k0
      at 150ms crash store a for 100ms
      """)
    #expect(script.description.contains("step 2 client 0 at 100ms stat k0"))
    #expect(script.size.hasPrefix("2 writes, 1 read, 2 stores"))
    func trial(_ isForgetful: Bool) throws -> Trial {
      try Scenario("told", stores: ["a", "b"], guarantees: [.writesFollowReads]) { leaves in
        ReadYourWrites {
          FirstSuccess { for leaf in leaves { if isForgetful { Forgetful(base: leaf) } else { leaf } } }
        }
      }.run(script)
    }
    let forgetful = try trial(true)
    #expect(forgetful.violations.map(\.guarantee) == [.writesFollowReads], "\(forgetful)")
    #expect(forgetful.violations.first?.witness == [2, 3])
    let honest = try trial(false)
    #expect(honest.isPassed, "\(honest)")
    #expect(honest.history.operations.allSatisfy { if case .ok = $0.outcome { true } else { false } }, "\(honest)")
  }

  // C12, 14
  @Test("What a queue took and never sends is found") func delivered() throws {
    let script = try Script(
      """
      seed 1
      store a
      client 0
      step 1 client 0 at 100ms put k0
      at 50ms crash store a for 100ms
      """)
    func trial(_ isLost: Bool) throws -> Trial {
      var scenario = Scenario("delivered", stores: ["a"], guarantees: [.delivered]) { leaves in
        let queue = HandoffJournal(on: leaves[1])
        let tree: any Driver =
          isLost ? Promises(base: leaves[0], result: .queued) : HintedHandoff(queue) { leaves[0] }
        return tree
      }
      scenario.ownStores = ["queue"]
      return try scenario.run(script)
    }
    let lost = try trial(true)
    #expect(lost.violations.map(\.guarantee) == [.delivered], "\(lost)")
    #expect(lost.violations.first?.reason.contains("for a, which holds nothing of ") == true, "\(lost)")
    #expect(try trial(false).isPassed)
  }

  @Test("A tree that refuses what it says it can do ends the run") func denial() throws {
    let trial = try Scenario("denial", stores: ["a"], guarantees: []) { Denying(base: $0[0]) }.run(Script(Self.script))
    #expect("\(try #require(trial.failure))".contains("the tree has the capability, and refuses"))
    let kinds = try Scenario("kinds", stores: ["a", "b"], guarantees: []) { leaves in
      ByKind {
        leaves[0].readOnly()
      } immutable: {
        leaves[1]
      }
    }.run(Script(Self.script.replacing("store a", with: "store a\nstore b")))
    #expect(kinds.failure == nil, "\(kinds)")
  }
}

/// Describes a copy without showing its stamp to the clock.
private struct Forgetful: Modifier {
  let base: Faulty
  var outline: Outline { Outline(modifier: "Forgetful", of: base.outline) }

  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await base.stat(key, in: context)
  }
}

/// Can put, and does not.
private struct Denying: Modifier {
  let base: Faulty
  var outline: Outline { Outline(modifier: "Denying", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    throw DriverError(.unsupported, "not today", effect: .unchanged)
  }
}

/// Says that a write is stored, and tells nobody.
private struct Promises: Modifier {
  let base: Faulty
  var result = Outcome.Result.stored
  var outline: Outline { Outline(modifier: "Promises", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    Receipt(result, stamp: context.runtime.nextStamp(), children: [Outcome(base.outline.label, result)])
  }
}

/// Says that it writes to all, and writes to the first.
private struct Hasty: Driver {
  let children: [Faulty]
  var outline: Outline {
    Outline(composite: "Hasty", of: children.map(\.outline), access: Access(read: .child(0), write: .all(2)))
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await context.get(key, from: children[0], at: 0)
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    var record = record
    record.stamp = context.runtime.nextStamp()
    return try await context.put(record, at: key, to: children[0], at: 0)
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await context.delete(key, proof: proof, from: children[0], at: 0)
  }
}

/// Stamps what it writes, and says that it is stored where something newer is.
private struct TakesNewerForStored: Modifier {
  let base: Faulty
  var outline: Outline { Outline(modifier: "TakesNewerForStored", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    var record = record
    record.stamp = context.runtime.nextStamp()
    var receipt = try await context.put(record, at: key, to: base)
    receipt.result = .stored
    return receipt
  }
}
