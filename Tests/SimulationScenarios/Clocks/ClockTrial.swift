import MetaDriver
package import MetaDriverTesting

/// A tree under one fault of clocks: what its clients were promised and did not get, and how often they were answered.
package struct ClockTrial: Sendable {
  /// What stores and networks do besides.
  package enum Weather: CaseIterable, Sendable {
    /// Messages take their time, and nothing is lost.
    case well
    /// Messages and replies are lost, calls hang, and clients and stores crash.
    case rough
  }

  /// Whether anything is promised of the tree under such clocks.
  package var isPromised = false
  /// How many runs there were.
  package var runs = 0
  /// How many of them broke a promise, or did not end.
  package var broken = 0
  /// How many operations there were, with the reads at the end, and without those during which their client crashed.
  package var operations = 0
  /// How many of them were answered: reads with a copy or with its absence, writes with an acknowledgement.
  package var answered = 0
  /// The first seed that broke a promise, and which.
  package var first: (seed: UInt64, what: String)?

  /// The share of operations that were answered, 0 to 1.
  package var share: Double { operations == 0 ? 1 : Double(answered) / Double(operations) }

  /// Runs a tree with one fault of clocks.
  ///
  /// - Parameters:
  ///   - attack: The tree, and what is said of it.
  ///   - clocks: What the clocks do.
  ///   - weather: What else happens.
  ///   - seeds: One run each, for each set of promises that rest on the same.
  package init(
    _ attack: TreeAttack, _ clocks: Scenario.Weather.Clocks, _ weather: Weather, seeds: Range<UInt64>
  ) throws {
    let applicable = attack.claims.promised.sorted { $0.key.order < $1.key.order }.compactMap { world, promises in
      // What rests on clocks is promised where they agree.
      world.hasGoodClocks && clocks != .agree ? nil : Self.scenario(attack, clocks, weather, world, promises)
    }
    isPromised = attack.claims.promised.values.contains { $0.contains { $0 != .acknowledged } } && !applicable.isEmpty
    let others = Self.scenario(attack, clocks, weather, TreeClaims.World(endsSessions: true), [])
    for scenario in isPromised ? applicable : [others].compactMap(\.self) {
      for seed in seeds { count(try scenario.run(seed: seed, keepsTrace: false), seed) }
    }
  }

  private mutating func count(_ trial: Trial, _ seed: UInt64) {
    runs += 1
    for operation in trial.history.operations where !trial.endsWithoutClient(operation) {
      operations += 1
      if case .ok = operation.outcome { answered += 1 }
    }
    let violation = trial.violations.first(where: \.isCertain)
    guard violation != nil || trial.failure != nil else { return }
    broken += 1
    first = first ?? (seed, violation.map { "\($0)" } ?? "\(trial.failure.map { "\($0)" } ?? "")")
  }

  /// - Returns: `nil` where nothing would happen to the clocks.
  private static func scenario(
    _ attack: TreeAttack, _ clocks: Scenario.Weather.Clocks, _ weather: Weather, _ world: TreeClaims.World,
    _ promises: [Guarantee]
  ) -> Scenario? {
    var scenario = attack.scenario(promises, survives: max(attack.claims.losses, 0))
    // Losses end reads of nothing where deletes leave none behind, and the promise is of what was stored.
    if attack.plan.deletesBlindly { scenario.survives = 0 }
    scenario.clients = 3
    scenario.operations = 24
    scenario.sessionsSurvive = !world.endsSessions
    switch weather {
    case .rough: break
    case .well:
      scenario.weather = .calm
      scenario.weather.faults.delay = .mixture(
        0.1, .exponential(mean: .milliseconds(100)), or: .exponential(mean: .milliseconds(5)))
    }
    scenario.weather.clocks = clocks
    let needsCrashes = !clocks.restartChanges.isEmpty
    if needsCrashes { scenario.weather.clientCrashes = 1.5 }
    if world.hasOneWriter {
      guard !needsCrashes || !clocks.changes.isEmpty else { return nil }
      scenario.writers = 1
      scenario.weather.clientCrashes = 0
      scenario.weather.clocks.restartChanges = []
      // What arrives in the order in which it was sent, even if nobody waits for it any more.
      for operation in [Event.Operation.put, .compareAndPut, .delete] {
        scenario.weather.faults.requestDelays[operation] = .constant(.milliseconds(2))
      }
    }
    return scenario
  }
}

extension Trial {
  /// Whether the client crashed that waited for the answer: the last operation that it began before a crash.
  fileprivate func endsWithoutClient(_ operation: History.Operation) -> Bool {
    guard operation.audit == nil, case .unknown = operation.outcome else { return false }
    let client = operation.session % script.clocks.count
    return script.incidents.contains { incident in
      guard case .clientCrash(client, _) = incident.kind else { return false }
      let moment = Int(incident.moment / .nanoseconds(1))
      let before = history.operations.filter { other in
        other.audit == nil && other.session % script.clocks.count == client && other.invoked <= moment
      }
      return before.max { ($0.invoked, $0.id) < ($1.invoked, $1.id) }?.id == operation.id
    }
  }
}

extension ClockTrial: CustomStringConvertible {
  /// `0, 99.9`: the runs that broke a promise, `-` where there is none, and the share of operations that were answered.
  package var description: String {
    let tenths = Int((share * 1_000).rounded(.down))
    return "\(isPromised ? "\(broken)" : "-"), \(tenths / 10).\(tenths % 10)"
  }
}
