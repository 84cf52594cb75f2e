/// Which tombstones a ``Purge`` would remove, and which must wait, as a value: to print, to review, to save, to apply, and
/// to go on from in another process.
///
/// The text is what ``init(_:)`` reads: a line for each store, and a line for each tombstone.
///
/// ```
/// purge plan 1
/// keys      mutable, beginning with "alice/", settled for 604800s
/// store     "disk"
/// store     "eu"
/// remove    "alice/photo" 1700000000000.0@1f settled for 604811s
/// young     "alice/notes" 1700600000000.0@1f settled for 86400s
/// unsettled "alice/draft" not at "eu"
/// end
/// ```
///
/// A review may take removals out. It says for how long a tombstone had been settled when the plan was made, which is a
/// duration and no date: no clock has to be right for it to mean the same in another process, or years later.
public struct PurgePlan: Hashable, Sendable {
  /// A tombstone that every store holds.
  public struct Tombstone: Hashable, Sendable {
    /// The key that was deleted.
    public let key: Key
    /// The stamp of the tombstone.
    public let stamp: Stamp
    /// For how long every store had been seen to hold it when the plan was made, in whole milliseconds.
    public let age: Duration

    init(key: Key, stamp: Stamp, age: Duration) {
      self.key = key
      self.stamp = stamp
      self.age = .milliseconds(age.nanoseconds / 1_000_000)
    }
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
  /// For how long a tombstone had to be settled.
  public let minimumAge: Duration
  /// The stores, in their order.
  public internal(set) var stores: [String]
  /// What may go, in the order of the keys.
  public var removals: [Tombstone] = []
  /// What every store holds, and has not held for long enough.
  public internal(set) var young: [Tombstone] = []
  /// What must stay until every store holds it.
  public internal(set) var unsettled: [Unsettled] = []
  /// The last key that was looked at, when the plan was full and ends there; `nil` for a plan that goes to the end.
  public internal(set) var end: Key?

  init(kind: Key.Kind, prefix: String, minimumAge: Duration, stores: [String]) {
    self.kind = kind
    self.prefix = prefix
    self.minimumAge = minimumAge
    self.stores = stores
  }

  /// How many tombstones the plan is about.
  var count: Int { removals.count + young.count + unsettled.count }

  var last: Key? { [removals.last?.key, young.last?.key, unsettled.last?.key].compactMap(\.self).max() }

  /// What every store holds.
  var settled: [Tombstone] { removals + young }
}
