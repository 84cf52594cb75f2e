import MetaDriver

extension History {
  /// Refuses a history that makes no sense.
  ///
  /// Refused are: two operations with one id, two puts of one value at one key, an operation that ends before it begins,
  /// a moment that is `Int.min`, the value 0, and an audit that is not a get. A get of what nobody wrote makes sense: it
  /// is a violation of most guarantees.
  ///
  /// - Throws: The first mistake.
  /// - Complexity: O(n log n) for n operations.
  public func check() throws(HistoryError) { _ = try registers() }

  /// The registers of all keys, sorted by key.
  func registers() throws(HistoryError) -> [Register] {
    try checkIDs()
    for (place, operation) in operations.enumerated() { try check(operation, at: place) }
    // Pairs, because what is sorted is then in one piece.
    let order = operations.enumerated().map { (invoked: $0.element.invoked, place: $0.offset) }
      .sorted { ($0.invoked, $0.place) < ($1.invoked, $1.place) }
    var places: [Key: [Int]] = [:]
    for (_, place) in order { places[operations[place].key, default: []].append(place) }
    var registers: [Register] = []
    for (key, places) in places.sorted(by: { $0.key < $1.key }) {
      registers.append(try RegisterBuilder.register(of: key, places, in: self))
    }
    return registers
  }

  private func checkIDs() throws(HistoryError) {
    // As recorders number them, which needs no set.
    if zip(operations, operations.dropFirst()).allSatisfy({ $0.id < $1.id }) { return }
    var ids = Set<Int>(minimumCapacity: operations.count)
    for (place, operation) in operations.enumerated() where !ids.insert(operation.id).inserted {
      throw HistoryError(operation, at: place, "another operation before it has the same id")
    }
  }

  private func check(_ operation: Operation, at place: Int) throws(HistoryError) {
    guard operation.invoked != .min else {
      throw HistoryError(operation, at: place, "it begins at \(Int.min), which stands for the time before everything")
    }
    if case .ok(let end) = operation.outcome {
      guard end >= operation.invoked else {
        throw HistoryError(operation, at: place, "it ends at \(end), before it begins at \(operation.invoked)")
      }
      guard end != .max else {
        throw HistoryError(operation, at: place, "it ends at \(Int.max), which stands for never")
      }
    }
    switch operation.kind {
    case .put(0), .get(0): throw HistoryError(operation, at: place, "its value is 0, which stands for nothing")
    case .put, .delete:
      guard operation.audit == nil else { throw HistoryError(operation, at: place, "it is an audit, and not a get") }
    case .get: break
    }
  }
}
