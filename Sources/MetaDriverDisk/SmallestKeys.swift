import MetaDriver

/// The smallest of many keys: what one page of a listing needs, in memory that does not grow with the store.
struct SmallestKeys {
  /// How many keys are kept.
  let limit: Int
  private var keys: [Key] = []

  init(limit: Int) { self.limit = limit }

  mutating func insert(_ key: Key) {
    keys.append(key)
    if keys.count >= 4 * limit + 64 { keys = sorted }
  }

  /// The keys that are kept, in ascending order.
  var sorted: [Key] { Array(keys.sorted().prefix(limit)) }
}
