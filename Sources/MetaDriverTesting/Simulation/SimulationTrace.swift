/// What happened in a simulation: the last lines as text, and everything as one number. Pure.
struct SimulationTrace {
  /// How many lines are kept, the last ones.
  static let lineLimit = 1_000

  /// Whether lines are kept, which costs the time to write them.
  let keepsLines: Bool
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  private var ring: [String] = []
  private var lineCount = 0

  init(keepsLines: Bool) { self.keepsLines = keepsLines }

  /// The lines kept, the oldest first.
  var lines: [String] {
    guard lineCount > Self.lineLimit else { return ring }
    let start = lineCount % Self.lineLimit
    return Array(ring[start...] + ring[..<start])
  }

  /// Takes note of numbers.
  mutating func mix(_ numbers: UInt64...) { for number in numbers { mix(number) } }

  /// Takes note of a number.
  mutating func mix(_ number: UInt64) {
    var mixed = hash ^ number
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    hash = mixed ^ (mixed >> 31)
  }

  /// Takes note of a text.
  mutating func mix(_ text: String) {
    var code: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { code = (code ^ UInt64(byte)) &* 0x100_0000_01b3 }
    mix(code)
  }

  /// Keeps a line.
  mutating func append(_ line: @autoclosure () -> String) {
    guard keepsLines else { return }
    if ring.count < Self.lineLimit { ring.append(line()) } else { ring[lineCount % Self.lineLimit] = line() }
    lineCount += 1
  }
}
