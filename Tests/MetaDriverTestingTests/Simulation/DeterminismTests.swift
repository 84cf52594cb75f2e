import Foundation
import SimulationScenarios
import TestSupport
import Testing

@testable import MetaDriverTesting

/// One seed is one course of events: in this run, in the next, and in another process.
@Suite struct DeterminismTests {
  @Test("Three processes see the same traces as this one")
  func processes() async throws {
    let seeds: UInt64 = 2
    let own = try await apart {
      try
        (Healthy.allCases.map { ("\($0)", $0.scenario) }
        + Mutant.allCases.map { ("\($0)", $0.scenario(isOn: true)) }).map { name, scenario in
          var combined: UInt64 = 0
          for seed in 0..<seeds {
            combined =
              (combined ^ (try scenario.run(seed: seed, keepsTrace: false).report.traceHash)) &* 0x0000_0100_0000_01b3
          }
          return "\(name) \(seeds) \(String(combined, radix: 16))"
        }
    }
    for _ in 0..<3 { #expect(try await Self.output("hashes", "\(seeds)") == own) }
  }

  @Test("Keeping the trace as text changes nothing", arguments: Healthy.allCases)
  func text(_ tree: Healthy) async throws {
    for seed in seeds(0..<4) {
      let (with, without) = try await apart {
        (try tree.scenario.run(seed: seed, keepsTrace: true), try tree.scenario.run(seed: seed, keepsTrace: false))
      }
      #expect(with.report.traceHash == without.report.traceHash, "seed \(seed)")
      #expect(with.history.operations == without.history.operations, "seed \(seed)")
    }
  }

  /// The lines that the runner prints in a process of its own.
  private static func output(_ arguments: String...) async throws -> [String] {
    let runner = try await Command.run([folder.appending(path: "SimulationRunner").path] + arguments)
    #expect(runner.status == 0)
    return String(decoding: runner.output, as: UTF8.self).split(separator: "\n").map { String($0) }
  }

  /// Where the built executables are: beside the tests.
  private static var folder: URL {
    #if os(macOS)
      Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL.deletingLastPathComponent()
    #else
      Bundle.main.bundleURL
    #endif
  }
}
