import MetaDriver

/// Paths as `file` URLs.
enum FileURL {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// A path with everything escaped but what a URL's path takes as it is.
  static func escaped(_ path: String) -> String {
    var written: [UInt8] = []
    for byte in path.utf8 {
      if isPlain(byte) {
        written.append(byte)
      } else {
        written += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: written, as: UTF8.self)
  }

  /// The path of a `file` URL of this machine; `nil` for every other URL.
  static func path(of url: StorageURL) -> String? {
    guard url.scheme == "file" else { return nil }
    var rest = url.string.utf8.dropFirst("file:".utf8.count)
    if rest.starts(with: "//".utf8) {
      rest = rest.dropFirst(2)
      let host = rest.prefix { $0 != UInt8(ascii: "/") }
      guard host.isEmpty || String(decoding: host, as: UTF8.self).lowercased() == "localhost" else { return nil }
      rest = rest.dropFirst(host.count)
    }
    guard rest.first == UInt8(ascii: "/"), !rest.contains(UInt8(ascii: "?")), !rest.contains(UInt8(ascii: "#"))
    else { return nil }
    var path: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        path.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else { return nil }
      path.append(high << 4 | low)
    }
    return String(validating: path, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    let character = Character(Unicode.Scalar(byte))
    return character.isASCII && (character.isLetter || character.isNumber || "-._~/+=@:,!$&'()*;".contains(character))
  }

  private static func value(_ digit: UInt8) -> UInt8? { Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) }
}
