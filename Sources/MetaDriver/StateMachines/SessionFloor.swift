/// What one session has written, so that it never reads anything older. Pure.
struct SessionFloor {
  enum Verdict: Equatable {
    /// The copy is at least as new as the session's own last write.
    case fresh
    /// The copy is older: the session's own last write, or its stamp where the record is no longer kept.
    case below(floor: Stamp, own: Record?)
  }

  /// How many keys a session may have written.
  let keyLimit: Int
  /// How many bytes of its own records it keeps.
  let byteLimit: Int
  private var floors: [Key: Stamp] = [:]
  private var records: [Key: Record] = [:]
  private var kept: [Key] = []
  private var byteCount = 0

  init(keyLimit: Int, byteLimit: Int) {
    self.keyLimit = keyLimit
    self.byteLimit = byteLimit
  }

  /// Whether the session has room for a write of the key.
  func hasRoom(for key: Key) -> Bool { floors[key] != nil || floors.count < keyLimit }

  func floor(of key: Key) -> Stamp? { floors[key] }

  /// The session's own writes, for its listings.
  var writes: some Sequence<(key: Key, stamp: Stamp, record: Record?)> {
    floors.lazy.map { [records] in ($0.key, $0.value, records[$0.key]) }
  }

  /// Takes note of an acknowledged write. A floor is never lowered, not by a write acknowledged late either.
  mutating func acknowledge(_ record: Record, at key: Key, stamp: Stamp) {
    guard floors[key].map({ $0 < stamp }) ?? true else { return }
    floors[key] = stamp
    if let old = records.removeValue(forKey: key) {
      byteCount -= old.bytes.count
    } else {
      kept.append(key)
    }
    records[key] = record
    byteCount += record.bytes.count
    while byteCount > byteLimit, let oldest = kept.first {
      kept.removeFirst()
      byteCount -= records.removeValue(forKey: oldest)?.bytes.count ?? 0
    }
  }

  func judge(_ stamp: Stamp?, at key: Key) -> Verdict {
    guard let floor = floors[key] else { return .fresh }
    if let stamp, stamp >= floor { return .fresh }
    return .below(floor: floor, own: records[key])
  }
}
