private import Foundation

/// The seed of a random test: `SEED` of the environment, or else a new one; printed, so that it can be given again.
func seed(of test: String) -> UInt64 {
  let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64.max)
  print("\(test): SEED=\(seed)")
  return seed
}
