import MetaDriver

/// Reads everything when all has come to rest, with every choice of stores down that the tree claims to survive.
struct ScenarioAudit: Sendable {
  let scenario: Scenario
  let script: Script
  let world: Simulation.World
  let recorder: ScenarioRecorder

  func run() async throws {
    world.note("the clients are done")
    for index in script.clocks.indices {
      let process = world.process("client \(index)")
      // What a client keeps for later has its chance only where the client runs.
      if !scenario.ownStores.isEmpty {
        // A device may be away for a day with what it keeps, or its clock may say so.
        if scenario.weather.clocks.settings > 0 { process.setClock(by: .seconds(86_400)) }
        try await open(process)
      }
      if process.isRunning { await process.runtime.drain(timeout: .seconds(60)) }
    }
    // What still travels lands now, if it ever does.
    try await world.sleep(for: .seconds(3_600))
    recorder.checkQueues(in: world)
    if let maintenance = scenario.maintenance {
      let process = world.process("maintenance")
      let (leaves, runtime) = (script.stores.map(process.leaf), process.runtime)
      _ = try await process.perform("maintenance") { try await maintenance(leaves, runtime) }
      await runtime.drain(timeout: .seconds(60))
    }
    if scenario.guarantees.contains(.convergent) { recorder.compare(script.stores.map { world.leaf($0) }) }
    let keys = Set(script.steps.map(\.key)).sorted()
    var step = script.steps.map(\.number).max() ?? 0
    // What a tree claims, it claims with all of its stores. One that lost everything is lost, even if it came back.
    let wiped = script.wipedStores
    let survives = script.stores.count == scenario.stores.count ? max(0, scenario.survives - wiped.count) : 0
    for down in Self.choices(of: script.stores, upTo: survives) {
      let state = down.isEmpty ? "all are up" : down.joined(separator: " and ") + " down"
      let client = try ScenarioClient(scenario, script, world.process("auditor, \(state)"))
      for name in down { world.leaf(name).isDown = true }
      for key in keys {
        step += 1
        try await recorder.record(
          step, .get, try Key(.mutable, name: "k\(key)"), by: client, session: -step, audit: state)
      }
      for name in down { world.leaf(name).isDown = false }
    }
  }

  /// Starts a client, if it does not run, and opens its tree.
  private func open(_ process: Simulation.Process) async throws {
    if !process.isRunning { process.restart() }
    let client = try ScenarioClient(scenario, script, process)
    _ = try await process.perform("open") {
      // One that cannot be opened now is opened by whatever is asked of it first.
      _ = try? await client.root.open(in: Context(client.runtime))
    }
  }

  /// Every choice of at most so many names, the fewest first.
  static func choices(of names: [String], upTo count: Int) -> [[String]] {
    var all: [[String]] = [[]]
    var last: [[Int]] = [[]]
    for _ in 0..<count {
      last = last.flatMap { chosen in ((chosen.last ?? -1) + 1..<names.count).map { chosen + [$0] } }
      all += last.map { $0.map { names[$0] } }
    }
    return all
  }
}
