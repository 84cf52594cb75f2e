/// A value that shows whether it is complete: its number and its length are written at both ends.
struct CrashValue: Equatable {
  var number: Int
  var byteCount: Int

  init(number: Int, byteCount: Int) {
    self.number = number
    self.byteCount = byteCount
  }

  /// Reads a value; `nil` when it is torn.
  init?(_ bytes: [UInt8]) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count == 3, lines[0] == lines[2], lines[1].allSatisfy({ $0 == UInt8(ascii: "x") }) else { return nil }
    let numbers = lines[0].split(separator: UInt8(ascii: " ")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, numbers[1] == lines[1].count else { return nil }
    self.init(number: numbers[0], byteCount: numbers[1])
  }

  var bytes: [UInt8] {
    let line = Array("\(number) \(byteCount)".utf8)
    return line + [UInt8(ascii: "\n")] + [UInt8](repeating: UInt8(ascii: "x"), count: byteCount) + [UInt8(ascii: "\n")]
      + line
  }
}

/// Random numbers that a seed gives again (SplitMix64).
struct Generator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
