/// What a row must reach.
struct Target {
  /// What of a row is looked at.
  enum Quantity: String {
    case nanoseconds = "ns"
    case ratio = "x"
    /// How many nanoseconds it takes longer than the other side.
    case excess
    case allocations
    case switches
  }

  let row: String
  let quantity: Quantity
  let range: ClosedRange<Double>

  init(_ row: String, _ quantity: Quantity, _ range: ClosedRange<Double>) {
    self.row = row
    self.quantity = quantity
    self.range = range
  }

  /// Every target of the package.
  static let all =
    [
      Target("five modifiers, get hit", .nanoseconds, 0...1_000),
      Target("five modifiers, get hit", .allocations, 0...2),
      Target("FirstSuccess of three, first answers", .ratio, 0...1.15),
      Target("fan-out write to three memory leaves", .ratio, 0...0.7),
      Target("quorum read, 2 of 3: 5, 10, 20 ms", .ratio, 0...1.02),
      Target("quorum write, 2 of 3: 5, 10, 20 ms", .ratio, 0...1.02),
      Target("the same read in virtual time", .ratio, 1...1),
      Target("the same write in virtual time", .ratio, 1...1),
      Target("get from the main actor", .ratio, 0...1.5),
      Target("get from the main actor", .switches, 0...0),
      Target("the same, leaves of 1, 2 and 3 ms", .switches, 0...1),
      Target("disk put 1 KiB, durable", .ratio, 0...1.15),
      Target("disk, 16 puts at once against in a row", .ratio, 0...0.7),
      Target("disk get 1 KiB, warm", .ratio, 0...1.5),
      Target("SQLite put 1 KiB, full", .ratio, 0...1.3),
      Target("SQLite put 1 KiB, ordered", .ratio, 0...1.3),
      Target("SQLite get 1 KiB", .ratio, 0...1.3),
      Target("SQLite, 16 puts at once against in a row", .ratio, 0...0.7),
      Target("simulator, a step of sleeping tasks", .nanoseconds, 0...1_000),
      Target("simulator, 24 h of back-off", .nanoseconds, 0...50_000_000),
      Target("guarantees of 20 leaves, a majority", .nanoseconds, 0...50_000_000),
      Target("guarantees of 20 leaves, stores that stand twice", .nanoseconds, 0...50_000_000),
      Target("best tree of five leaves", .nanoseconds, 0...2_000_000_000),
      Target("100,000 operations of 32 clients judged", .nanoseconds, 0...250_000_000),
      Target("memory, 1,000,000 keys listed", .nanoseconds, 0...10_000_000_000),
    ] + listingRows.map { Target($0, .excess, -.infinity...2_000_000_000) }
    + storeRows.map { Target($0, .ratio, 0...1.2) }

  /// The rows of stores that hold many keys.
  private static let listingRows = ["memory", "disk", "SQLite"].flatMap { store in
    ["keys listed", "keys, scrub plan", "keys, purge plan", "keys, migration"].map { "\(store), 100,000 \($0)" }
  }

  /// The rows of stores behind HTTP.
  private static let storeRows = ["HTTP get", "S3 get", "S3 put", "WebDAV get", "WebDAV put", "etcd get", "etcd put"]
    .flatMap { row in
      ["1 KiB", "1 MiB"].flatMap { size in [1, 16, 64].map { "\(row) \(size), \($0) at once" } }
    }

  /// Whether a row reaches it; `nil` where the platform gives no figure.
  func isMet(by row: Row) -> Bool? {
    switch quantity {
    case .nanoseconds: range.contains(row.measured.here.nanoseconds)
    case .ratio: row.measured.ratio.map(range.contains)
    case .excess: row.measured.reference.map { range.contains(row.measured.here.nanoseconds - $0.nanoseconds) }
    case .allocations: row.measured.here.allocations.map(range.contains)
    case .switches: row.measured.here.switches.map(range.contains)
    }
  }
}

extension Target: CustomStringConvertible {
  var description: String {
    if quantity == .excess { return "≤ \(decimal(range.upperBound / 1e9, 0)) s more" }
    if quantity == .nanoseconds, range.upperBound >= 1e6 { return "≤ \(decimal(range.upperBound / 1e6, 0)) ms" }
    let limit = decimal(range.upperBound, range.upperBound < 10 && quantity == .ratio ? 2 : 0)
    let amount = range.lowerBound == range.upperBound ? "exactly \(limit)" : "≤ \(limit)"
    return quantity == .ratio ? "\(amount) x" : "\(amount) \(quantity.rawValue)"
  }
}
