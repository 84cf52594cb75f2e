private import Synchronization

/// A session that never misses its own writes and deletes, over any child.
///
/// ```swift
/// ReadYourWrites {
///   Replicated(writes: .atLeast(2)) { disk; eu; us }
/// }
/// ```
///
/// Every write is stamped, unless a node above did. An acknowledged write becomes the key's *floor*: a later read through
/// this node that finds an older copy, or none, is below it, and `onStale` says what happens then. Deletes are
/// tombstones, so that they too have a stamp. A newer copy that somebody else wrote is above the floor and is the answer.
///
/// The session is this value and its copies: whoever shares the value shares the session. It lives in memory, and ends
/// with the process. It remembers the stamps of at most `keyLimit` keys, beyond which a write of another key is
/// refused with `noSpace`, and keeps its own records up to `byteLimit` bytes, the last written ones.
///
/// A read costs one look into a dictionary more than the child's. A failed write leaves the floor where it was.
///
/// Source: D. Terry et al., *Session Guarantees for Weakly Consistent Replicated Data*.
public struct ReadYourWrites<Base: Driver>: Modifier {
  private final class Session: Sendable {
    let floor: Mutex<SessionFloor>
    init(_ floor: SessionFloor) { self.floor = Mutex(floor) }
  }

  /// The child.
  public let base: Base
  private let session: Session
  private let onStale: StalePolicy

  /// Begins a session.
  ///
  /// - Parameters:
  ///   - onStale: What a read does when every copy it finds is below the floor.
  ///   - keyLimit: How many keys the session may write.
  ///   - byteLimit: How many bytes of its own records it keeps.
  ///   - base: The child.
  public init(
    onStale: StalePolicy = .serveOwnCopy, keyLimit: Int = 100_000, byteLimit: Int = 64 << 20,
    @ModifierBuilder _ base: () -> Base
  ) {
    precondition(keyLimit >= 1 && byteLimit >= 0, "a session of \(keyLimit) keys and \(byteLimit) bytes holds nothing")
    self.base = base()
    self.onStale = onStale
    session = Session(SessionFloor(keyLimit: keyLimit, byteLimit: byteLimit))
  }

  /// `ReadYourWrites`, above the child.
  public var outline: Outline {
    var outline = Outline(modifier: "ReadYourWrites", of: base.outline)
    if onStale != .serveOwnCopy { outline.parameters = [.init(name: "on stale", value: "\(onStale)")] }
    outline.marks.insert(.stamping)
    outline.capabilities.subtract([.compareAndPut, .compareAndDelete, .makeURL, .getURL, .stat])
    if outline.capabilities.contains(.put) { outline.capabilities.insert(.delete) }
    return outline
  }

  /// Reads a copy that is no older than what this session wrote.
  ///
  /// - Throws: `stale` when there is none, as the policy says.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    var giveUp: Duration?
    while true {
      // The floor is read first: a write acknowledged while the child is read is not this read's to know.
      let floor = session.floor.withLock { $0.floor(of: key) }
      let record = try await context.get(key, from: base, at: 0, label: base.outline.component)
      if let stamp = record?.stamp { try context.runtime.observe(stamp) }
      guard let floor, (record?.stamp).map({ $0 < floor }) ?? true,
        case .below(let newest, let own) = session.floor.withLock({ $0.judge(record?.stamp, at: key) })
      else { return record }
      switch onStale {
      case .serveOwnCopy:
        if let own { return own }
      case .wait(let limit, let pause):
        let now = context.runtime.now
        let end = giveUp ?? min(now + limit, context.deadline ?? (now + limit))
        giveUp = end
        if now + pause <= end {
          try await context.runtime.sleep(for: pause)
          continue
        }
      case .fail: break
      }
      let found = record.map { $0.stamp.map { "\($0)" } ?? "a copy without a stamp" } ?? "nothing"
      throw DriverError(
        .stale, "this session wrote \(key) at \(newest), and the newest copy to be found is \(found)", isRetryable: true
      )
    }
  }

  /// Writes a stamped record, and takes note of it when it is acknowledged.
  ///
  /// - Throws: `noSpace` when the session has written `keyLimit` other keys.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try checkRoom(for: key)
    var stamped = record
    let stamp = record.stamp ?? context.runtime.nextStamp()
    stamped.stamp = stamp
    let receipt = try await context.put(stamped, at: key, to: base, at: 0, label: base.outline.component)
    // A clock behind the other writer's would lose to it again and again.
    if case .superseded(let newer) = receipt.result { try? context.runtime.observe(newer) }
    session.floor.withLock { [stamped] in $0.acknowledge(stamped, at: key, stamp: stamp) }
    return receipt
  }

  /// Writes a tombstone, and takes note of it when it is acknowledged.
  ///
  /// - Throws: `noSpace` when the session has written `keyLimit` other keys.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await put(.tombstone(proof, stamp: context.runtime.nextStamp()), at: key, in: context)
  }

  private func checkRoom(for key: Key) throws(DriverError) {
    let limit = session.floor.withLock { $0.hasRoom(for: key) ? nil : $0.keyLimit }
    if let limit {
      throw DriverError(
        .noSpace,
        "this session remembers \(limit) keys, which is its limit; \(key) was not written. "
          + "Begin a new session, or raise keyLimit")
    }
  }

  /// Lists what the child lists, with this session's own writes.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    var merge = ListMerge(request)
    let page = try await context.list(request, from: base, at: 0, label: base.outline.component)
    merge.add(page, from: base.outline.label)
    let own = session.floor.withLock { floor in
      floor.writes.filter { request.includes($0.key) }.map { Page.Entry($0.key, $0.stat) }
    }
    merge.add(Page(own, next: nil), from: "session")
    var merged = merge.page()
    merged.unanswered = page.unanswered
    return merged
  }

  /// Refused: what a store says of its copy may be below the floor.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? { throw unsupported("stat") }

  /// Refused: the stamp is this node's to give.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt { throw unsupported("compare-and-put") }

  /// Refused: what this session wrote would be gone below it.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    throw unsupported("compare-and-delete")
  }

  /// Makes none, because it handles none.
  public func url(for key: Key) -> StorageURL? { nil }

  /// Handles none: a copy read by URL may be below the floor.
  public func handles(_ url: StorageURL) -> Bool { false }

  /// Refused.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    throw unsupported("get by URL")
  }
}

extension Driver {
  /// A session that never misses its own writes over this driver: see ``ReadYourWrites``.
  public func readYourWrites(onStale: StalePolicy = .serveOwnCopy) -> ReadYourWrites<Self> {
    ReadYourWrites(onStale: onStale) { self }
  }
}
