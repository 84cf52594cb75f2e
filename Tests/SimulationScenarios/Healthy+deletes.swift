import MetaDriver
import MetaDriverTesting

extension Healthy {
  /// Many deletes, while stores are away longer than everything else and come back with old copies; then a scrub, a purge
  /// of what every store holds by then, and a scrub that finds nothing to bring back.
  static var purgedQuorum: Scenario {
    var scenario = Scenario(
      "purged", stores: ["a", "b", "c"],
      guarantees: [.regular, .readYourWrites, .durable, .noResurrection, .convergent], survives: 1
    ) { leaves in Quorum(read: 2, write: 2, repair: .off) { for leaf in leaves { leaf } } }
    scenario.weather = rough
    scenario.weather.storeCrashes = 1
    scenario.weather.duration = .milliseconds(300)
    scenario.deletes = 0.5
    scenario.keys = 2
    scenario.maintenance = { leaves, runtime in
      try await Maintenance.scrub(leaves, .stamps, runtime)
      let purge = Purge(after: .seconds(1_800)) { for leaf in leaves { leaf } }
      guard try await purge.plan(in: Context(runtime)).removals.isEmpty else {
        throw Maintenance.Failure("the first look finds a tombstone old enough")
      }
      try await runtime.sleep(for: .seconds(1_800))
      let plan = try PurgePlan("\(try await purge.plan(in: Context(runtime)))")
      let report = try await purge.apply(plan, in: Context(runtime))
      guard report.isComplete else { throw Maintenance.Failure("\(report)") }
      try await Maintenance.scrub(leaves, .content, runtime)
    }
    return scenario
  }

  /// Stores that order puts in different ways, tear writes and flip bits hold the same after one scrub.
  static var scrubbedStores: Scenario {
    var scenario = Scenario(
      "scrubbed", stores: ["a", .init("b", ordering: .fifo), .init("c", ordering: .none)], guarantees: [.convergent]
    ) { leaves in Quorum(read: 2, write: 2) { for leaf in leaves { leaf } } }
    scenario.weather = rough
    scenario.weather.storeCrashes = 1
    scenario.weather.cuts = 2
    scenario.weather.faults[.bitFlipAtRest] = 0.05
    scenario.weather.faults[.tornWrite] = 0.05
    scenario.deletes = 0.3
    scenario.keys = 3
    scenario.maintenance = { leaves, runtime in
      try await Maintenance.scrub(leaves, .content, runtime)
      let again = try await Scrub(compare: .content) { for leaf in leaves { leaf } }.plan(in: Context(runtime))
      guard again.repairs.isEmpty else { throw Maintenance.Failure("after a scrub there is more to do: \(again)") }
    }
    return scenario
  }

  /// A quorum that lies over a store with nothing in it, and that nobody writes.
  static var overlaidQuorum: Scenario {
    var scenario = Scenario(
      "overlaid", stores: ["a", "b", "c", "below"], guarantees: [.regular, .readYourWrites, .durable, .noResurrection]
    ) { leaves in
      Overlay {
        Quorum(read: 2, write: 2) { for leaf in leaves.prefix(3) { leaf } }
      } over: {
        // A script may have lost stores that the failure does not need.
        leaves[leaves.count - 1].readOnly()
      }
    }
    scenario.weather = rough
    scenario.deletes = 0.4
    return scenario
  }
}

/// What is done when the clients are done.
enum Maintenance {
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// Brings all stores to one state.
  static func scrub(_ leaves: [Faulty], _ compare: Scrub.Comparison, _ runtime: Runtime) async throws {
    let scrub = Scrub(compare: compare) { for leaf in leaves { leaf } }
    let plan = try await scrub.plan(in: Context(runtime))
    // A write that was torn everywhere is lost, and no plan mends it; everything else must have been looked at.
    guard plan.end == nil, plan.stores.allSatisfy({ $0.silence == nil }) else {
      throw Failure("the plan is not complete: \(plan)")
    }
    // What is saved and read again is the same plan.
    guard try ScrubPlan("\(plan)") == plan else { throw Failure("the plan is read as another one: \(plan)") }
    let report = try await scrub.apply(plan, in: Context(runtime))
    guard report.isComplete else { throw Failure("\(report)") }
  }
}
