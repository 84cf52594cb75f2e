private import Synchronization

/// A durable queue of writes for children that did not take them: hinted handoff.
///
/// ```swift
/// let journal = HandoffJournal(on: disk)
/// let profiles = try Strategy("profiles") {
///   Quorum(read: 2, write: 2, remainder: .handoff(journal)) { eu; us; cloud }
/// }
/// try await profiles.open()                              // what was queued before is sent on
/// print(try await journal.pending())                     // what is queued, for whom, since when
/// print(try await journal.drain(deadline: profiles.runtime.now + .seconds(60)))
/// ```
///
/// Nodes queue into it (``Remainder/handoff(_:)``, ``HintedHandoff``): an entry is durable before the write is
/// acknowledged as queued. For each child and key there is one entry, the newest. Entries are sent on in the background,
/// one after the other for each child, when the child takes writes again; an attempt that fails is followed by a wait,
/// as `backOff` says. They never replace anything newer at the child. An entry is removed when the child has acknowledged
/// it, or holds something newer, as it counts its own writes. Each of these is told to the runtime's observer (`handoff`).
///
/// - **Notes**: where a store that took the write can be read, an entry is a note of about 150 bytes, with the key and the
///   stamp, and the bytes are read from that store when the note is sent, or newer ones that have replaced them there. A
///   write that only the queue has, a delete, and what only stores took that cannot be read, is queued whole. A note whose
///   stores have all lost the write is not sent, and stays listed.
/// - **Children that still write** when the write holds are noted too, so that a crash loses nothing. They are sent nothing
///   while their write may arrive, for as long as an attempt has, and nobody is told unless it fails.
/// - **Time**: an attempt has 30 s, and a second more for each 64 KiB; after one that ran out of time, twice as long. A
///   ``Timeout`` at the child ends it sooner.
/// - **Refusals**: what a child refuses for good (`denied`, `tooLarge`, `invalidKey`, …) is sent once by each process, once
///   more by each ``drain(deadline:in:)``, and, where it was denied, when the child takes another write.
/// - **Other names**: what is queued for a child whose stores have another name now goes to that child, if each of the
///   stores has an identity that processes share. A child that is gone is named by the receipt of `open`; its entries stay
///   until every child of a node that was opened has what they say, which ``drain(deadline:in:)`` looks for, or until
///   ``discard(_:in:)``.
///
/// Trees may share a journal, and children of one name, as long as these are the same stores, and a write needs the same of
/// them. Each tree may be closed by itself. A tree with another rule is refused when it is opened or first called, while the
/// other one is open or has entries left: a write that one tree queued for two stores of three would be done after one. A
/// new process sends by the rule of the tree that it opens.
///
/// Replay is nobody's call: it has no caller's hints, identity or credentials. A driver that needs them refuses it.
///
/// - **Limits**: a write that needs an entry beyond `entryLimit` or `byteLimit` throws `noSpace`. An entry waits for as
///   long as it takes, unless a `window` was asked for: one that waited longer in this process is not sent any more, which
///   the observer and ``drain(deadline:in:)`` tell. It stays, and is read, until ``discard(_:in:)`` gives it up. An
///   older write that has to be queued does not take its place: the newest waits anew, and is sent. The wall clock has no
///   say in it. Before tombstones are purged, drain the journals: an older put that is sent afterwards brings its datum
///   back.
/// - **Damage**: an entry that cannot be read does not stop the others. It is reported as `corrupt`, by name, until
///   ``discardDamaged(in:)`` gives it up.
/// - **One process**: give each process a journal, and a place for its entries, of its own.
///
/// The journal keeps about 200 bytes of memory for each entry, and reads them all once, when it is first used.
public final class HandoffJournal: Sendable {
  /// How long a child has to answer one attempt.
  static let attemptLimit: Duration = .seconds(30)

  struct State {
    var queue: HandoffQueue
    /// Entries that cannot be read, by their keys.
    var damaged: [Key: DriverError] = [:]
    var isLoaded = false
    /// Whether children were registered since what is queued was last looked through for what may be theirs.
    var hasNewTargets = false
    var isClosed = false
    /// Each child as the nodes see it that were opened, the last one at the end: trees that share the journal may share
    /// children.
    var targets: [String: [HandoffTarget]] = [:]
    /// The rule of each child that was reached in this process: how many copies make a write count as sent.
    var rules: [String: String] = [:]
    /// The task that sends to each child while something is queued for it.
    var loops: [String: Loop] = [:]
    var lastLoop = 0
    /// How many callers drain the journal: they report what they send, so the background waits.
    var drains = 0
  }

  struct Loop {
    let number: Int
    var task: Task<Void, Never>?
  }

  let driver: any Driver
  let outline: Outline
  /// The stores that it is kept in.
  let stores: Set<String>
  let backOff: BackOff
  private let state: Mutex<State>
  /// Lets one change of an entry through at a time.
  let turns = TurnQueue()

