import MetaDriver

extension Script {
  /// Text that is no script: which line, which field, and what is wrong with it.
  public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the line, from 1; 0 for the script as a whole.
    public let line: Int
    /// What is wrong, with the field named.
    public let reason: String

    /// `line 3: …`
    public var description: String { line == 0 ? reason : "line \(line): \(reason)" }
  }

  /// Reads a script from its text. Empty lines, and what stands behind a `#`, mean nothing.
  ///
  /// - Throws: What is wrong, with line and field.
  public init(_ text: some StringProtocol) throws(ParseError) {
    var reader = ScriptReader()
    // By scalars, because a mark behind a space would make a character of its own with it.
    let lines = String(text).unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
    for (index, line) in lines.enumerated() { try reader.read(line.prefix { $0 != "#" }, number: index + 1) }
    self = try reader.script()
  }
}

/// Collects the lines of a script.
private struct ScriptReader {
  private var seed: UInt64?
  private var isDrawn = false
  private var stores: [String] = []
  private var clocks: [Simulation.WallClock] = []
  private var steps: [(line: Int, step: Script.Step)] = []
  private var incidents: [(line: Int, incident: Script.Incident)] = []
  private var calls: [(line: Int, call: Script.Call)] = []

  mutating func read(_ text: Substring.UnicodeScalarView, number: Int) throws(Script.ParseError) {
    var words = Words(line: number, rest: text.split(whereSeparator: \.properties.isWhitespace).map { String($0) }[...])
    guard let first = words.rest.popFirst() else { return }
    switch first {
    case "seed":
      guard seed == nil else { throw words.wrong("the seed is given a second time") }
      seed = try words.number("seed")
    case "faults":
      try words.word("drawn")
      isDrawn = true
    case "store":
      let name = try words.name("store")
      guard Script.canName(name) else { throw words.wrong("the store '\(name)' has a ':' in its name") }
      guard !stores.contains(name) else { throw words.wrong("the store '\(name)' is there already") }
      stores.append(name)
    case "client":
      let index: Int = try words.number("client")
      guard index == clocks.count else {
        throw words.wrong("client \(index) where client \(clocks.count) was expected: they are numbered from 0")
      }
      clocks.append(try words.clock())
    case "step": steps.append((number, try words.step()))
    case "call": calls.append((number, try words.call()))
    case "at": incidents.append((number, try words.incident()))
    default:
      throw words.wrong("'\(first)' begins no line: seed, faults, store, client, step, call and at do")
    }
    if let more = words.rest.first { throw words.wrong("'\(more)' stands where the line should end") }
  }

  func script() throws(Script.ParseError) -> Script {
    guard let seed else { throw Script.ParseError(line: 0, reason: "there is no line 'seed NUMBER'") }
    guard !stores.isEmpty else { throw Script.ParseError(line: 0, reason: "there is no line 'store NAME'") }
    if isDrawn, let first = calls.first {
      throw Script.ParseError(line: first.line, reason: "a call, although the faults are drawn")
    }
    var numbers: Set<Int> = []
    for (line, step) in steps {
      try check(client: step.client, line)
      guard numbers.insert(step.number).inserted else {
        throw Script.ParseError(line: line, reason: "step \(step.number) is there already")
      }
    }
    for (line, incident) in incidents {
      switch incident.kind {
      case .clientCrash(let client, _), .clockStep(let client, _), .clockRate(let client, _):
        try check(client: client, line)
      case .storeCrash(let store), .storeWipe(let store): try check(store: store, line)
      case .cut(let client, let store):
        try check(client: client, line)
        try check(store: store, line)
      }
    }
    var named: Set<FaultCall> = []
    for (line, call) in calls {
      try check(store: call.call.leaf, line)
      guard named.insert(call.call).inserted else {
        throw Script.ParseError(line: line, reason: "the call '\(call.call.text)' is there already")
      }
    }
    return Script(
      seed: seed, stores: stores, clocks: clocks, steps: steps.map(\.step), incidents: incidents.map(\.incident),
      calls: isDrawn ? nil : calls.map(\.call))
  }

  private func check(client: Int, _ line: Int) throws(Script.ParseError) {
    guard clocks.indices.contains(client) else {
      throw Script.ParseError(line: line, reason: "there is no line 'client \(client)'")
    }
  }

  private func check(store: String, _ line: Int) throws(Script.ParseError) {
    guard stores.contains(store) else {
      throw Script.ParseError(line: line, reason: "there is no line 'store \(store)'")
    }
  }
}

/// The words of one line that are still to be read.
private struct Words {
  let line: Int
  var rest: ArraySlice<String>

  func wrong(_ reason: String) -> Script.ParseError { Script.ParseError(line: line, reason: reason) }

  mutating func name(_ field: String) throws(Script.ParseError) -> String {
    guard let word = rest.popFirst() else { throw wrong("the \(field) is missing") }
    return word
  }

  mutating func word(_ expected: String) throws(Script.ParseError) {
    let word = try name("word '\(expected)'")
    guard word == expected else { throw wrong("'\(word)' stands where '\(expected)' was expected") }
  }

  mutating func number<Number: FixedWidthInteger>(_ field: String) throws(Script.ParseError) -> Number {
    let word = try name(field)
    guard let number = Number(word), number >= 0 else {
      throw wrong("the \(field) '\(word)' is not a whole number from 0 to \(Number.max)")
    }
    return number
  }

