import MetaDriver

/// Makes histories of JSON, and knows the field in which a mistake is.
struct HistoryFileParser {
  var reader: JSONReader
  /// Where it is, as in `histories[3].ops`.
  var field = ""
  /// At which operation of the field, and at which element of that.
  var operation: Int?
  var element: Int?

  init(_ bytes: [UInt8]) { reader = JSONReader(bytes) }

  mutating func parse() throws(HistoryFileError) -> [HistoryFile.Entry] {
    do throws(JSONReader.Mistake) {
      let entries: [HistoryFile.Entry]
      if reader.peek() == UInt8(ascii: "[") {
        entries = try list()
      } else if reader.peek() == UInt8(ascii: "{") {
        entries = try object()
      } else {
        throw reader.expected("an object or a list of histories")
      }
      field = ""
      try reader.expectEnd()
      return entries
    } catch {
      let place = field + (operation.map { "[\($0)]" } ?? "") + (element.map { "[\($0)]" } ?? "")
      throw HistoryFileError(line: error.place.line, column: error.place.column, field: place, message: error.message)
    }
  }

  /// The object at the top: a file, or one history.
  private mutating func object() throws(JSONReader.Mistake) -> [HistoryFile.Entry] {
    var entries: [HistoryFile.Entry]?
    var history = HistoryFileDraft()
    let start = reader.place()
    var isFile = false
    let names = ["histories", "format", "verdicts"] + HistoryFileDraft.names
    try fields(of: "", names) { parser, name throws(JSONReader.Mistake) in
      switch name {
      case "histories": entries = try parser.list()
      case "format", "verdicts": _ = try parser.reader.string("a text")
      default: return try parser.read(name, into: &history)
      }
      isFile = true
    }
    field = ""
    if let entries, history.isEmpty { return entries }
    guard !isFile else {
      throw JSONReader.Mistake(
        place: start, message: "the object has neither \"histories\" alone, as a file, nor \"ops\" alone, as a history")
    }
    return [try finished(history, start)]
  }

  private mutating func list() throws(JSONReader.Mistake) -> [HistoryFile.Entry] {
    let outer = field.isEmpty ? "histories" : field
    field = outer
    var entries: [HistoryFile.Entry] = []
    try reader.expect("[", "a list of histories")
    guard !reader.take("]") else { return [] }
    repeat {
      field = "\(outer)[\(entries.count)]"
      entries.append(try entry())
      field = outer
    } while reader.take(",")
    try reader.expect("]", "\",\" or \"]\"")
    return entries
  }

  private mutating func entry() throws(JSONReader.Mistake) -> HistoryFile.Entry {
    let start = reader.place()
    var history = HistoryFileDraft()
    let outer = field
    try fields(of: outer, HistoryFileDraft.names) { parser, name throws(JSONReader.Mistake) in
      try parser.read(name, into: &history)
    }
    return try finished(history, start)
  }

  /// The fields of an object, each at most once.
  private mutating func fields(
    of outer: String, _ names: [String],
    _ read: (inout HistoryFileParser, String) throws(JSONReader.Mistake) -> Void
  ) throws(JSONReader.Mistake) {
    try reader.expect("{", "an object")
    var seen: Set<String> = []
    guard !reader.take("}") else { return }
    repeat {
      field = outer
      let place = reader.place()
      let name = try reader.string("the name of a field")
      guard names.contains(name) else {
        throw JSONReader.Mistake(
          place: place,
          message: "there is no field \"\(JSONReader.shortened(name))\"; there are \(names.joined(separator: ", "))")
      }
      guard seen.insert(name).inserted else {
        throw JSONReader.Mistake(place: place, message: "the field \"\(name)\" is there twice")
      }
      try reader.expect(":", "\":\"")
      field = outer.isEmpty ? name : "\(outer).\(name)"
      try read(&self, name)
    } while reader.take(",")
    field = outer
    try reader.expect("}", "\",\" or \"}\"")
  }
}

/// One history as far as it has been read.
struct HistoryFileDraft {
  static let names = ["key", "linearizable", "weak_regular", "ops"]

  var key: Key?
  var isLinearizable: Bool?
  var isRegular: Bool?
  var operations: [History.Operation]?
  /// Where each operation begins.
  var places: [JSONReader.Place] = []
  /// The name of the list of operations.
  var field = ""

  var isEmpty: Bool { key == nil && isLinearizable == nil && isRegular == nil && operations == nil }
}
