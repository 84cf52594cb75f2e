/// The address of an immutable datum: the SHA-256 of its bytes.
///
/// ```swift
/// let hash = ContentHash(of: photo)
/// print(hash)                                      // 64 hexadecimal digits
/// let again = try ContentHash(hex: "9f86d081…")    // throws unless there are exactly 64 digits
/// ```
public struct ContentHash: Hashable, Sendable {
  private let words: SHA256.Digest

  /// Hashes the bytes.
  ///
  /// - Complexity: O(n); see the measured throughput on the package's benchmark page.
  public init(of bytes: [UInt8]) { self.init(words: SHA256.hash(bytes)) }

  init(words: SHA256.Digest) { self.words = words }

  /// Reads a hash from 64 hexadecimal digits, in either case.
  ///
  /// - Throws: `invalidKey` naming the text when it is anything else.
  public init(hex: some StringProtocol) throws(DriverError) {
    var words: SHA256.Digest = (0, 0, 0, 0)
    var count = 0
    for character in hex.utf8 {
      guard count < 64, let digit = hexDigit(character) else { throw Self.notAHash(hex) }
      // The digit goes in at the right end of the four words, and pushes the others to the left.
      words.0 = words.0 << 4 | words.1 >> 60
      words.1 = words.1 << 4 | words.2 >> 60
      words.2 = words.2 << 4 | words.3 >> 60
      words.3 = words.3 << 4 | UInt64(digit)
      count += 1
    }
    guard count == 64 else { throw Self.notAHash(hex) }
    self.words = words
  }

  private static func notAHash(_ text: some StringProtocol) -> DriverError {
    DriverError(.invalidKey, "\(quoted(String(text))) is not a content hash: 64 hexadecimal digits are needed")
  }

  /// The 32 bytes of the hash, most significant first.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    bytes.append(bigEndian: words.0)
    bytes.append(bigEndian: words.1)
    bytes.append(bigEndian: words.2)
    bytes.append(bigEndian: words.3)
    return bytes
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

/// Bytes as hexadecimal digits. Not generic, because other modules would then call it byte by byte.
package func hexString(_ bytes: [UInt8]) -> String {
  unsafe String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
    var count = 0
    for byte in bytes {
      unsafe digits[count] = hexCharacter(byte >> 4)
      unsafe digits[count + 1] = hexCharacter(byte & 15)
      count += 2
    }
    return count
  }
}

private func hexCharacter(_ digit: UInt8) -> UInt8 {
  digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
}

package func hexDigit(_ character: UInt8) -> UInt8? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
  default: nil
  }
}
