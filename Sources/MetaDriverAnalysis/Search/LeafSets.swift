/// Which sets of at most six leaves are enough for an operation: a bit for each set. What ``TruthTable`` is for trees, small
/// enough to compare hundreds of thousands.
struct LeafSets: Hashable {
  /// More leaves than have room in a word.
  static let leafLimit = 6

  private let leafCount: Int
  private let bits: UInt64

  private init(_ bits: UInt64, _ leafCount: Int) {
    self.bits = bits & (leafCount == Self.leafLimit ? .max : (1 << (1 << UInt64(leafCount))) - 1)
    self.leafCount = leafCount
  }

  /// The sets in which one leaf is.
  init(leaf: Int, of leafCount: Int) {
    var bits: UInt64 = 0
    for set in 0..<64 where set >> leaf & 1 == 1 { bits |= 1 << UInt64(set) }
    self.init(bits, leafCount)
  }

  /// The sets that are enough for so many of the parts.
  init(atLeast needed: Int, of parts: [LeafSets]) {
    // Entry k holds the sets that are enough for more than k of the parts so far.
    var more = Array(repeating: UInt64(0), count: needed)
    for part in parts {
      for level in stride(from: needed - 1, through: 1, by: -1) { more[level] |= part.bits & more[level - 1] }
      more[0] |= part.bits
    }
    self.init(more[needed - 1], parts[0].leafCount)
  }

  /// Whether a set is enough, whose bit for each of its leaves is 1.
  subscript(set: Int) -> Bool { bits >> UInt64(set) & 1 == 1 }

  /// The sets that meet every one of these.
  var dual: LeafSets {
    // What is left of a set is its number turned around, and so is the table; where it holds, the dual does not.
    LeafSets(~(bits.bitReversed >> UInt64(64 - (1 << leafCount))), leafCount)
  }

  /// How many leaves the smallest set has.
  var fewest: Int {
    (0..<(1 << leafCount)).reduce(leafCount + 1) { self[$1] ? min($0, $1.nonzeroBitCount) : $0 }
  }
}

extension UInt64 {
  /// The last bit first.
  fileprivate var bitReversed: UInt64 {
    var (bits, reversed): (UInt64, UInt64) = (self, 0)
    for _ in 0..<64 {
      reversed = reversed << 1 | bits & 1
      bits >>= 1
    }
    return reversed
  }
}
