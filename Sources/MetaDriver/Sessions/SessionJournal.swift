/// Where a session keeps its floors, so that they outlive the process.
struct SessionJournal: Sendable {
  private let driver: any Driver
  private let name: String
  let label: String
  /// What is wrong with the journal, for whoever composes a tree.
  let remarks: [Remark]
  /// The stores that it is kept in.
  let stores: Set<String>
  private let turns = TurnQueue()

  init(_ driver: any Driver, name: String) {
    self.driver = driver
    self.name = name
    let outline = driver.outline
    label = outline.label
    remarks = Self.remarks(outline)
    stores = Set(outline.leaves.map(\.identity))
  }

  private static func remarks(_ outline: Outline) -> [Remark] {
    let label = outline.label
    var remarks = [(Capabilities.get, "read"), (.put, "written")].filter { !outline.capabilities.contains($0.0) }.map {
      Remark(
        .error, "the session's journal \(label) cannot be \($0.1)", mend: "Give it a journal that has get and put")
    }
    remarks += TreeChecks(outline).remarks(isPublished: false).map { remark in
      Remark(remark.severity, "in the session's journal \(label): \(remark.reason)", mend: remark.mend)
    }
    if outline.leaf?.ordering == PutOrdering.none {
      remarks.append(
        Remark(
          .warning, "the session's journal \(label) does not keep its puts in order: a late one could lower a floor",
          mend: "Use a driver whose puts are in order, such as a disk"))
    }
    return remarks
  }

  // MARK: Opening and closing

  func open(_ context: Context) async throws(DriverError) {
    _ = try await context.aside.deeper().open(driver, at: 1, label: label)
  }

  func close(_ context: Context) async throws(DriverError) {
    try await context.aside.deeper().close(driver, at: 1, label: label)
  }

  // MARK: Floors

  /// Takes in what the journal holds of a key, unless that was done already.
  ///
  /// - Throws: `noSpace` when as many keys as can be held in memory wait for the journal.
  func load(_ key: Key, into session: Session, _ context: Context) async throws(DriverError) {
    try await inTurn(key) { () throws(DriverError) in
      guard !session.withFloors({ $0.isLoaded(key) }) else { return }
      try session.makeRoom(for: key, "\(key) was not touched")
      try await loadInTurn(key, into: session, context)
    }
  }

  private func loadInTurn(_ key: Key, into session: Session, _ context: Context) async throws(DriverError) {
    let place = SessionFloors.Entry.key(of: key, in: name)
    let stored: Record?
    do throws(DriverError) {
      stored = try await read(place, context)
      let (named, entry) =
        try stored.map { record throws(DriverError) in try Self.decodeFloor(record) } ?? (key, .init())
      guard named == key else { throw DriverError(.corrupt, "it is about \(named)") }
      session.withFloors { [stamp = stored?.stamp] in $0.load(entry, stored: stamp, at: key) }
    } catch { throw failure("the floors of \(key) cannot be read", at: place, of: key, error) }
  }

  private static func decodeFloor(_ record: Record) throws(DriverError) -> (key: Key, entry: SessionFloors.Entry) {
    guard !record.isTombstone else { throw DriverError(.corrupt, "somebody deleted them") }
    return try SessionFloors.Entry.decode(record.bytes)
  }

  /// How often a floor is written again because the journal turned out to hold a newer one.
  private static let attemptLimit = 3

  /// Sees to it that the journal has what the session knows of a key.
  ///
  /// Calls for one key take turns, and each writes what is known when its turn comes: an older floor never replaces a newer
  /// one, and a call that finds its floor written by the one before it has nothing to do.
  func settle(_ key: Key, of session: Session, _ context: Context) async throws(DriverError) {
    guard session.withFloors({ $0.unjournalled(key) != nil }) else { return }
    try await inTurn(key) { () throws(DriverError) in
      for _ in 0..<Self.attemptLimit {
        if !session.withFloors({ $0.isLoaded(key) }) { try await loadInTurn(key, into: session, context) }
        guard let (entry, version) = session.withFloors({ $0.unjournalled(key) }) else { return }
        let stamp = Self.stamp(after: session.withFloors { $0.stored(key) }, context)
        if try await write(entry, of: key, stamp, context) {
          return session.withFloors { $0.markJournalled(key, version: version, stored: stamp) }
        }
        // Something newer is there: what another life of this session wrote last has landed only now.
        session.withFloors { $0.unload(key) }
      }
      throw DriverError(
        .conflict,
        "another session writes the floors of \(key) in the journal \(label) too: give each session a name of its own")
    }
  }

  /// A stamp for the journal's own record. It is above the last one even if the wall clock was set back.
  private static func stamp(after last: Stamp?, _ context: Context) -> Stamp {
    let next = context.runtime.nextStamp()
    return Stamp(time: max(next.time, (last?.time ?? 0) + 1), writer: next.writer)
  }

