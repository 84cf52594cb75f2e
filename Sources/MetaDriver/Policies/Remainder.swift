/// What becomes of the children that are still writing when a write holds, or can no longer hold.
public enum Remainder: Sendable {
  /// They go on in the background: the runtime owns them, `drain()` waits for them, the observer is told how they end.
  case background
  /// The caller waits for them.
  case `await`
  /// Their tasks are cancelled; whether they took effect is unknown. What honours cancellation leaves fewer copies than
  /// it could have.
  case cancel
  /// When the write holds, it is put into the journal for every child that has not acknowledged it: one that still
  /// writes, that failed, or whose answer was lost. The call returns when the journal has it, so that from then on every
  /// child has the record or the journal has it for the child, whatever becomes of the process. Those that still write
  /// go on in the background, and the journal sends them nothing as long as they may arrive. A write that does not hold is
  /// not queued. The journal gets a note, and no bytes, where a child that acknowledged can be read.
  ///
  /// ```swift
  /// let journal = HandoffJournal(on: disk)
  /// let profiles = try Strategy("profiles") {
  ///   Quorum(read: 2, write: 2, remainder: .handoff(journal)) { eu; us; cloud }
  /// }
  /// ```
  ///
  /// A write that holds and cannot be queued throws, with the effect `unknown`: `noSpace` when the journal is full.
  case handoff(HandoffJournal)

  /// The journal, where there is one.
  var journal: HandoffJournal? { if case .handoff(let journal) = self { journal } else { nil } }

  /// How a write asks children at once.
  var course: Course { self == .await ? .concurrent.awaitingAll : .concurrent }
}

extension Remainder: Hashable, CustomStringConvertible {
  /// Whether two remainders are the same; two journals are when they are one object.
  public static func == (left: Remainder, right: Remainder) -> Bool {
    switch (left, right) {
    case (.background, .background), (.await, .await), (.cancel, .cancel): true
    case (.handoff(let left), .handoff(let right)): left === right
    default: false
    }
  }

  /// Hashes what is compared.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    if let journal { hasher.combine(ObjectIdentifier(journal)) }
  }

  private var name: String {
    switch self {
    case .background: "background"
    case .await: "await"
    case .cancel: "cancel"
    case .handoff: "handoff"
    }
  }

  /// The name, as it is written in Swift; of a handoff, to which store.
  public var description: String { journal.map { "handoff to \($0.label)" } ?? name }
}
