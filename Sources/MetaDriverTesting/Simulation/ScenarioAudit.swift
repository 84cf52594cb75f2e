import MetaDriver

/// Reads everything when all has come to rest, with every choice of stores down that the tree claims to survive.
struct ScenarioAudit: Sendable {
  let scenario: Scenario
  let script: Script
  let world: Simulation.World
  let recorder: HistoryRecorder

  init(
    _ scenario: Scenario, _ script: Script, _ world: Simulation.World, _ recorder: HistoryRecorder
  ) {
    (self.scenario, self.script, self.world, self.recorder) = (scenario, script, world, recorder)
  }

  func run() async throws {
    world.note("the clients are done")
    for index in script.skews.indices {
      let process = world.process("client \(index)")
      if process.isRunning { await process.runtime.drain(timeout: .seconds(60)) }
    }
    // What still travels lands now, if it ever does.
    try await world.sleep(for: .seconds(3_600))
    let keys = Set(script.steps.map(\.key)).sorted()
    var step = script.steps.map(\.number).max() ?? 0
    for down in Self.choices(of: script.stores, upTo: scenario.survives) {
      let process = world.process("auditor with \(down.isEmpty ? "all up" : "\(down.joined(separator: ", ")) down")")
      let client = try ScenarioClient(scenario, script, process)
      for name in down { world.leaf(name).isDown = true }
      for key in keys {
        step += 1
        let key = try Key(.mutable, name: "k\(key)")
        world.note("audit \(step): \(process.name) reads \(key)")
        let id = recorder.begin(.get(nil), key: key, session: -step, at: world.moment, id: step, isAudit: true)
        guard let end = try await client.perform(.get, key, step: step) else { continue }
        recorder.finish(id, end.outcome, found: end.found, stamp: end.stamp)
      }
      for name in down { world.leaf(name).isDown = false }
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
