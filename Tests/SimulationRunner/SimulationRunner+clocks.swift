import Foundation
import MetaDriverTesting
import SimulationScenarios

extension SimulationRunner {
  /// A table for each weather: a row for each fault of clocks, a column for each tree. Two rows at a time. Rough weather is
  /// tried with a quarter of the seeds.
  static func clocks(_ seeds: UInt64) async throws {
    let attacks = ClockTree.allCases.map { (tree: $0, attack: TreeAttack($0.plan)) }
    var isSound = true
    var (runs, broken) = (0, 0)
    print("| | tree | what it promises |\n|---|---|---|")
    for (index, (tree, attack)) in attacks.enumerated() {
      guard let attack else { fatalError("\(tree) does not compose") }
      let promises = attack.claims.promised.sorted { $0.key.order < $1.key.order }.map { world, guarantees in
        "\(guarantees.map(\.description).joined(separator: ", ")) (\(world))"
      }
      print("| \(index + 1) | `\(attack.plan)` | \(promises.joined(separator: "; ")) |")
    }
    for weather in ClockTrial.Weather.allCases {
      let seeds = weather == .well ? seeds : (seeds + 3) / 4
      print("\n\(weather) stores: runs of \(seeds) that break a promise, operations answered in %\n")
      print("| clocks | " + attacks.indices.map { "\($0 + 1)" }.joined(separator: " | ") + " |")
      print("|---|" + String(repeating: "---|", count: attacks.count))
      let faults = Scenario.Weather.Clocks.faults
      var rows: [Int: [ClockTrial]] = [:]
      var left = faults.indices.makeIterator()
      try await withThrowingTaskGroup(of: (Int, [ClockTrial]).self) { group in
        func begin() {
          guard let index = left.next() else { return }
          group.addTask {
            (
              index,
              try attacks.compactMap(\.attack).map {
                try ClockTrial($0, faults[index].clocks, weather, seeds: 0..<seeds)
              }
            )
          }
        }
        for _ in 0..<2 { begin() }
        for try await (index, row) in group {
          rows[index] = row
          begin()
        }
      }
      defer { fflush(nil) }
      for (index, row) in rows.sorted(by: { $0.key < $1.key }) {
        print("| \(faults[index].name) | " + row.map(\.description).joined(separator: " | ") + " |")
        runs += row.reduce(0) { $0 + $1.runs }
        broken += row.reduce(0) { $0 + $1.broken }
        isSound = isSound && row.allSatisfy { $0.broken == 0 && (weather == .rough || $0.share >= 0.95) }
        for (cell, (tree, _)) in zip(row, attacks) {
          guard let first = cell.first else { continue }
          print("BROKEN: \(tree), \(faults[index].name), seed \(first.seed): \(first.what)")
        }
      }
    }
    let faults = Scenario.Weather.Clocks.faults.count
    print("\n\(attacks.count) trees, \(faults) faults of clocks, \(runs) runs, \(broken) broke a promise")
    exit(isSound ? 0 : 1)
  }
}
