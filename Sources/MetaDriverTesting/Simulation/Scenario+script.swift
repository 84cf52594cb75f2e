import MetaDriver

extension Scenario {
  /// What a seed makes of the scenario.
  public func script(seed: UInt64) -> Script {
    check()
    var generator = SeededGenerator(seed: seed)
    let clients = 0..<clients
    let skews = clients.map { _ in uniform(weather.skew, using: &generator) }
    var moments = Array(repeating: Duration.zero, count: clients.count)
    var steps = (0..<operations).map { index in
      let client = Int.random(in: clients, using: &generator)
      moments[client] += pause.sample(using: &generator)
      let isRead = Double.random(in: 0..<1, using: &generator) < reads
      let isDelete = Double.random(in: 0..<1, using: &generator) < deletes
      return Script.Step(
        number: index + 1, client: client, moment: moments[client],
        action: isRead ? .get : isDelete ? .delete : .put,
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
    return Script(seed: seed, stores: stores.map(\.name), skews: skews, steps: steps, incidents: incidents)
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
