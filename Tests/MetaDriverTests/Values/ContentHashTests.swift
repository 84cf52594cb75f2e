import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct ContentHashTests {
  static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test("The hash of bytes prints as 64 lower-case digits, and its bytes are those digits")
  func description() {
    let hash = ContentHash(of: Array("abc".utf8))
    #expect("\(hash)" == Self.abc)
    #expect(hash.bytes.count == 32)
    #expect(hash.bytes.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
    #expect(hash.bytes.suffix(4) == [0xf2, 0x00, 0x15, 0xad])
  }

  @Test("Digits in either case give the hash back")
  func hex() throws {
    let hash = ContentHash(of: Array("abc".utf8))
    #expect(try ContentHash(hex: Self.abc) == hash)
    #expect(try ContentHash(hex: Self.abc.uppercased()) == hash)
    #expect(try ContentHash(hex: Self.abc.uppercased()).hashValue == hash.hashValue)
    #expect(try ContentHash(hex: "x\(Self.abc)".dropFirst()) == hash)
  }

  @Test("Text that is not 64 digits is an invalid key that names it")
  func notAHash() {
    let wrong = [
      "", "ba78", String(Self.abc.dropLast()), Self.abc + "0", "g" + Self.abc.dropFirst(), " " + Self.abc,
      Self.abc.dropLast() + "\u{ff11}", "0x" + Self.abc.dropFirst(2), String(repeating: "é", count: 32),
    ]
    for text in wrong {
      let error = #expect(throws: DriverError.self, "\(text)") { try ContentHash(hex: text) }
      #expect(error?.code == .invalidKey)
      #expect(error?.message.contains("64 hexadecimal digits") == true)
    }
  }

  @Test("Every one of the 256 bits counts, for equality and for order")
  func everyBit() throws {
    let digits = Array("0123456789abcdef")
    var hashes: [ContentHash] = []
    for place in 0..<64 {
      for bit in 0..<4 {
        var text = Array(repeating: Character("0"), count: 64)
        text[place] = digits[1 << bit]
        hashes.append(try ContentHash(hex: String(text)))
      }
    }
    #expect(Set(hashes).count == 256)
    for hash in hashes { #expect(try ContentHash(hex: "\(hash)") == hash) }
    #expect(hashes.sorted().map(\.description) == hashes.map(\.description).sorted())
  }

  @Test("Hashes are ordered as their digits are")
  func order() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    let hashes = (0..<200).map { _ in ContentHash(of: generator.bytes(8)) }
    #expect(hashes.sorted().map(\.description) == hashes.map(\.description).sorted(), "seed \(seed)")
  }
}
