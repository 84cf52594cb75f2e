#if HTTP
  import MetaDriverTesting
  private import Foundation

  /// Makes inputs of samples by cutting, joining, repeating and changing them: the same ones for the same seed.
  struct Fuzzer {
    /// How many inputs a test tries: `FUZZ` of the environment, or few enough for every run.
    static let count = ProcessInfo.processInfo.environment["FUZZ"].flatMap { Int($0) } ?? 4_000

    private var generator: SeededGenerator
    private let words: [[UInt8]]
    private let samples: [[UInt8]]

    init(seed: UInt64, words: [String], samples: [[UInt8]]) {
      generator = SeededGenerator(seed: seed)
      self.words = words.map { Array($0.utf8) }
      self.samples = samples
    }

    mutating func next() -> [UInt8] {
      var bytes = samples.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...6, using: &generator) { change(&bytes) }
      return Array(bytes.prefix(20_000))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
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
