/// The address of an immutable datum: the SHA-256 of its bytes.
///
/// ```swift
/// let hash = ContentHash(of: photo)
/// print(hash)                                      // 64 hexadecimal digits
/// let again = try ContentHash(hex: "9f86d081…")    // throws unless there are exactly 64 digits
/// ```
public struct ContentHash: Hashable, Sendable {
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Hashes the bytes.
  ///
  /// - Complexity: O(n); see the measured throughput on the package's benchmark page.
  public init(of bytes: [UInt8]) { self.init(words: SHA256.hash(bytes)) }

  init(words: SHA256.Digest) {
    self.words = (
      UInt64(words[0]) << 32 | UInt64(words[1]), UInt64(words[2]) << 32 | UInt64(words[3]),
      UInt64(words[4]) << 32 | UInt64(words[5]), UInt64(words[6]) << 32 | UInt64(words[7])
    )
  }

  /// Reads a hash from 64 hexadecimal digits, in either case.
  ///
  /// - Throws: `invalidKey` naming the text when it is anything else.
  public init(hex: some StringProtocol) throws(DriverError) {
    var words: [UInt64] = [0, 0, 0, 0]
    let digits = hex.utf8.map { hexDigit($0) }
    guard digits.count == 64, !digits.contains(nil) else {
      throw DriverError(.invalidKey, "\(quoted(String(hex))) is not a content hash: 64 hexadecimal digits are needed")
    }
    for (index, digit) in digits.enumerated() { words[index / 16] = words[index / 16] << 4 | UInt64(digit ?? 0) }
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// The 32 bytes of the hash, most significant first.
  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }

  /// Whether two hashes have the same 32 bytes.
  public static func == (left: ContentHash, right: ContentHash) -> Bool {
    left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
      && left.words.3 == right.words.3
  }

  /// Hashes the first eight bytes, which are as good as random already.
  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension ContentHash: Comparable, CustomStringConvertible {
  /// Orders hashes by their bytes, which is the order of their hexadecimal digits too.
  public static func < (left: ContentHash, right: ContentHash) -> Bool {
    (left.words.0, left.words.1, left.words.2, left.words.3)
      < (right.words.0, right.words.1, right.words.2, right.words.3)
  }

  /// 64 hexadecimal digits in lower case.
  public var description: String { hexString(bytes) }
}

func hexString(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

func hexDigit(_ character: UInt8) -> UInt8? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
  default: nil
  }
}
