import MetaDriver

/// Carries out the steps and the incidents of a script.
struct ScenarioCourse: Sendable {
  let scenario: Scenario
  let script: Script
  let world: Simulation.World
  let recorder: ScenarioRecorder

  func run() async throws {
    for name in script.stores {
      let ordering = scenario.stores.first { $0.name == name }?.ordering ?? .newestWins
      _ = world.leaf(name, ordering: ordering, faults: scenario.weather.faults)
    }
    // Whoever asks for a client first does not know its clock.
    for client in script.clocks.indices { _ = process(of: client) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in script.clocks.indices {
        let steps = script.steps.filter { $0.client == client }
        guard !steps.isEmpty else { continue }
        group.addTask { try await run(steps, of: client) }
      }
      for incident in script.incidents { group.addTask { try await run(incident) } }
      for try await _ in group {}
    }
  }

  private func process(of client: Int) -> Simulation.Process {
    world.process("client \(client)", clock: script.clocks[client])
  }

  private func run(_ steps: [Script.Step], of index: Int) async throws {
    let process = process(of: index)
    var client = try ScenarioClient(scenario, script, process)
    for step in steps {
      try await world.sleep(until: step.moment)
      guard process.isRunning else {
        world.note("step \(step.number) is not done: \(process.name) does not run")
        continue
      }
      if process.runtime !== client.runtime { client = try ScenarioClient(scenario, script, process) }
      // Every life of a process is a session of its own, unless it keeps more than its memory.
      try await recorder.record(
        step.number, step.action, try Key(.mutable, name: "k\(step.key)"), by: client,
        session: scenario.sessionsSurvive ? index : index + script.clocks.count * (process.incarnation - 1))
    }
  }

  private func run(_ incident: Script.Incident) async throws {
    try await world.sleep(until: incident.moment)
    switch incident.kind {
    case .clientCrash(let client, let change):
      let process = process(of: client)
      process.crash()
      try await world.sleep(for: incident.duration)
      if change != .zero { process.setClock(by: change) }
      if !process.isRunning { process.restart() }
    case .storeCrash(let name):
      let leaf = world.leaf(name)
      world.note("\(name) crashes")
      leaf.crash()
      leaf.isDown = true
      try await world.sleep(for: incident.duration)
      world.note("\(name) starts again")
      leaf.isDown = false
    case .cut(let client, let store):
      world.cut(process(of: client), from: store)
      try await world.sleep(for: incident.duration)
      world.reconnect(process(of: client), to: store)
    case .clockStep(let client, let change):
      process(of: client).setClock(by: change)
      guard incident.duration > .zero else { return }
      try await world.sleep(for: incident.duration)
      process(of: client).setClock(by: .zero - change)
    case .clockRate(let client, let rate):
      process(of: client).wallClock.rate = rate
      guard incident.duration > .zero else { return }
      try await world.sleep(for: incident.duration)
      process(of: client).wallClock.rate = script.clocks[client].rate
    case .storeWipe(let name):
      let leaf = world.leaf(name)
      world.note("\(name) loses everything")
      leaf.wipe()
      leaf.isDown = true
      try await world.sleep(for: incident.duration)
      world.note("\(name) starts again, empty")
      leaf.isDown = false
    }
  }
}
