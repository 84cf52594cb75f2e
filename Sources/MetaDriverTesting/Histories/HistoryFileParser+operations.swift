import MetaDriver

extension HistoryFileParser {
  mutating func read(_ name: String, into draft: inout HistoryFileDraft) throws(JSONReader.Mistake) {
    switch name {
    case "key":
      let place = reader.place()
      let id = try reader.string("an id")
      do throws(DriverError) { draft.key = try Key(.mutable, name: id) } catch {
        throw JSONReader.Mistake(place: place, message: error.message)
      }
    case "linearizable": draft.isLinearizable = try boolean()
    case "weak_regular": draft.isRegular = try boolean()
    default:
      draft.field = field
      draft.operations = []
      try readOperations(into: &draft)
    }
  }

  private mutating func boolean() throws(JSONReader.Mistake) -> Bool {
    if reader.takeWord("true") { return true }
    if reader.takeWord("false") { return false }
    throw reader.expected("true or false")
  }

  private mutating func readOperations(into draft: inout HistoryFileDraft) throws(JSONReader.Mistake) {
    try reader.expect("[", "a list of operations")
    guard !reader.take("]") else { return }
    var operations: [History.Operation] = []
    repeat {
      operation = operations.count
      draft.places.append(reader.place())
      operations.append(try operation(operations.count))
      operation = nil
    } while reader.take(",")
    try reader.expect("]", "\",\" or \"]\"")
    draft.operations = operations
  }

  private mutating func operation(_ id: Int) throws(JSONReader.Mistake) -> History.Operation {
    try reader.expect("[", "an operation, as [kind, value, invoked, ended, session]")
    element = 0
    let place = reader.place()
    let word = try reader.string("\"w\", \"r\" or \"d\"")
    guard ["w", "r", "d"].contains(word) else {
      throw JSONReader.Mistake(
        place: place, message: "expected \"w\", \"r\" or \"d\", and found \"\(JSONReader.shortened(word))\"")
    }
    try next(1)
    let kind = try kind(word)
    try next(2)
    let invoked = try reader.integer("when the operation was invoked")
    try next(3)
    let end = reader.takeWord("null") ? nil : try reader.integer("when the operation ended, or null")
    try next(4)
    let session = try reader.integer("the number of the session")
    var stamp: Stamp?
    if reader.take(",") {
      element = 5
      if !reader.takeWord("null") {
        let place = reader.place()
        guard let rank = UInt64(exactly: try reader.integer("a stamp, or null")) else {
          throw JSONReader.Mistake(place: place, message: "a stamp is a number from 0")
        }
        stamp = Stamp(time: rank, writer: 0)
      }
    }
    element = nil
    try reader.expect("]", "\"]\", as an operation has at most six elements")
    return History.Operation(
      id: id, session: session, kind, invoked: invoked, end.map { .ok(at: $0) } ?? .unknown, stamp: stamp)
  }

  private mutating func next(_ element: Int) throws(JSONReader.Mistake) {
    try reader.expect(",", "\",\", as an operation has at least five elements")
    self.element = element
  }

  private mutating func kind(_ word: String) throws(JSONReader.Mistake) -> History.Operation.Kind {
    let place = reader.place()
    let value = reader.takeWord("null") ? 0 : try reader.integer("a value")
    switch word {
    case "r": return .get(value == 0 ? nil : value)
    case "w":
      guard value != 0 else {
        throw JSONReader.Mistake(place: place, message: "a put has a value that is not 0, which stands for nothing")
      }
      return .put(value)
    default:
      guard value == 0 else {
        throw JSONReader.Mistake(place: place, message: "a delete has the value 0 or null, and not \(value)")
      }
      return .delete
    }
  }

  mutating func finished(
    _ draft: HistoryFileDraft, _ start: JSONReader.Place
  ) throws(JSONReader.Mistake) -> HistoryFile.Entry {
    guard var operations = draft.operations else {
      throw JSONReader.Mistake(place: start, message: "the history has no field \"ops\"")
    }
    if let key = draft.key {
      for index in operations.indices { operations[index].key = key }
    }
    let history = History(operations)
    do throws(HistoryError) { try history.check() } catch {
      (field, operation) = (draft.field, error.index)
      throw JSONReader.Mistake(place: draft.places[error.index], message: error.message)
    }
    return HistoryFile.Entry(history, isLinearizable: draft.isLinearizable, isRegular: draft.isRegular)
  }
}
