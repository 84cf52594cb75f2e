/// Puts that bring a leaf up to date: read repair, write-back, handoff, scrubs and migrations. They carry a copy that was
/// written some time ago, so they must never replace anything newer.
extension Context {
  /// How often a put is tried again because somebody else wrote between the look and the put.
  private static let attemptLimit = 8
  /// How many reads in a row must find damage before it is believed to be in the store, and not on the way.
  private static let damageLimit = 3

  /// Reads from a child, and reads again what seems to be damaged.
  ///
  /// - Throws: `corrupt` when it is damaged each time.
  func getPatiently(
    _ get: () async throws(DriverError) -> Record?
  ) async throws(DriverError) -> Record? {
    for _ in 1..<Self.damageLimit {
      do throws(DriverError) { return try await get() } catch {
        guard error.code == .corrupt else { throw error }
      }
    }
    return try await get()
  }

  /// Puts a record at a leaf that does not compare stamps itself, unless what is stored ranks at least as high.
  ///
  /// With compare-and-put the look and the put are one step. Without, they are one turn at the leaf, which is as good
  /// within one process: as good as the order of the leaf's puts is at all.
  func bringUpToDate(
    _ child: some Driver, with record: Record, at key: Key
  ) async throws(DriverError) -> Receipt {
    let capabilities = child.outline.capabilities
    guard capabilities.contains(.get) else {
      throw DriverError(
        .unsupported,
        "\(child.outline.component) can neither compare stamps nor be read: a put could replace newer data")
    }
    for _ in 0..<Self.attemptLimit {
      let stored: Record?
      // A bit that flipped on the way may hide a newer copy. Damage that stays beats nothing: a good copy replaces it.
      var isDamaged = false
      do throws(DriverError) {
        stored = try await getPatiently { () throws(DriverError) in
          try seen(try await child.get(key, in: self), from: child, key)
        }
      } catch {
        guard error.code == .corrupt else { throw error.with(effect: .unchanged) }
        stored = nil
        isDamaged = true
      }
      if let stored, !record.ranksAbove(stored) {
        guard let stamp = stored.stamp, stored != record else { return Receipt(.stored, stamp: record.stamp) }
        return Receipt(.superseded(by: stamp), stamp: record.stamp)
      }
      guard capabilities.contains(.compareAndPut), !isDamaged else {
        return try await child.put(record, at: key, in: self)
      }
      do throws(DriverError) {
        return try await child.put(record, at: key, if: stored.map { .unchanged(since: $0) } ?? .absent, in: self)
      } catch {
        guard error.code == .conflict else { throw error }
      }
    }
    throw DriverError(
      .conflict, "somebody else wrote \(key) in each of \(Self.attemptLimit) attempts to bring it up to date")
  }
}
