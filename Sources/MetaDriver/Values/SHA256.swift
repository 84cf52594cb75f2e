/// SHA-256 as FIPS 180-4 defines it, for content addresses and the digest of stored envelopes.
///
/// It is here so that the core needs no dependency; it is the only cryptography of this package's own.
struct SHA256 {
  typealias Digest = [UInt32]

  private var state: Digest = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0
  private var schedule = [UInt32](repeating: 0, count: 64)

  static func hash(_ bytes: [UInt8]) -> Digest {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalize()
  }

  mutating func update(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ unsafe update(buffer: $0) }) == nil {
      unsafe Array(bytes).withUnsafeBufferPointer { unsafe update(buffer: $0) }
    }
  }

  private mutating func update(buffer: UnsafeBufferPointer<UInt8>) {
    byteCount += UInt64(buffer.count)
    var start = 0
    if !pending.isEmpty {
      start = min(64 - pending.count, buffer.count)
      unsafe pending.append(contentsOf: buffer[..<start])
      guard pending.count == 64 else { return }
      let block = pending
      unsafe block.withUnsafeBufferPointer { unsafe compress($0, blocks: 1) }
      pending.removeAll(keepingCapacity: true)
    }
    let blocks = (buffer.count - start) / 64
    if blocks > 0 { unsafe compress(UnsafeBufferPointer(rebasing: buffer[start...]), blocks: blocks) }
    unsafe pending.append(contentsOf: buffer[(start + blocks * 64)...])
  }

  mutating func finalize() -> Digest {
    let bitCount = byteCount * 8
    var padding: [UInt8] = [0x80]
    padding += [UInt8](repeating: 0, count: (119 - pending.count) % 64)
    padding += (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * $0)) }
    update(padding)
    return state
  }

  private mutating func compress(_ bytes: UnsafeBufferPointer<UInt8>, blocks: Int) {
    var (h0, h1, h2, h3) = (state[0], state[1], state[2], state[3])
    var (h4, h5, h6, h7) = (state[4], state[5], state[6], state[7])
    unsafe schedule.withUnsafeMutableBufferPointer { w in
      unsafe Self.constants.withUnsafeBufferPointer { k in
        for block in 0..<blocks {
          let base = block * 64
          for i in 0..<16 {
            let at = base + i * 4
            let high = unsafe UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16
            let low = unsafe UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
            unsafe w[i] = high | low
          }
          for i in 16..<64 {
            let (x, y) = unsafe (w[i - 15], w[i - 2])
            let s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >> 3)
            let s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >> 10)
            unsafe w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
          }
          var (a, b, c, d, e, f, g, h) = (h0, h1, h2, h3, h4, h5, h6, h7)
          for i in 0..<64 {
            let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let t1 = unsafe h &+ s1 &+ (g ^ (e & (f ^ g))) &+ k[i] &+ w[i]
            let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let t2 = s0 &+ ((a & b) | (c & (a | b)))
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
          }
          h0 = h0 &+ a
          h1 = h1 &+ b
          h2 = h2 &+ c
          h3 = h3 &+ d
          h4 = h4 &+ e
          h5 = h5 &+ f
          h6 = h6 &+ g
          h7 = h7 &+ h
        }
      }
    }
    state = [h0, h1, h2, h3, h4, h5, h6, h7]
  }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}

@inline(__always) private func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
  (value >> count) | (value << (32 - count))
}
