#if HTTP
  /// Percent-encoding of paths: every text has one encoding, and none shares it (RFC 3986).
  package enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Escapes every byte but letters and digits of ASCII, `-`, `.`, `_`, `~`, and those that are kept.
    package static func encode(_ text: String, keeping kept: String = "/") -> String {
      var written: [UInt8] = []
      for byte in text.utf8 {
        if isPlain(byte) || kept.utf8.contains(byte) {
          written.append(byte)
        } else {
          written += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
      }
      return String(decoding: written, as: UTF8.self)
    }

    /// The text of an encoding, whatever was escaped in it; `nil` when it is none.
    package static func decode(_ encoded: some StringProtocol) -> String? {
      var (text, rest) = ([UInt8](), Array(encoded.utf8)[...])
      while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
          text.append(byte)
          continue
        }
        guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else { return nil }
        text.append(high << 4 | low)
      }
      return String(validating: text, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        true
      default: false
      }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
      Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init)
    }
  }
#endif
