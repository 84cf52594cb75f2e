/// Reads the text of a plan, line by line and word by word, and says in which line something is wrong.
///
/// It looks at scalars and never at characters: a name may begin with one that would combine with the quote before it.
struct PlanText {
  private typealias Scalars = Substring.UnicodeScalarView

  private let title: String
  private var lines: [Scalars]
  private var lineNumber = 0
  private var rest: Scalars = ""[...].unicodeScalars

  /// - Throws: `corrupt` when the text does not begin with the title, which ends with the version of the format.
  init(_ text: String, title: String) throws(DriverError) {
    self.title = title
    lines = text[...].unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).reversed()
    try begin()
    guard skip(title), isAtEnd else { throw error("it is no '\(title)', which is what this package reads") }
  }

  /// Goes to the next line that says something.
  mutating func begin() throws(DriverError) {
    guard isAtEnd else { throw error("\(shown) is more than the line should have") }
    repeat {
      lineNumber += 1
      guard let line = lines.popLast() else { throw error("the text ends too early: it was cut off") }
      rest = line
      skipSpaces()
      if rest.first == "#" { rest = rest.suffix(0) }
    } while rest.isEmpty
  }

  /// Makes sure that everything was read.
  mutating func finish() throws(DriverError) {
    guard isAtEnd else { throw error("\(shown) is more than the line should have") }
    while let line = lines.popLast() {
      lineNumber += 1
      rest = line
      skipSpaces()
      guard rest.isEmpty || rest.first == "#" else { throw error("the plan has ended above, and this line follows") }
    }
  }

  var isAtEnd: Bool { rest.isEmpty }
  var isAtString: Bool { rest.first == "\"" }

  /// What comes next, for a message.
  private var shown: String { quoted(String(rest)) }

  func error(_ message: String) -> DriverError {
    DriverError(.corrupt, "line \(lineNumber) of the \(title): \(message)")
  }

  /// Passes over a word, if it comes next.
  mutating func skip(_ word: String) -> Bool {
    guard rest.starts(with: word.unicodeScalars) else { return false }
    let after = rest.dropFirst(word.unicodeScalars.count)
    guard after.isEmpty || after.first == " " || after.first == "," else { return false }
    rest = after
    skipSpaces()
    return true
  }

  mutating func expect(_ word: String, orOneOf others: String = "") throws(DriverError) {
    guard skip(word) else {
      let expected = others.isEmpty ? "'\(word)'" : "one of \(others), or '\(word)',"
      throw error("\(expected) is expected, and not \(shown)")
    }
  }

  /// One of the cases of an enumeration, by its name.
  mutating func choice<Choice: CaseIterable & RawRepresentable>() throws(DriverError) -> Choice
  where Choice.RawValue == String {
    for choice in Choice.allCases where skip(choice.rawValue) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw error("one of \(names) is expected, and not \(shown)")
  }

  mutating func number() throws(DriverError) -> Int {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    guard let number = Int(String(digits)) else { throw error("a number is expected, and not \(shown)") }
    rest = rest.dropFirst(digits.count)
    skipSpaces()
    return number
  }

  /// A stamp, as ``Stamp/description`` prints it.
  mutating func stamp() throws(DriverError) -> Stamp {
    let word = String(rest.prefix { $0 != " " })
    let parts = word.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "@" }
    guard parts.count == 3, let milliseconds = UInt64(parts[0]), milliseconds < 1 << 48, let counter = UInt16(parts[1]),
      let writer = UInt64(parts[2], radix: 16)
    else { throw error("a stamp, or 'from', is expected, and not \(quoted(word))") }
    rest = rest.dropFirst(word.unicodeScalars.count)
    skipSpaces()
    return Stamp(time: milliseconds << 16 | UInt64(counter), writer: writer)
  }

  /// A duration, as `Duration.text` prints it.
  mutating func duration() throws(DriverError) -> Duration {
    let word = String(rest.prefix { $0 != " " })
    guard let duration = Duration(text: word) else {
      throw error("a duration, such as 90s or 1500ms, is expected, and not \(quoted(word))")
    }
    rest = rest.dropFirst(word.unicodeScalars.count)
    skipSpaces()
    return duration
  }

  /// A key, by its name.
  mutating func key(_ kind: Key.Kind) throws(DriverError) -> Key {
    let name = try string()
    do throws(DriverError) { return try Key(kind, name: name) } catch { throw self.error(error.message) }
  }

  /// At least one name of a store.
  mutating func names(among stores: [String]) throws(DriverError) -> [String] {
    var names = [try name(among: stores)]
    while isAtString { names.append(try name(among: stores)) }
    return names
  }

  /// The name of a store.
  mutating func name(among stores: [String]) throws(DriverError) -> String {
    let name = try string()
    guard stores.contains(name) else { throw error("no line above is about a store \(quoted(name))") }
    return name
  }

  /// A string in quotes, as ``quote(_:)`` writes it.
  mutating func string() throws(DriverError) -> String {
    var scalars = rest
    guard scalars.popFirst() == "\"" else { throw error("a name in quotes is expected, and not \(shown)") }
    var string = ""
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\"":
        rest = scalars
        guard isAtEnd || rest.first == " " || rest.first == "," else {
          throw error("a space is expected behind the name \(quoted(string))")
        }
        skipSpaces()
        return string
      case "\\": string.unicodeScalars.append(try escaped(&scalars))
      default: string.unicodeScalars.append(scalar)
      }
    }
    throw error("a name has no quote at its end")
  }

  private func escaped(_ scalars: inout Scalars) throws(DriverError) -> Unicode.Scalar {
    switch scalars.popFirst() {
    case "\\"?: return "\\"
    case "\""?: return "\""
    case "u"?:
      guard scalars.popFirst() == "{", let end = scalars.firstIndex(of: "}"),
        let scalar = UInt32(String(scalars[..<end]), radix: 16).flatMap(Unicode.Scalar.init)
      else { break }
      scalars = scalars[scalars.index(after: end)...]
      return scalar
    default: break
    }
    throw error("a name has a backslash before something other than a backslash, a quote or u{…}")
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\r" } }

  /// A string in double quotes, which ``string()`` reads back scalar by scalar. What would break the line, ring a bell or
  /// turn the direction of what follows is escaped.
  static func quote(_ string: String) -> String {
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        quoted += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        if scalar == "\\" || scalar == "\"" { quoted += "\\" }
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
