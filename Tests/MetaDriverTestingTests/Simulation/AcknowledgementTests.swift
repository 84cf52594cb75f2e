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
    for result in [Outcome.Result.stored, .deleted, .alreadyAbsent] {
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
