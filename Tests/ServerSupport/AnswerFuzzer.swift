#if HTTP
  private import Foundation

  /// Makes answers that no server should give of those that servers gave: cut, joined, repeated and changed.
  public struct AnswerFuzzer: Sendable {
    /// How many inputs a test tries: `METADRIVER_FUZZ_INPUTS`, or few enough for every run.
    public static let count = ProcessInfo.processInfo.environment["METADRIVER_FUZZ_INPUTS"].flatMap { Int($0) } ?? 4_000

    private let samples: [[UInt8]]
    private let words: [[UInt8]]

    /// - Parameters:
    ///   - samples: What servers said.
    ///   - words: What means something to whoever reads it.
    public init(samples: [[UInt8]], words: [String]) {
      self.samples = samples
      self.words = words.map { Array($0.utf8) }
    }

    /// The next input.
    public func next(using generator: inout some RandomNumberGenerator) -> [UInt8] {
      var bytes = samples.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...6, using: &generator) { change(&bytes, using: &generator) }
      return Array(bytes.prefix(20_000))
    }

    private func change(_ bytes: inout [UInt8], using generator: inout some RandomNumberGenerator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 0...40, using: &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: place)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 3: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
      case 4: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator) }
      case 5: bytes.removeSubrange(place...)
      default:
        let other = samples.randomElement(using: &generator) ?? []
        bytes.insert(contentsOf: other.dropFirst(Int.random(in: 0...other.count, using: &generator)), at: place)
      }
    }
  }
#endif
