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
    let numbers = bytes.prefix { $0 != UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " ")).map {
      Int(String(decoding: $0, as: UTF8.self))
    }
    guard numbers.count == 2, let number = numbers[0], let byteCount = numbers[1], (0...bytes.count).contains(byteCount)
    else { return nil }
    self.init(number: number, byteCount: byteCount)
    guard bytes == self.bytes else { return nil }
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
