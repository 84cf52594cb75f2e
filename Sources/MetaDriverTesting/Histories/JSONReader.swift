/// Reads JSON one token at a time, and knows at which line and column it is.
///
/// Whoever uses it says what must come next; so it keeps no tree, needs no recursion, and every mistake has a place.
struct JSONReader {
  /// A place in a text, both from 1; a column is a byte.
  struct Place: Hashable {
    var line = 1
    var column = 1
  }

  /// What is wrong, and where.
  struct Mistake: Error {
    let place: Place
    let message: String
  }

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Where the next token begins.
  mutating func place() -> Place {
    skipSpace()
    return Place(line: line, column: index - lineStart + 1)
  }

  /// The first byte of the next token; `nil` at the end.
  mutating func peek() -> UInt8? {
    skipSpace()
    return index < bytes.count ? bytes[index] : nil
  }

  /// Takes one character if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  /// Takes one character that must come next.
  mutating func expect(_ character: Unicode.Scalar, _ what: String) throws(Mistake) {
    guard take(character) else { throw expected(what) }
  }

  /// Takes a word that must come next, as `null`.
  mutating func takeWord(_ word: StaticString) -> Bool {
    let text = "\(word)".utf8
    guard peek() != nil, bytes[index...].starts(with: text) else { return false }
    let end = index + text.count
    guard end == bytes.count || !Self.isLetter(bytes[end]) else { return false }
    index = end
    return true
  }

  /// Takes a whole number that an `Int` can hold.
  mutating func integer(_ what: String) throws(Mistake) -> Int {
    let start = place()
    guard let first = peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else { throw expected(what) }
    let begin = index
    if first == UInt8(ascii: "-") { index += 1 }
    let digits = index
    while index < bytes.count, Self.isDigit(bytes[index]) { index += 1 }
    if index < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[index]) {
      throw Mistake(place: start, message: "expected \(what), and found a number that is not written as a whole one")
    }
    guard index > digits, bytes[digits] != UInt8(ascii: "0") || index == digits + 1 else {
      throw Mistake(place: start, message: "expected \(what), and found a number that is not JSON")
    }
    let text = String(decoding: bytes[begin..<index], as: UTF8.self)
    guard let number = Int(text) else {
      throw Mistake(place: start, message: "the number \(Self.shortened(text)) does not fit in 64 bits")
    }
    return number
  }

  /// Takes a string.
  mutating func string(_ what: String) throws(Mistake) -> String {
    let start = place()
    try expect("\"", what)
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Mistake(place: start, message: "the string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try takeEscape(&text)
      case 0..<0x20: throw Mistake(place: start, message: "the string holds a control character that is not escaped")
      default: text.append(byte)
      }
    }
    throw Mistake(place: start, message: "the string has no end")
  }

  /// Nothing but space may come now.
  mutating func expectEnd() throws(Mistake) {
    if peek() != nil { throw expected("the end of the file") }
  }

  /// What was to come did not.
  mutating func expected(_ what: String) -> Mistake {
    Mistake(place: place(), message: "expected \(what), and found \(found())")
  }

  private mutating func found() -> String {
    guard let byte = peek() else { return "the end of the file" }
    switch byte {
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "an array"
    case UInt8(ascii: "\""):
      let text = try? string("")
      return text.map { "the string \"\(Self.shortened($0))\"" } ?? "a string"
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let text = bytes[index...].prefix { Self.isDigit($0) || $0 == byte || [0x2B, 0x2E, 0x45, 0x65].contains($0) }
      return "the number \(Self.shortened(String(decoding: text, as: UTF8.self)))"
    case 0x21...0x7E:
      let word = bytes[index...].prefix(while: Self.isLetter)
      return word.isEmpty ? "'\(Unicode.Scalar(byte))'" : "'\(Self.shortened(String(decoding: word, as: UTF8.self)))'"
    default: return "the byte 0x\(String(byte, radix: 16))"
    }
  }

  private mutating func takeEscape(_ text: inout [UInt8]) throws(Mistake) {
    let start = Place(line: line, column: index - lineStart)
    let wrong = Mistake(place: start, message: "the escape in the string is not JSON")
    guard index < bytes.count else { throw wrong }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      guard var code = takeHexadecimal() else { throw wrong }
      if (0xD800..<0xDC00).contains(code) {
        guard bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { throw wrong }
        index += 2
        guard let low = takeHexadecimal(), (0xDC00..<0xE000).contains(low) else { throw wrong }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw wrong }
      text += Array(String(Character(scalar)).utf8)
    default: throw wrong
    }
  }

  private mutating func takeHexadecimal() -> UInt32? {
    let digits = bytes[index...].prefix(4)
    let isWhole = digits.count == 4 && digits.allSatisfy { Self.isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
    guard isWhole, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
    index += 4
    return code
  }

  private mutating func skipSpace() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0D: index += 1
      case 0x0A:
        index += 1
        (line, lineStart) = (line + 1, index)
      default: return
      }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || isDigit(byte) }

  /// So much of a text that a message stays one line.
  static func shortened(_ text: String) -> String {
    let clean = String(String.UnicodeScalarView(text.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : $0 }))
    return clean.unicodeScalars.count < text.unicodeScalars.count ? "\(clean)…" : clean
  }
}
