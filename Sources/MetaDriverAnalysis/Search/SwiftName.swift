extension String {
  /// The text as Swift writes it where a name stands; `nil` where no name can be written so.
  var asSwiftName: String? {
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    guard let first = utf8.first, utf8.count <= 255 else { return nil }
    if utf8.allSatisfy(isWord), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first), self != "_" {
      return Self.keywords.contains(self) ? "`\(self)`" : self
    }
    // Between backticks nearly anything is a name, but neither blanks nor operators alone.
    let isWritable = unicodeScalars.allSatisfy { scalar in
      scalar == " " || !(scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7f)
    }
    guard isWritable, !contains("`"), !contains("\\"), first != UInt8(ascii: "$"),
      unicodeScalars.contains(where: { $0.properties.isAlphabetic })
    else { return nil }
    return "`\(self)`"
  }

  /// The words that are no names, or none at the beginning of a line.
  private static let keywords: Set<String> = [
    "Any", "Self", "actor", "any", "as", "associatedtype", "async", "await", "break", "case", "catch", "class",
    "consume",
    "continue", "copy", "default", "defer", "deinit", "didSet", "discard", "do", "each", "else", "enum", "extension",
    "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal",
    "is",
    "let", "macro", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows",
    "return",
    "self", "some", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias",
    "unsafe", "var", "where", "while", "willSet", "yield",
  ]
}