  mutating func duration(_ field: String) throws(Script.ParseError) -> Duration {
    let word = try name(field)
    guard let duration = Duration(text: word) else {
      throw wrong("the \(field) '\(word)' is not a whole number of ns, us, ms or s, such as 40ms")
    }
    return duration
  }

  /// A duration in either direction.
  mutating func change(_ field: String) throws(Script.ParseError) -> Duration {
    let word = try name(field)
    guard let change = Duration(signedText: word) else {
      throw wrong("the \(field) '\(word)' is not a whole number of ns, us, ms, s, m, h or d, such as -40ms")
    }
    return change
  }

  mutating func rate(_ first: String) throws(Script.ParseError) -> Double {
    guard first == "drift" else { return 0 }
    let word = try name("drift")
    guard let rate = Double(word), Simulation.WallClock.rates.contains(rate) else {
      throw wrong("the drift '\(word)' is not a number of seconds in a second from 0 to 1000, such as 1.01")
    }
    return rate
  }

  /// `skew 2d drift 1.01`, or one of them, or nothing.
  mutating func clock() throws(Script.ParseError) -> Simulation.WallClock {
    var clock = Simulation.WallClock.right
    var fields = ["skew", "drift", "frozen"][...]
    while let word = rest.first {
      guard let place = fields.firstIndex(of: word) else {
        let expected = fields.isEmpty ? "the end of the line" : fields.map { "'\($0)'" }.joined(separator: " or ")
        throw wrong("'\(word)' stands where \(expected) was expected")
      }
      rest.removeFirst()
      if word == "skew" { clock.ahead = try change("skew") } else { clock.rate = try rate(word) }
      fields = word == "skew" ? fields[(place + 1)...] : []
    }
    return clock
  }

  mutating func step() throws(Script.ParseError) -> Script.Step {
    // A history has numbers of its own above those of the steps, and 0 stands for nothing there.
    let number: Int32 = try number("number of the step")
    guard number > 0 else { throw wrong("the number of the step is 0: they begin with 1") }
    try word("client")
    let client: Int = try self.number("client")
    try word("at")
    let moment = try duration("moment")
    let verb = try name("action")
    guard let action = Script.Step.Action(rawValue: verb) else {
      throw wrong("the action '\(verb)' is none of get, stat, put and delete")
    }
    let name = try name("key")
    guard name.hasPrefix("k"), let key = Int(name.dropFirst()), key >= 0 else {
      throw wrong("the key '\(name)' is not k0, k1 and so on")
    }
    return Script.Step(number: Int(number), client: client, moment: moment, action: action, key: key)
  }

  mutating func incident() throws(Script.ParseError) -> Script.Incident {
    let moment = try duration("moment")
    let verb = try name("incident")
    var kind: Script.Incident.Kind
    switch verb {
    case "crash":
      let what = try name("word 'client' or 'store'")
      switch what {
      case "client": kind = .clientCrash(try number("client"))
      case "store": kind = .storeCrash(try name("store"))
      default: throw wrong("'\(what)' stands where 'client' or 'store' was expected")
      }
    case "cut":
      try word("client")
      let client: Int = try number("client")
      try word("from")
      kind = .cut(client: client, store: try name("store"))
    case "clock":
      let client: Int = try number("client")
      let what = try name("word 'by', 'drift' or 'frozen'")
      switch what {
      case "by": kind = .clockStep(client, by: try change("change"))
      case "drift", "frozen": kind = .clockRate(client, try rate(what))
      default: throw wrong("'\(what)' stands where 'by', 'drift' or 'frozen' was expected")
      }
    case "wipe":
      try word("store")
      kind = .storeWipe(try name("store"))
    default: throw wrong("the incident '\(verb)' is none of crash, cut, clock and wipe")
    }
    if kind.canLastNoTime, rest.isEmpty { return Script.Incident(moment: moment, duration: .zero, kind: kind) }
    try word("for")
    let duration = try duration("duration")
    if case .clientCrash(let client, _) = kind, rest.first == "clock" {
      rest.removeFirst()
      kind = .clientCrash(client, clock: try change("change"))
    }
    return Script.Incident(moment: moment, duration: duration, kind: kind)
  }

  mutating func call() throws(Script.ParseError) -> Script.Call {
    let verb = try name("operation")
    guard let operation = Event.Operation(rawValue: verb) else { throw wrong("the operation '\(verb)' is none") }
    let leaf = try name("store")
    try word("step")
    var step: Int?
    if rest.first == "-" { rest.removeFirst() } else { step = try number("step") }
    try word("number")
    if let last = rest.first, last.hasSuffix(":") { rest[rest.startIndex] = String(last.dropLast()) }
    let number: Int = try number("number of the call")
    try word("request")
    let request = try duration("request")
    try word("reply")
    var journey = Journey(request: request, reply: try duration("reply"))
    if rest.first == "cancellable" {
      rest.removeFirst()
      journey.isCancellable = true
    }
    if !rest.isEmpty {
      let fault: Fault
      do throws(Fault.ParseError) { fault = try Fault(rest.joined(separator: " ")) } catch { throw wrong("\(error)") }
      guard fault.kind.applies(to: operation) else { throw wrong("a \(operation) cannot suffer \(fault.kind)") }
      journey.fault = fault
      rest = []
    }
    return Script.Call(
      call: FaultCall(leaf: leaf, step: step, operation: operation, number: number), journey: journey)
  }
}
