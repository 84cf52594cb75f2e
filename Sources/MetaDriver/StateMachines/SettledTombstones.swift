/// Remembers since when every store has been seen to hold a tombstone, on a clock that never steps. Pure: it is told the
/// time.
struct SettledTombstones {
  private struct Sighting {
    let stamp: Stamp
    let since: Duration
  }

  private let limit: Int
  private var sightings: [Key: Sighting] = [:]

  /// - Parameter limit: How many tombstones are remembered.
  init(limit: Int) { self.limit = limit }

  /// How many are remembered.
  var count: Int { sightings.count }

  /// Takes over what another purge knew at a moment.
  mutating func take(over tombstones: [PurgePlan.Tombstone], at moment: Duration) {
    for tombstone in tombstones where sightings.count < limit {
      sightings[tombstone.key] = Sighting(stamp: tombstone.stamp, since: moment - tombstone.age)
    }
  }

  /// How long a tombstone has been settled that every store holds now. One that cannot be remembered stays new.
  mutating func age(of key: Key, _ stamp: Stamp, now: Duration) -> Duration {
    if let known = sightings[key], known.stamp == stamp { return max(.zero, now - known.since) }
    if sightings.count < limit || sightings[key] != nil { sightings[key] = Sighting(stamp: stamp, since: now) }
    return .zero
  }

  /// Forgets a tombstone that not every store holds: its age begins anew when all do.
  mutating func forget(_ key: Key) { sightings[key] = nil }

  /// Forgets all tombstones but these.
  mutating func forgetAll(but keys: Set<Key>) { sightings = sightings.filter { keys.contains($0.key) } }
}
