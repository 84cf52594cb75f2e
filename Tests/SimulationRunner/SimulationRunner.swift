import Foundation
import MetaDriverTesting
import SimulationScenarios

/// Runs the scenarios of the tests in a process of its own: to compare processes and builds, and to try many seeds.
///
/// ```
/// SimulationRunner hashes SEEDS      one line for each scenario: the traces of all seeds, run twice, as one number
/// SimulationRunner sound SEEDS [NAME]   tries seeds on every tree that is sound, or on those whose names begin with
///                                    NAME, every other one with a fault of clocks where those do not matter; ends with
///                                    1 when one is not sound
/// SimulationRunner mistakes SEEDS    says which seed finds each mistake first, and what it is called; ends with 1 when
///                                    one is not found
/// SimulationRunner predictions OPERATIONS   measures what the trees do of which it is predicted, and ends with 1 when a
///                                    time is off by more than 2 % or a probability by more than 0.002
/// SimulationRunner trees COUNT SEEDS [FIRST] [DENIALS]   attacks all that the analysis says of so many trees of chance,
///                                    from the tree FIRST on, with so many seeds each, and looks for what it denies with
///                                    DENIALS seeds; ends with 1 when a promise is broken
/// SimulationRunner clocks SEEDS      prints a table of trees and of faults of clocks, with so many seeds each: the runs
///                                    that break a promise, and how many operations were answered; ends with 1 when
///                                    there is such a run, or stores that are well leave more than 5 % unanswered
/// SimulationRunner requests          prints what calls of trees cost: the requests, and the rounds
/// ```
@main struct SimulationRunner {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard Array(arguments) != ["requests"] else { return try requests() }
    guard (2...5).contains(arguments.count), let command = arguments.first,
      let count = arguments.dropFirst().first.flatMap(UInt64.init)
    else {
      print(
        "usage: SimulationRunner hashes|sound|mistakes|clocks SEEDS [NAME], predictions OPERATIONS, trees COUNT SEEDS "
          + "[FIRST] [DENIALS], or requests"
      )
      exit(64)
    }
    switch command {
    case "hashes": try hashes(count)
    case "sound": try await sound(count, arguments.dropFirst(2).first ?? "")
    case "mistakes": try mistakes(count)
    case "predictions": try await predictions(Int(clamping: count))
    case "trees":
      let numbers = arguments.dropFirst(2).compactMap(UInt64.init)
      let seeds = numbers.first ?? 40
      await trees(
        numbers.dropFirst().first ?? 0, count, seeds: seeds,
        denials: numbers.dropFirst(2).first ?? max(200, 4 * seeds))
    case "clocks": try await clocks(count)
    default:
      print("'\(command)' is none of hashes, sound, mistakes, predictions, trees and clocks")
      exit(64)
    }
  }

  /// Every scenario, sound or not: a mistake has a trace too.
  private static func hashes(_ count: UInt64) throws {
    let all =
      Healthy.allCases.map { ("\($0)", $0.scenario) }
      + Mutant.allCases.map { ("\($0)", $0.scenario(isOn: true)) }
    for (name, scenario) in all {
      var combined: UInt64 = 0
      for seed in 0..<count {
        let hashes = try (0..<2).map { _ in try scenario.run(seed: seed, keepsTrace: false).report.traceHash }
        guard hashes[0] == hashes[1] else {
          print("\(name), seed \(seed): \(hashes[0]) and then \(hashes[1])")
          exit(1)
        }
        combined = (combined ^ hashes[0]) &* 0x0000_0100_0000_01b3
      }
      print(name, count, String(combined, radix: 16))
    }
  }

  private static func mistakes(_ count: UInt64) throws {
    var areAllFound = true
    for mutant in Mutant.allCases {
      let scenario = mutant.scenario(isOn: true)
      var found: (seed: UInt64, names: String)?
      var share = 0
      for seed in 0..<count {
        let kinds = Set(try scenario.run(seed: seed, keepsTrace: false).violations.map(\.guarantee))
        guard kinds.contains(mutant.guarantee) else { continue }
        share += 1
        found = found ?? (seed, Guarantee.allCases.filter(kinds.contains).map(\.description).joined(separator: ", "))
      }
      areAllFound = areAllFound && found != nil
      let first = found.map { "seed \($0.seed): \($0.names)" } ?? "not found"
      print("\(mutant): \(first); '\(mutant.guarantee)' in \(share) of \(count)")
    }
    exit(areAllFound ? 0 : 1)
  }

  /// Two scenarios at a time: each takes one thread.
  private static func sound(_ count: UInt64, _ prefix: String) async throws {
    let all =
      Healthy.allCases.map { ("\($0)", $0.scenario) }
      + Mutant.allCases.map { ("\($0), without the mistake", $0.scenario(isOn: false)) }
    var left = all.filter { $0.0.hasPrefix(prefix) }.makeIterator()
    var isSound = true
    await withTaskGroup(of: (line: String, isSound: Bool).self) { group in
      func begin() {
        guard let (name, scenario) = left.next() else { return }
        group.addTask { explore(name, scenario, count) }
      }
      for _ in 0..<2 { begin() }
      for await (line, isOne) in group {
        print(line)
        isSound = isSound && isOne
        begin()
      }
    }
    exit(isSound ? 0 : 1)
  }

  /// Two trees at a time, as scenarios.
  private static func predictions(_ count: Int) async throws {
    var left = Predicted.allCases.makeIterator()
    var areMet = true
    try await withThrowingTaskGroup(of: [Prediction].self) { group in
      func begin() {
        guard let tree = left.next() else { return }
        group.addTask {
          try tree.predictions(shares: [0.5, 0.9, 0.99], operations: count, pairs: 3 * count, trials: 1_000_000)
        }
      }
      for _ in 0..<2 { begin() }
      for try await predictions in group {
        for prediction in predictions {
          let isMet = prediction.error <= (prediction.isTime ? 0.02 : 0.002)
          areMet = areMet && isMet
          print(isMet ? prediction : "OFF BY \(prediction.error): \(prediction)")
        }
        begin()
      }
    }
    exit(areMet ? 0 : 1)
  }

  private static func explore(_ name: String, _ scenario: Scenario, _ count: UInt64) -> (String, Bool) {
    let start = ContinuousClock.now
    let faults = scenario.hostileClocks
    do {
      for seed in 0..<count {
        var scenario = scenario
        // Every other one as the scenario has them.
        if seed % 2 == 1 { scenario.weather.clocks = faults[Int(seed / 2) % faults.count] }
        if let found = try Simulation.explore(seeds: [seed], scenario) { return ("\(found)", false) }
      }
    } catch { return ("\(name): \(error)", false) }
    let seconds = Int((ContinuousClock.now - start).components.seconds)
    return ("\(name): \(count) seeds, clocks of \(faults.count) kinds, nothing found, \(seconds) s", true)
  }
}
