import MetaDriver

extension Scenario {
  /// What a seed makes of the scenario.
  public func script(seed: UInt64) -> Script {
    check()
    var generator = SeededGenerator(seed: seed)
    let clients = 0..<clients
    var clocks = clients.map { _ in
      Simulation.WallClock(ahead: uniform(weather.clocks.apart, using: &generator))
    }
    var moments = Array(repeating: Duration.zero, count: clients.count)
    var steps = (0..<operations).map { index in
      let client = Int.random(in: clients, using: &generator)
      moments[client] += pause.sample(using: &generator)
      let isRead = Double.random(in: 0..<1, using: &generator) < reads || client >= writers ?? self.clients
      let isDelete = Double.random(in: 0..<1, using: &generator) < deletes
      // Without descriptions nothing is drawn, so that a seed makes of a scenario what it always made.
      let isDescription = isRead && descriptions > 0 && Double.random(in: 0..<1, using: &generator) < descriptions
      return Script.Step(
        number: index + 1, client: client, moment: moments[client],
        action: isDescription ? .stat : isRead ? .get : isDelete ? .delete : .put,
        key: Int.random(in: 0..<keys, using: &generator))
    }
    steps.sort { ($0.moment, $0.number) < ($1.moment, $1.number) }
    let end = moments.max() ?? .zero
    var incidents: [Script.Incident] = []
    func add(_ mean: Double, _ kind: (inout SeededGenerator) -> Script.Incident.Kind) {
      for _ in 0..<count(mean, using: &generator) {
        incidents.append(
          Script.Incident(
            moment: .nanoseconds((end * Double.random(in: 0..<1, using: &generator)).nanoseconds),
            duration: max(
              Script.baseDelay, DelayDistribution.exponential(mean: weather.duration).sample(using: &generator)),
            kind: kind(&generator)))
      }
    }
    add(weather.clientCrashes) { .clientCrash(Int.random(in: clients, using: &$0)) }
    add(weather.storeCrashes) { .storeCrash(stores[Int.random(in: stores.indices, using: &$0)].name) }
    add(weather.cuts) {
      .cut(client: .random(in: clients, using: &$0), store: stores[Int.random(in: stores.indices, using: &$0)].name)
    }
    // What is drawn last changes nothing of what a seed makes of a scenario without it.
    let settings = weather.clocks
    for client in clients where settings.rates != 1...1 {
      // Five digits, which a person can read.
      clocks[client].rate = (Double.random(in: settings.rates, using: &generator) * 10_000).rounded() / 10_000
    }
    add(settings.freezes) { .clockRate(Int.random(in: clients, using: &$0), 0) }
    let first = incidents.count
    add(settings.settings) { .clockStep(Int.random(in: clients, using: &$0), by: change(settings.changes, using: &$0)) }
    incidents = Array(incidents[..<first]) + incidents[first...].flatMap(everyStep)
    for index in incidents.indices where !settings.restartChanges.isEmpty {
      guard case .clientCrash(let client, _) = incidents[index].kind else { continue }
      incidents[index].kind = .clientCrash(client, clock: change(settings.restartChanges, using: &generator))
    }
    var wiped: Set<String> = []
    add(weather.wipes) { .storeWipe(stores[Int.random(in: stores.indices, using: &$0)].name) }
    incidents.removeAll { incident in
      guard case .storeWipe(let name) = incident.kind else { return false }
      if wiped.count < survives { wiped.insert(name) }
      return !wiped.contains(name)
    }
    return Script(seed: seed, stores: stores.map(\.name), clocks: clocks, steps: steps, incidents: incidents)
  }

  /// A step of a clock as the weather has it: for good or not, of one client or of all.
  private func everyStep(_ step: Script.Incident) -> [Script.Incident] {
    guard case .clockStep(_, let change) = step.kind else { return [step] }
    var step = step
    if !weather.clocks.isSetRight { step.duration = .zero }
    guard weather.clocks.areAllSet else { return [step] }
    return (0..<clients).map { client in
      step.kind = .clockStep(client, by: change)
      return step
    }
  }

  /// One of several changes; none when there are none.
  private func change(_ changes: [Duration], using generator: inout SeededGenerator) -> Duration {
    changes.randomElement(using: &generator) ?? .zero
  }

  /// A whole number whose average is `mean`: as many tosses of a coin as twice the mean, rounded up.
  private func count(_ mean: Double, using generator: inout SeededGenerator) -> Int {
    guard mean > 0 else { return 0 }
    let tosses = Int((2 * mean).rounded(.up))
    return (0..<tosses).count { _ in Double.random(in: 0..<1, using: &generator) < mean / Double(tosses) }
  }

  /// A duration up to a limit in either direction, in whole milliseconds.
  private func uniform(_ limit: Duration, using generator: inout SeededGenerator) -> Duration {
    let milliseconds = limit.nanoseconds / 1_000_000
    return .milliseconds(Int64.random(in: -milliseconds...milliseconds, using: &generator))
  }
}
