extension PurgePlan: CustomStringConvertible {
  /// The plan as text, a line for each store and each tombstone.
  public var description: String {
    var lines = ["purge plan 1", "keys      \(PlanText.scope(kind, prefix)), settled for \(minimumAge.text)"]
    for store in stores { lines.append("store     \(PlanText.quote(store))") }
    for removal in removals { lines.append("remove    \(removal)") }
    for tombstone in young { lines.append("young     \(tombstone)") }
    for wait in unsettled {
      lines.append(
        "unsettled \(PlanText.quote(wait.key.name)) not at \(wait.stores.map(PlanText.quote).joined(separator: " "))")
    }
    lines.append(end.map { "full      after \(PlanText.quote($0.name))" } ?? "end")
    return lines.joined(separator: "\n")
  }

  /// Reads a plan from its text, reviewed or not: empty lines and those that begin with `#` are passed over, and lines of
  /// keys may be taken out.
  ///
  /// - Throws: `corrupt`, with the number of the line and what is wrong with it. A text that was cut off is refused.
  public init(_ text: String) throws(DriverError) {
    var line = try PlanText(text, title: "purge plan 1")
    try line.begin()
    try line.expect("keys")
    let (kind, prefix) = try line.scope()
    try line.expect(", settled for")
    self.init(kind: kind, prefix: prefix, minimumAge: try line.duration(), stores: [])
    while true {
      try line.begin()
      if line.skip("store") {
        stores.append(try line.string())
      } else if line.skip("remove") {
        removals.append(try line.tombstone(of: kind))
      } else if line.skip("young") {
        young.append(try line.tombstone(of: kind))
      } else if line.skip("unsettled") {
        let key = try line.key(kind)
        try line.expect("not at")
        unsettled.append(Unsettled(key: key, stores: try line.names(among: stores)))
      } else {
        end = try line.end(of: kind, orOneOf: "store, remove, young, unsettled")
        return
      }
    }
  }
}

extension PurgePlan.Tombstone: CustomStringConvertible {
  /// The key, the stamp, and for how long it had been settled.
  public var description: String { "\(PlanText.quote(key.name)) \(stamp) settled for \(age.text)" }
}

extension PlanText {
  fileprivate mutating func tombstone(of kind: Key.Kind) throws(DriverError) -> PurgePlan.Tombstone {
    let key = try key(kind)
    let stamp = try stamp()
    try expect("settled for")
    return PurgePlan.Tombstone(key: key, stamp: stamp, age: try duration())
  }
}
