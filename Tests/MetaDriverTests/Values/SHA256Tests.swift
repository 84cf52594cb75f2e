import Testing

@testable import MetaDriver

@Suite struct SHA256Tests {
  /// The examples that were published with FIPS 180-4.
  static let published: [(message: String, digest: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ]

  private func hex(_ digest: SHA256.Digest) -> String { ContentHash(words: digest).description }

  @Test("The published examples hash to the published digests", arguments: published)
  func publishedVectors(message: String, digest: String) {
    #expect(hex(SHA256.hash(Array(message.utf8))) == digest)
  }

  @Test("A million times the letter a hashes to the published digest, however it is cut")
  func million() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(hex(SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))) == expected)
    var hasher = SHA256()
    let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000)
    for _ in 0..<1_000 { hasher.update(piece) }
    #expect(hex(hasher.finalize()) == expected)
  }

  @Test("Every length up to three blocks agrees with an independent implementation")
  func everyLength() {
    #expect(SHA256Table.digests.count == 201)
    for (length, digest) in SHA256Table.digests.enumerated() {
      #expect(hex(SHA256.hash(SHA256Table.pattern[..<length])) == digest, "\(length) bytes")
    }
  }

  @Test("Cutting the bytes at any two places makes no difference")
  func everySplit() {
    for length in [1, 55, 56, 63, 64, 65, 119, 120, 128, 130] {
      let digest = SHA256Table.digests[length]
      for first in 0...length {
        for second in Set([first, (first + length) / 2, min(first + 64, length), length]) {
          var hasher = SHA256()
          hasher.update(SHA256Table.pattern[..<first])
          hasher.update(SHA256Table.pattern[first..<second])
          hasher.update(SHA256Table.pattern[second..<length])
          #expect(hex(hasher.finalize()) == digest, "\(length) bytes cut at \(first) and \(second)")
        }
      }
    }
  }

  @Test("Bytes one by one, in numbers, and in a collection without storage of its own hash as bytes do")
  func otherWaysIn() {
    let bytes = SHA256Table.pattern[..<136]
    var single = SHA256()
    for byte in bytes { single.update(byte) }
    #expect(hex(single.finalize()) == SHA256Table.digests[136])
    var numbers = SHA256()
    for start in stride(from: 0, to: 136, by: 8) {
      numbers.update(bigEndian: bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
    }
    #expect(hex(numbers.finalize()) == SHA256Table.digests[136])
    var lazily = SHA256()
    lazily.update(bytes.lazy.map { $0 })
    #expect(hex(lazily.finalize()) == SHA256Table.digests[136])
  }

  @Test("A copy of a hasher goes its own way")
  func copies() {
    var hasher = SHA256()
    hasher.update(SHA256Table.pattern[..<70])
    var copy = hasher
    copy.update(SHA256Table.pattern[70..<200])
    #expect(hex(hasher.finalize()) == SHA256Table.digests[70])
    #expect(hex(copy.finalize()) == SHA256Table.digests[200])
  }
}
