import Foundation
import Testing

/// The seeds of a test: those that it names, or the one of `SEED` in the environment, to run that one again.
public func seeds(_ usual: Range<UInt64>) -> Range<UInt64> {
  guard let text = ProcessInfo.processInfo.environment["SEED"] else { return usual }
  guard let seed = UInt64(text), seed < .max else {
    Issue.record("SEED is '\(text)', which is no number that a seed can be")
    return 0..<0
  }
  return seed..<seed + 1
}
