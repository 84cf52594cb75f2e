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
  /// What was written last, by key: its stamp is the floor.
  private var floors: [Key: (stamp: Stamp, stat: Stat)] = [:]
  private var records: [Key: Record] = [:]
  /// The writes in their order, the latest last. One whose stamp is not the key's floor any more was overwritten.
  private var kept: [(key: Key, stamp: Stamp)] = []
  private var firstKept = 0
  private var byteCount = 0

  init(keyLimit: Int, byteLimit: Int) {
    self.keyLimit = keyLimit
    self.byteLimit = byteLimit
  }

  /// Whether the session has room for a write of the key.
  func hasRoom(for key: Key) -> Bool { floors[key] != nil || floors.count < keyLimit }

  func floor(of key: Key) -> Stamp? { floors[key]?.stamp }

  /// The session's own writes, for its listings.
  var writes: some Sequence<(key: Key, stat: Stat)> { floors.lazy.map { ($0.key, $0.value.stat) } }

  /// Takes note of an acknowledged write. A floor is never lowered, not by a write acknowledged late either.
  mutating func acknowledge(_ record: Record, at key: Key, stamp: Stamp) {
    guard floors[key].map({ $0.stamp < stamp }) ?? true else { return }
    floors[key] = (stamp, Stat(of: record))
    byteCount += record.bytes.count - (records.updateValue(record, forKey: key)?.bytes.count ?? 0)
    kept.append((key, stamp))
    while byteCount > byteLimit, firstKept < kept.count {
      let oldest = kept[firstKept]
      firstKept += 1
      if floors[oldest.key]?.stamp == oldest.stamp {
        byteCount -= records.removeValue(forKey: oldest.key)?.bytes.count ?? 0
      }
    }
    // Half of it at most is of the past, so that a write costs a constant time on average.
    if kept.count > 2 * records.count + 64 {
      kept = kept[firstKept...].filter { floors[$0.key]?.stamp == $0.stamp }
      firstKept = 0
    }
  }

  func judge(_ stamp: Stamp?, at key: Key) -> Verdict {
    guard let floor = floor(of: key) else { return .fresh }
    if let stamp, stamp >= floor { return .fresh }
    return .below(floor: floor, own: records[key])
  }
}
