private import Synchronization

/// A node's place at a handoff journal: the journal learns of its children with the first call, and forgets them when the
/// node is closed.
final class HandoffSite: Sendable {
  let journal: HandoffJournal
  /// Counts what is being queued for a node with one child.
  let stragglers = Stragglers(children: 1)
  private let attached = Mutex<Runtime?>(nil)

  init(_ journal: HandoffJournal) { self.journal = journal }

  /// Tells the journal of the node's children, unless it knows them.
  func attach(_ context: Context, _ targets: (Context) -> [HandoffTarget]) throws(DriverError) {
    guard attached.withLock({ $0 !== context.runtime }) else { return }
    try journal.register(targets(context.apart()))
    attached.withLock { $0 = context.runtime }
  }

  /// Ends the replay to the node's children.
  func detach() {
    attached.withLock { $0 = nil }
    journal.unregister(ObjectIdentifier(self))
  }
}