  /// - Returns: Whether the journal holds the entry now; false when it holds a newer one.
  private func write(
    _ entry: SessionFloors.Entry, of key: Key, _ stamp: Stamp, _ context: Context
  ) async throws(DriverError) -> Bool {
    let place = SessionFloors.Entry.key(of: key, in: name)
    do throws(DriverError) {
      let receipt = try await write(Record(entry.encoded(for: key), stamp: stamp), at: place, context)
      if case .superseded = receipt.result { return false }
      guard receipt.result.isAcknowledged || receipt.result.isQueued else {
        throw DriverError(.unavailable, "the journal's driver answered \(receipt.result)", effect: .unknown)
      }
      return true
    } catch { throw failure("the floors of \(key) cannot be written", at: place, of: key, error) }
  }

  /// Replaces what the journal holds of a key, whatever that is, by floors of nothing.
  func forget(_ key: Key, _ context: Context) async throws(DriverError) {
    try await inTurn(key) { () throws(DriverError) in
      var last: Stamp?
      do throws(DriverError) {
        last = try await read(SessionFloors.Entry.key(of: key, in: name), context)?.stamp
      } catch {
        // What cannot be read because it is damaged is what is to be forgotten.
        guard error.code == .corrupt else { throw error }
      }
      guard try await write(SessionFloors.Entry(), of: key, Self.stamp(after: last, context), context) else {
        throw DriverError(.conflict, "another session writes the floors of \(key) in the journal \(label) too")
      }
    }
  }

  /// Everything that the journal holds.
  func entries(_ context: Context) async throws(DriverError) -> [(key: Key, entry: SessionFloors.Entry)] {
    let prefix = SessionFloors.Entry.prefix(in: name)
    var entries: [(key: Key, entry: SessionFloors.Entry)] = []
    var request = ListRequest(prefix: prefix)
    while true {
      let page = try await context.aside.deeper().list(request, from: driver, at: 1, label: label)
      guard page.isComplete else {
        throw DriverError(
          .unavailable,
          "the journal \(label) cannot be listed in full: \(page.unanswered.joined(separator: ", ")) did not answer")
      }
      for place in page.entries.map(\.key) {
        do throws(DriverError) {
          if let record = try await read(place, context) { entries.append(try Self.decodeFloor(record)) }
        } catch {
          throw DriverError(error.code, "the entry \(place) of the journal \(label) cannot be read: \(error.message)")
        }
      }
      guard let next = page.next else { return entries }
      request = ListRequest(prefix: prefix, after: next)
    }
  }

  // MARK: The session's own records

  /// Keeps a record that the session wrote, unless it has written a newer one since.
  func keep(_ record: Record, at key: Key, of session: Session, _ context: Context) async throws(DriverError) {
    let place = SessionCopy.key(of: key, in: name)
    try await inTurn(key) { () throws(DriverError) in
      guard session.withFloors({ $0.floor(.readYourWrites, of: key) == record.stamp }) else { return }
      do throws(DriverError) {
        _ = try await write(Record(SessionCopy.encode(record, for: key), stamp: record.stamp), at: place, context)
      } catch { throw failure("the session's copy of \(key) cannot be written", at: place, of: key, error) }
    }
  }

  /// The record that the session wrote last, where the journal has it.
  func copy(of key: Key, _ context: Context) async throws(DriverError) -> Record? {
    let place = SessionCopy.key(of: key, in: name)
    do throws(DriverError) {
      guard let stored = try await read(place, context) else { return nil }
      let (named, record) = try SessionCopy.decode(stored.bytes)
      guard named == key else { throw DriverError(.corrupt, "it is about \(named)") }
      return record
    } catch { throw failure("the session's copy of \(key) cannot be read", at: place, of: key, error) }
  }

  // MARK: Calls

  private func read(_ place: Key, _ context: Context) async throws(DriverError) -> Record? {
    try await context.aside.deeper().get(place, from: driver, at: 1, label: label)
  }

  private func write(_ record: Record, at place: Key, _ context: Context) async throws(DriverError) -> Receipt {
    try await context.aside.deeper().put(record, at: place, to: driver, at: 1, label: label)
  }

  private func inTurn<Answer>(
    _ key: Key, _ body: () async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    try await turns.enter(key)
    defer { turns.leave(key) }
    return try await body()
  }

  private func failure(_ what: String, at place: Key, of key: Key, _ error: DriverError) -> DriverError {
    var message = "\(what) in the session's journal \(label), entry \(place): \(error.message)"
    if error.code == .corrupt {
      message +=
        ". Session.forget(\(key)) begins anew without it: the session may then read older copies of \(key) than it has "
        + "written or read before"
    }
    return DriverError(
      error.code, message, underlying: error, effect: error.effect, isRetryable: error.isRetryable,
      isExhausted: error.isExhausted, retryAfter: error.retryAfter)
  }
}
