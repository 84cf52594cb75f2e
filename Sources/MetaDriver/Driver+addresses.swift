/// What leaves do that make a URL of each key, and know each key by its URL.
extension Driver {
  /// Reads from the first of the keys that has a good copy, in their order.
  ///
  /// - Parameters:
  ///   - keys: The keys of those URLs that are this leaf's.
  ///   - urls: All the URLs that were given.
  ///   - place: What a URL of this leaf is, for the error that none of them was.
  /// - Throws: `unroutable` when there is no key. When no good copy is found and one could not be read, the first such
  ///   failure, naming the others.
  package func get(
    anyOf keys: [Key], for urls: [StorageURL], at place: @autoclosure () -> String, in context: Context
  ) async throws(DriverError) -> Record? {
    guard !keys.isEmpty else { throw DriverError(.unroutable, "none of \(urls.count) URLs is \(place())") }
    return try await get(anyOf: keys) { key throws(DriverError) in try await get(key, in: context) }
  }

  /// Reads from the first of some places, each a URL or what a URL stands for, that has a good copy, in their order.
  ///
  /// - Throws: When no good copy is found and one could not be read, the first such failure, naming the others.
  package func get<Place>(
    anyOf places: [Place], read: (Place) async throws(DriverError) -> Record?
  ) async throws(DriverError) -> Record? {
    var failures: [DriverError] = []
    for place in places {
      do throws(DriverError) {
        if let record = try await read(place) { return record }
      } catch {
        if error.code == .cancelled || error.code == .closed { throw error }
        failures.append(error)
      }
    }
    guard let first = failures.first else { return nil }
    if failures.count == 1 { throw first }
    throw DriverError(
      first.code,
      "\(failures.count) of \(places.count) URLs failed: \(failures.map(\.message).joined(separator: "; "))",
      effect: .unchanged, isRetryable: failures.contains(where: \.isRetryable))
  }
}
