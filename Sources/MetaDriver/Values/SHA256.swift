/// SHA-256 as FIPS 180-4 defines it, for content addresses and the digest of stored envelopes.
///
/// It is here so that the core needs no dependency; it is the only cryptography of this package's own. State, block and
/// schedule live on the stack: hashing allocates nothing.
struct SHA256 {
  /// The hash, most significant word first.
  typealias Digest = (UInt64, UInt64, UInt64, UInt64)

  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
  /// The bytes that do not fill a block yet: the first `byteCount % 64` of these.
  private var block = SIMD64<UInt8>()
  private var byteCount: UInt64 = 0

  /// The hash of bytes that are all at hand.
  static func hash(_ bytes: some Collection<UInt8>) -> Digest {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// Hashes more bytes. How they are split into calls makes no difference.
  mutating func update(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ unsafe update(UnsafeRawBufferPointer($0)) }) == nil {
      for byte in bytes { update(byte) }
    }
  }

  /// Hashes one more byte.
  mutating func update(_ byte: UInt8) {
    let pending = Int(byteCount % 64)
    block[pending] = byte
    byteCount += 1
    if pending == 63 { compressBlock() }
  }

  /// Hashes the eight bytes of a number, most significant first.
  mutating func update(bigEndian word: UInt64) {
    unsafe withUnsafeBytes(of: word.bigEndian) { unsafe update($0) }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let pending = Int(byteCount % 64)
    byteCount += UInt64(bytes.count)
    var start = 0
    if pending > 0 {
      start = min(64 - pending, bytes.count)
      unsafe fillBlock(from: pending, with: bytes[..<start])
      guard pending + start == 64 else { return }
      compressBlock()
    }
    let end = start + (bytes.count - start) / 64 * 64
    unsafe compress(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    unsafe fillBlock(from: 0, with: bytes[end...])
  }

  private mutating func fillBlock(from start: Int, with bytes: Slice<UnsafeRawBufferPointer>) {
    unsafe withUnsafeMutableBytes(of: &block) { block in
      unsafe UnsafeMutableRawBufferPointer(rebasing: block[start...]).copyBytes(from: bytes)
    }
  }

  private mutating func compressBlock() {
    let full = block
    unsafe withUnsafeBytes(of: full) { unsafe compress($0) }
  }

  /// The hash of all bytes. The hasher is of no more use.
  mutating func finalize() -> Digest {
    let bitCount = byteCount * 8
    var padding = SIMD64<UInt8>()
    padding[0] = 0x80
    // To eight bytes before the end of a block, where the length goes: 1 to 64 bytes.
    let count = 64 - (Int(byteCount % 64) + 8) % 64
    unsafe withUnsafeBytes(of: padding) { unsafe update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    update(bigEndian: bitCount)
    return (word(0), word(2), word(4), word(6))
  }

  /// Two words of the state as one.
  private func word(_ index: Int) -> UInt64 { UInt64(state[index]) << 32 | UInt64(state[index + 1]) }

  /// Works whole blocks into the state.
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      unsafe Self.constants.withUnsafeBufferPointer { constants in
        guard let w = schedule.baseAddress, let k = constants.baseAddress, let bytes = blocks.baseAddress else {
          return
        }
        for offset in stride(from: 0, to: blocks.count, by: 64) {
          for i in 0..<16 {
            unsafe w[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + i * 4, as: UInt32.self))
          }
          var (a, b, c, d) = (state[0], state[1], state[2], state[3])
          var (e, f, g, h) = (state[4], state[5], state[6], state[7])
          // Eight rounds bring every variable back to its place, so that none is ever moved.
          for i in stride(from: 0, to: 64, by: 8) {
            unsafe round(a, b, c, &d, e, f, g, &h, k[i] &+ w[i])
            unsafe round(h, a, b, &c, d, e, f, &g, k[i + 1] &+ w[i + 1])
            unsafe round(g, h, a, &b, c, d, e, &f, k[i + 2] &+ w[i + 2])
            unsafe round(f, g, h, &a, b, c, d, &e, k[i + 3] &+ w[i + 3])
            unsafe round(e, f, g, &h, a, b, c, &d, k[i + 4] &+ w[i + 4])
            unsafe round(d, e, f, &g, h, a, b, &c, k[i + 5] &+ w[i + 5])
            unsafe round(c, d, e, &f, g, h, a, &b, k[i + 6] &+ w[i + 6])
            unsafe round(b, c, d, &e, f, g, h, &a, k[i + 7] &+ w[i + 7])
            guard i < 48 else { continue }
            for next in i + 16..<i + 24 {
              unsafe w[next] = w[next - 16] &+ smallSigma0(w[next - 15]) &+ w[next - 7] &+ smallSigma1(w[next - 2])
            }
          }
          state &+= SIMD8(a, b, c, d, e, f, g, h)
        }
      }
    }
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

@inline(__always) private func round(
  _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32,
  _ word: UInt32
) {
  let t = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ (g ^ (e & (f ^ g))) &+ word
  d = d &+ t
  h = t &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ ((a & b) | (c & (a | b)))
}

@inline(__always) private func smallSigma0(_ x: UInt32) -> UInt32 { rotate(x, 7) ^ rotate(x, 18) ^ (x >> 3) }
@inline(__always) private func smallSigma1(_ x: UInt32) -> UInt32 { rotate(x, 17) ^ rotate(x, 19) ^ (x >> 10) }

@inline(__always) private func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
  (value &>> count) | (value &<< (32 &- count))
}
