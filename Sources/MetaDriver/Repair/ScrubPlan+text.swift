extension ScrubPlan: CustomStringConvertible {
  /// The plan as text, a line for each store and each key concerned.
  public var description: String {
    var lines = ["scrub plan 1", Self.line("keys", "\(PlanText.scope(kind, prefix)), compared by \(comparison)")]
    for store in stores {
      let silence = store.silence.map { ", unanswered \(PlanText.quote($0))" } ?? ""
      lines.append(Self.line("store", "\(PlanText.quote(store.name)) listed \(store.listed)\(silence)"))
    }
    for repair in repairs { lines.append(Self.line("copy", "\(repair)")) }
    for finding in undecided { lines.append(Self.line("undecided", "\(finding)")) }
    for finding in lost { lines.append(Self.line("lost", "\(finding)")) }
    lines.append(end.map { Self.line("full", "after \(PlanText.quote($0.name))") } ?? "end")
    return lines.joined(separator: "\n")
  }

  private static func line(_ word: String, _ rest: String) -> String {
    word + String(repeating: " ", count: max(1, 10 - word.utf8.count)) + rest
  }

  /// Reads a plan from its text, reviewed or not: empty lines and those that begin with `#` are passed over, and lines of
  /// keys may be taken out.
  ///
  /// - Throws: `corrupt`, with the number of the line and what is wrong with it. A text that was cut off is refused.
  public init(_ text: String) throws(DriverError) {
    var line = try PlanText(text, title: "scrub plan 1")
    try line.begin()
    try line.expect("keys")
    (kind, prefix) = try line.scope()
    try line.expect(", compared by")
    comparison = try line.choice()
    stores = []
    while true {
      try line.begin()
      if line.skip("store") {
        stores.append(try line.store())
      } else if line.skip("copy") {
        repairs.append(try line.repair(of: kind, among: stores.map(\.name)))
      } else if line.skip("undecided") {
        undecided.append(try line.finding(of: kind, among: stores.map(\.name)))
      } else if line.skip("lost") {
        lost.append(try line.finding(of: kind, among: stores.map(\.name)))
      } else {
        end = try line.end(of: kind, orOneOf: "store, copy, undecided, lost")
        return
      }
    }
  }
}

extension ScrubPlan.Repair: CustomStringConvertible {
  /// The key, the copy, where it is, and who is to get it.
  public var description: String {
    let copy = stat.isTombstone ? "tombstone" : "\(stat.byteCount) bytes"
    let stamp = stat.stamp.map { " \($0)" } ?? ""
    let targets = targets.map { "\(PlanText.quote($0.store)) \($0.need)" }
    return "\(PlanText.quote(key.name)) \(copy)\(stamp) from \(sources.map(PlanText.quote).joined(separator: " ")) to "
      + targets.joined(separator: " ")
  }
}

extension ScrubPlan.Finding: CustomStringConvertible {
  /// The key, and the stores.
  public var description: String {
    "\(PlanText.quote(key.name)) at \(stores.map(PlanText.quote).joined(separator: " "))"
  }
}

extension PlanText {
  fileprivate mutating func store() throws(DriverError) -> ScrubPlan.Store {
    var store = ScrubPlan.Store(name: try string())
    try expect("listed")
    store.listed = try number()
    if skip(", unanswered") { store.silence = try string() }
    return store
  }

  fileprivate mutating func finding(
    of kind: Key.Kind, among stores: [String]
  ) throws(DriverError) -> ScrubPlan.Finding {
    let key = try key(kind)
    try expect("at")
    return ScrubPlan.Finding(key: key, stores: try names(among: stores))
  }

  fileprivate mutating func repair(
    of kind: Key.Kind, among stores: [String]
  ) throws(DriverError) -> ScrubPlan.Repair {
    let key = try key(kind)
    var stat = Stat(byteCount: 0)
    if skip("tombstone") {
      stat.isTombstone = true
    } else {
      stat.byteCount = try number()
      try expect("bytes")
    }
    if !skip("from") {
      stat.stamp = try stamp()
      try expect("from")
    }
    let sources = try names(among: stores)
    try expect("to")
    var targets: [ScrubPlan.Target] = []
    repeat { targets.append(ScrubPlan.Target(store: try name(among: stores), need: try choice())) } while !isAtEnd
    return ScrubPlan.Repair(key: key, stat: stat, sources: sources, targets: targets)
  }
}
