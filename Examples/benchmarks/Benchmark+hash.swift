private import MetaDriver

extension Benchmark {
  /// How fast content addresses are made.
  static let hashes = [
    Benchmark("SHA-256") {
      let bytes = [UInt8](repeating: 7, count: 64 << 10)
      var last = ContentHash(of: [])
      var measured = try await Comparison(budget: .seconds(1)).measure { count in
        for _ in 0..<count { last = ContentHash(of: bytes) }
      }
      precondition(last == ContentHash(of: bytes))
      measured.here.byteCount = bytes.count
      return measured
    }
  ]
}
