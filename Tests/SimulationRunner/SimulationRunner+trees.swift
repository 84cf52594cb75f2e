import Foundation
import MetaDriverTesting
import SimulationScenarios

extension SimulationRunner {
  /// Two trees at a time.
  static func trees(_ first: UInt64, _ count: UInt64, seeds: UInt64, denials: UInt64) async {
    var hunt = TreeHunt()
    // The same again with other names needs no second story.
    var known: Set<String> = []
    var left = (first..<first + count).makeIterator()
    await withTaskGroup(of: TreeHunt.self) { group in
      func begin() {
        guard let number = left.next() else { return }
        group.addTask { TreeHunt.attack(number, seeds: seeds, denials: denials) }
      }
      for _ in 0..<2 { begin() }
      for await one in group {
        for violation in one.violations {
          print("BROKEN: \(violation.line)")
          if known.insert(violation.kind).inserted { print(violation.text, terminator: "\n\n") }
        }
        for line in one.misses { print("NOT FOUND: \(line)") }
        fflush(nil)
        hunt.add(one)
        begin()
      }
    }
    print(hunt)
    exit(hunt.violations.isEmpty ? 0 : 1)
  }
}
