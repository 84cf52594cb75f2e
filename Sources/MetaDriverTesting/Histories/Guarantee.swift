/// What a store may promise of its reads and writes, and a checker can refute.
public enum Guarantee: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Every operation seems to happen at one moment between its beginning and its end.
  case linearizable
  /// No read gives a value that was wholly superseded before the read began, nor one from the future; and no stamps
  /// contradict the time.
  case regular
  /// A session never misses its own acknowledged writes and deletes, whatever wall clocks show.
  case readYourWrites
  /// The reads of a session never go back.
  case monotonicReads
  /// The writes of a session take effect in their order: none ranks below one before it.
  case monotonicWrites
  /// A session's write ranks above whatever the session had read before, or been told the stamp of.
  case writesFollowReads
  /// What was acknowledged can be read after the failures that the tree survives.
  case durable
  /// What was deleted stays deleted, whatever wall clocks show.
  case noResurrection
  /// Some time after the last failure every store holds the same copy of each datum, or none does. What the stores hold
  /// stands in no history: a ``Scenario`` looks.
  case convergent
  /// When a write is acknowledged, as many stores hold it, or something newer, as the tree says a write needs. What the
  /// stores hold stands in no history: a ``Scenario`` looks at those that keep the newest and were not wiped.
  case acknowledged
  /// A store holds whatever a queue took for it some time after the last failure, or something newer. What the stores
  /// hold stands in no history: a ``Scenario`` looks at those that keep the newest and were not wiped.
  case delivered

  /// The guarantee in words.
  public var description: String {
    switch self {
    case .linearizable: "linearizable"
    case .regular: "regular"
    case .readYourWrites: "read your writes"
    case .monotonicReads: "monotonic reads"
    case .monotonicWrites: "monotonic writes"
    case .writesFollowReads: "writes follow reads"
    case .durable: "durable"
    case .noResurrection: "no resurrection"
    case .convergent: "convergent"
    case .acknowledged: "acknowledged"
    case .delivered: "delivered"
    }
  }
}
