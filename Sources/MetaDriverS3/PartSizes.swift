#if HTTP
  /// How an object is cut into parts. Pure.
  struct PartSizes {
    /// How many parts an object has at most.
    static let maximumCount = 10_000
    /// The smallest part that is not the last, in bytes.
    static let minimumByteCount = 5 << 20

    let byteCount: Int
    /// The size of every part but the last, in bytes.
    let partByteCount: Int

    /// Cuts into parts of the size wished for, or larger ones where there would be too many.
    init(byteCount: Int, partByteCount: Int) {
      self.byteCount = byteCount
      let needed = (byteCount + Self.maximumCount - 1) / Self.maximumCount
      self.partByteCount = max(partByteCount, needed, Self.minimumByteCount)
    }

    /// How many parts there are: one at least.
    var count: Int { max(1, (byteCount + partByteCount - 1) / partByteCount) }

    /// Where a part is, from 0.
    func range(of number: Int) -> Range<Int> {
      number * partByteCount..<min(byteCount, (number + 1) * partByteCount)
    }
  }
#endif