  /// Makes a journal, which holds what its driver holds.
  ///
  /// - Parameters:
  ///   - driver: Where the entries are kept, under keys that begin with `metadriver/handoff/`. What it acknowledges must survive
  ///     whatever the entries are to survive, and it is not one of the children.
  ///   - entryLimit: How many entries it holds at most.
  ///   - byteLimit: How many bytes it holds at most.
  ///   - window: How long an entry may wait in one process before it is not sent any more; `nil` for as long as it takes.
  ///   - backOff: How long to wait after an attempt that failed.
  public init(
    on driver: some Driver, entryLimit: Int = 10_000, byteLimit: Int = 256 << 20, window: Duration? = nil,
    backOff: BackOff = BackOff()
  ) {
    precondition(
      entryLimit >= 1 && byteLimit >= 1 && window.map { $0 > .zero } ?? true,
      "a journal of \(entryLimit) entries and \(byteLimit) bytes for \(window.map { "\($0)" } ?? "ever") holds nothing")
    self.driver = driver
    self.backOff = backOff
    outline = driver.outline
    stores = Set(outline.leaves.map(\.identity))
    state = Mutex(State(queue: HandoffQueue(entryLimit: entryLimit, byteLimit: byteLimit, window: window)))
  }

  /// Looks at the state, or changes it.
  func withState<Answer: Sendable, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try state.withLock { state throws(Failure) in try body(&state) }
  }

  /// Where the entries are kept, as it is called in reports.
  var label: String { outline.label }

  /// What is queued, by child and key, what has expired included.
  ///
  /// - Parameter context: Where the journal is read, if it has not been yet; a context of its own when not given.
  /// - Throws: `corrupt`, naming them, while there are damaged entries; what the driver throws.
  public func pending(in context: Context = Context()) async throws(DriverError) -> [Entry] {
    try await load(in: context.apart(traced: false))
    let (entries, damaged) = withState { state in
      (state.entries, state.damaged.sorted { $0.key < $1.key }.map(\.value))
    }
    if let first = damaged.first {
      throw damaged.count == 1
        ? first : DriverError(.corrupt, "\(damaged.count) entries are damaged; the first: \(first.message)")
    }
    return entries
  }

  /// Gives up the entries that cannot be read.
  ///
  /// - Parameter context: Where the driver is called; a context of its own when not given.
  /// - Returns: What was wrong with each, with its name.
  /// - Throws: What the driver throws; the entries discarded until then are gone.
  @discardableResult
  public func discardDamaged(in context: Context = Context()) async throws(DriverError) -> [DriverError] {
    let context = context.apart(traced: false)
    try await load(in: context)
    var discarded: [DriverError] = []
    for (key, error) in withState({ $0.damaged }).sorted(by: { $0.key < $1.key }) {
      try await turns.enter(key)
      defer { turns.leave(key) }
      guard withState({ $0.damaged[key] != nil }) else { continue }
      _ = try await context.delete(key, proof: nil, from: driver)
      withState { $0.damaged[key] = nil }
      discarded.append(error)
    }
    return discarded
  }

  /// Gives entries up: what has expired, was refused, or is of a child that is gone.
  ///
  /// ```swift
  /// let journal = HandoffJournal(on: disk)
  /// let old = try await journal.pending().filter { $0.child == "old cloud" || $0.isExpired }
  /// try await journal.discard(old)
  /// ```
  ///
  /// An entry that a newer one has replaced meanwhile stays.
  ///
  /// - Parameters:
  ///   - entries: Which, as ``pending(in:)`` gave them.
  ///   - context: Where the driver is called; a context of its own when not given.
  /// - Returns: What was given up.
  /// - Throws: What the driver throws; the entries given up until then are gone.
  @discardableResult
  public func discard(_ entries: [Entry], in context: Context = Context()) async throws(DriverError) -> [Entry] {
    let context = context.apart(traced: false)
    try await load(in: context)
    var discarded: [Entry] = []
    for entry in entries {
      let slot = HandoffQueue.Slot(child: entry.child, key: entry.key)
      guard let item = withState({ $0.queue[slot] }), Entry(slot, item).isSameWrite(as: entry) else { continue }
      if try await discard(slot, item.rank, in: context) { discarded.append(entry) }
    }
    return discarded
  }

  /// Stops sending, and closes the driver. What is queued stays there. Later writes that need an entry throw `closed`.
  ///
  /// - Parameter context: Where the driver is called; a context of its own when not given.
  public func close(in context: Context = Context()) async throws(DriverError) {
    let tasks = withState { state in
      state.isClosed = true
      state.targets = [:]
      defer { state.loops = [:] }
      return state.loops.values.compactMap(\.task)
    }
    for task in tasks { task.cancel() }
    try await context.apart(traced: false).close(driver)
  }
}

extension HandoffJournal.State {
  /// How a child is reached now; `nil` when no node that was opened has it.
  func target(of child: String) -> HandoffTarget? { targets[child]?.last }

  /// What is queued, by child and key.
  var entries: [HandoffJournal.Entry] {
    queue.items.sorted { $0.key < $1.key }.map { HandoffJournal.Entry($0.key, $0.value) }
  }
}
