private import Synchronization

/// What one client has written and seen, so that it never goes back: whatever the store below shows, and, with a journal,
/// whatever becomes of the process.
///
/// ```swift
/// let session = Session(journal: disk)
/// MonotonicReads(session) {
///   ReadYourWrites(session) {
///     Replicated(writes: .atLeast(2)) { a; b; cloud }
///   }
/// }
/// ```
///
/// A session holds two *floors* of each key: the newest stamp that it wrote, and the newest that it wrote or saw. The
/// nodes that share it keep the four guarantees of a session: ``ReadYourWrites`` that a read is never below the first,
/// ``MonotonicReads`` that it is never below the second, and both that a new stamp is above them (monotonic writes, writes
/// follow reads). Floors are raised by acknowledged writes and by what ``MonotonicReads`` has read. A write that failed
/// leaves them where they were, a delete raises them as a put does, and nothing lowers them.
///
/// ## In memory or in a journal
///
/// Without a journal the session ends with the process; it remembers `keyLimit` keys, and refuses one more with `noSpace`.
///
/// With one, a write is acknowledged, and what a read has found is answered, only when the floor is in the journal. It can
/// be any driver that has get and put. It holds one small entry for each key, and a copy of what the session wrote
/// there where a node serves it; `keyLimit` is how many are held in memory. What cannot be read from the journal, or
/// written to it, is an error of the call, never a floor of nothing: `corrupt` for a damaged entry, of which
/// ``forget(_:in:)`` is the way out. When the journal fails after the data was written, the effect of the write is
/// `unknown`, and the floor holds until the process ends. A journal that was emptied is a new session.
///
/// A journal belongs to one session at a time: a second one needs a name of its own. Every node of the session opens and
/// closes it.
///
/// A read costs one look into a dictionary; with a journal, the first read of a key one read of the journal, and each
/// write, and each read that raises a floor, one or two writes to it.
///
/// Source: D. Terry et al., *Session Guarantees for Weakly Consistent Replicated Data*.
public final class Session: Sendable {
  private let floors: Mutex<SessionFloors>
  let journal: SessionJournal?
  private let isClosed = Atomic(false)

  /// Begins a session in memory.
  ///
  /// - Parameters:
  ///   - keyLimit: How many keys it remembers.
  ///   - byteLimit: How many bytes of its own records it keeps, the last written ones.
  /// - Precondition: `keyLimit` is at least 1, and `byteLimit` is not negative.
  public init(keyLimit: Int = 100_000, byteLimit: Int = 64 << 20) {
    Self.check(keyLimit, byteLimit)
    floors = Mutex(SessionFloors(keyLimit: keyLimit, byteLimit: byteLimit))
    journal = nil
  }

  /// Goes on with the session that a journal holds; begins one where there is none.
  ///
  /// - Parameters:
  ///   - journal: Where the floors are kept. Not shared with other clients: a disk of this one's own, say.
  ///   - name: Which of several sessions in the journal it is: letters, digits, and what else an id may have.
  ///   - keyLimit: How many keys it holds in memory; the others are read from the journal when they are needed.
  ///   - byteLimit: The largest of its own records, in bytes, that it keeps a copy of in the journal.
  /// - Precondition: `name` has at most 1,024 bytes, `keyLimit` is at least 1, and `byteLimit` is not negative.
  public init(
    journal: any Driver, name: String = "session", keyLimit: Int = 100_000, byteLimit: Int = 64 << 20
  ) {
    Self.check(keyLimit, byteLimit)
    precondition(
      (1...1_024).contains(name.utf8.count), "a session's name has 1 to 1024 bytes, this one \(name.utf8.count)")
    floors = Mutex(SessionFloors(keyLimit: keyLimit, byteLimit: byteLimit, isDurable: true))
    self.journal = SessionJournal(journal, name: name)
  }

  /// Goes on, in memory, with a session of another process.
  ///
  /// - Parameters:
  ///   - token: What the session knew there.
  ///   - keyLimit: How many keys it remembers, those of the token among them, of which none is left out.
  ///   - byteLimit: How many bytes of its own records it keeps, the last written ones.
  public convenience init(resuming token: SessionToken, keyLimit: Int = 100_000, byteLimit: Int = 64 << 20) {
    self.init(keyLimit: keyLimit, byteLimit: byteLimit)
    withFloors { floors in for (key, entry) in token.entries { floors.merge(entry, at: key) } }
  }

  private static func check(_ keyLimit: Int, _ byteLimit: Int) {
    precondition(keyLimit >= 1 && byteLimit >= 0, "a session of \(keyLimit) keys and \(byteLimit) bytes holds nothing")
  }

  /// Everything that this session has written and seen, for another process to go on with.
  ///
  /// Of a session with a journal, it is everything that the journal holds, which takes a listing of it.
  ///
  /// - Throws: `tooLarge` when it does not fit into a token; `unsupported` when there is a journal that cannot be listed;
  ///   what the journal throws.
  public func token(in context: Context = Context()) async throws(DriverError) -> SessionToken {
    guard let journal else { return try SessionToken(withFloors { $0.entries }) }
    var all = SessionFloors(keyLimit: .max, byteLimit: 0)
    for (key, entry) in try await journal.entries(context) { all.merge(entry, at: key) }
    for (key, entry) in withFloors({ $0.entries }) { all.merge(entry, at: key) }
    return try SessionToken(all.entries)
  }

  /// Gives up what the session knows of one key, because its entry in the journal is damaged, or a broken clock has put
  /// its floor into the future.
  ///
  /// From then on the session may read older copies of this datum than it has written or read before.
  ///
  /// - Throws: What the journal throws; the session then knows what it knew.
  public func forget(_ key: Key, in context: Context = Context()) async throws(DriverError) {
    try await journal?.forget(key, context)
    withFloors { $0.forget(key) }
  }

  // MARK: Opening and closing

  func open(_ context: Context) async throws(DriverError) {
    try await journal?.open(context)
    isClosed.store(false, ordering: .relaxed)
  }

  /// Closes a node's child, and the journal whatever became of that.
  func close(_ context: Context, _ closeChild: () async throws(DriverError) -> Void) async throws(DriverError) {
    var failure: DriverError?
    do throws(DriverError) { try await closeChild() } catch { failure = error }
    isClosed.store(true, ordering: .relaxed)
    try await journal?.close(context)
    if let failure { throw failure }
  }

  /// Refuses what a closed journal could not take note of, before anything is done.
  func checkOpen() throws(DriverError) {
    guard let journal, isClosed.load(ordering: .relaxed) else { return }
    throw DriverError(.closed, "the session's journal \(journal.label) was closed")
  }

  func withFloors<Answer: Sendable>(_ body: (inout SessionFloors) -> Answer) -> Answer {
    floors.withLock { body(&$0) }
  }
}
