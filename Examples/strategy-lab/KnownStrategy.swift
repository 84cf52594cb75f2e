import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting

/// A strategy that many systems have, over stores whose messages take a known time.
struct KnownStrategy: Sendable {
  /// A store, and how long a message takes to it, and back.
  struct Store: Sendable {
    let name: String
    let delay: DelayDistribution
  }

  static let disk = Store(name: "disk", delay: .exponential(mean: .microseconds(300)))
  static let eu = Store(name: "eu", delay: .pareto(minimum: .milliseconds(8), shape: 4))
  static let us = Store(name: "us", delay: .pareto(minimum: .milliseconds(40), shape: 5))
  static let clouds = ["a", "b", "c", "d", "e"].map {
    Store(name: $0, delay: .exponential(mean: .milliseconds(10)))
  }

  let name: String
  let stores: [Store]
  /// The device's own store, which no other client sees; it comes last among the leaves.
  var own: Store?
  /// The tree over leaves for these stores.
  let tree: @Sendable ([Faulty]) -> any Driver

  var all: [Store] { stores + (own.map { [$0] } ?? []) }

  /// What the tree guarantees.
  var analysis: Analysis {
    func named(_ outline: Outline) -> Outline {
      var outline = outline
      // What stands here for any store is one of the simulator's.
      if outline.leaf != nil { outline.kind = "store" }
      outline.children = outline.children.map(named)
      return outline
    }
    return Analysis(of: named(tree(all.map { Faulty($0.name, ordering: .newestWins) }).outline))
  }

  var timings: [String: LeafTiming] {
    Dictionary(uniqueKeysWithValues: all.map { ($0.name, LeafTiming(eachWay: $0.delay)) })
  }

  /// The tree over stores of the simulator that take these times.
  var measurement: TreeMeasurement {
    let stores = all.map { store in
      var faults = FaultProfile()
      faults.delay = store.delay
      return (name: store.name, faults: faults)
    }
    return TreeMeasurement(stores) { [tree] leaves in tree(leaves) }
  }

  /// The tree in bad weather, and what it is to keep there.
  ///
  /// - Parameter isAlone: Whether one process alone uses the stores, which leave the order of puts to it.
  func scenario(_ guarantees: [Guarantee], losses: Int, isAlone: Bool) -> Scenario {
    var scenario = Scenario(
      name, stores: stores.map { Scenario.Store($0.name, ordering: isAlone ? .fifo : .newestWins) },
      guarantees: guarantees, survives: losses
    ) { [tree] leaves in tree(leaves) }
    if let own { scenario.ownStores = [Scenario.Store(own.name)] }
    if isAlone { scenario.weather.clientCrashes = 0 }
    // Refused often, and quick in succession: what can go wrong goes wrong soon.
    scenario.clients = isAlone ? 1 : 3
    scenario.operations = 30
    scenario.reads = 0.7
    scenario.deletes = 0
    scenario.pause = .exponential(mean: .milliseconds(10))
    scenario.weather.faults[.refused] = 0.2
    return scenario
  }
}
