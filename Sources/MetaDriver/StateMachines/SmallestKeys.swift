/// The smallest of many keys: what one page of a listing needs, in memory that does not grow with the store.
package struct SmallestKeys {
  /// How many keys are kept.
  package let limit: Int
  private var keys: [Key] = []

  package init(limit: Int) { self.limit = limit }

  package mutating func insert(_ key: Key) {
    keys.append(key)
    if keys.count >= 4 * limit + 64 { keys = sorted }
  }

  /// The keys that are kept, in ascending order.
  package var sorted: [Key] { Array(keys.sorted().prefix(limit)) }
}
