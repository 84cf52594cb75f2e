/// Which tombstones a ``Purge`` would remove, as a value: to print and to review before it is applied.
///
/// A review may take removals out.
public struct PurgePlan: Hashable, Sendable {
  /// A tombstone that every store holds.
  public struct Removal: Hashable, Sendable {
    /// The key that was deleted.
    public let key: Key
    /// The stamp of the tombstone.
    public let stamp: Stamp
  }

  /// A tombstone that must stay.
  public struct Unsettled: Hashable, Sendable {
    /// The key that was deleted.
    public let key: Key
    /// The stores that do not hold the tombstone: a ``Scrub`` brings it there.
    public let stores: [String]
  }

  /// Which kind of data was looked at.
  public let kind: Key.Kind
  /// The beginning of the names that were looked at.
  public let prefix: String
  /// How old a tombstone had to be.
  public let age: Duration
  /// The stores, in their order.
  public let stores: [String]
  /// What may go, in the order of the keys.
  public var removals: [Removal] = []
  /// What must stay until every store holds it.
  public internal(set) var unsettled: [Unsettled] = []
  /// How many tombstones every store holds that are not old enough.
  public internal(set) var young = 0
  /// The last key that was looked at, when the plan was full and ends there; `nil` for a plan that goes to the end.
  public internal(set) var end: Key?

  init(kind: Key.Kind, prefix: String, age: Duration, stores: [String]) {
    self.kind = kind
    self.prefix = prefix
    self.age = age
    self.stores = stores
  }

  /// How many keys the plan is about.
  var count: Int { removals.count + unsettled.count }

  var last: Key? { [removals.last?.key, unsettled.last?.key].compactMap(\.self).max() }
}

extension PurgePlan: CustomStringConvertible {
  /// What may go and what must stay, a line for each tombstone.
  public var description: String {
    var lines = [
      "purge of tombstones older than \(age) from \(stores.joined(separator: ", ")): \(removals.count) may go, "
        + "\(young) are too young, \(unsettled.count) are not everywhere"
    ]
    for removal in removals { lines.append("remove    \(PlanText.quote(removal.key.name)) \(removal.stamp)") }
    for wait in unsettled {
      lines.append("keep      \(PlanText.quote(wait.key.name)) not at \(wait.stores.joined(separator: ", "))")
    }
    if let end { lines.append("full      after \(PlanText.quote(end.name))") }
    return lines.joined(separator: "\n")
  }
}
