/// A child that writes are queued for, and how they are sent to it.
struct HandoffTarget: Sendable {
  /// How it is called in reports, and in the journal.
  let child: String
  /// Its place among the node's children.
  let index: Int
  /// The stores below it: what tells it from another child of the same name.
  let stores: [String]
  /// The context of its node, without the caller's hints, credentials and deadline: replay comes long after the call.
  let context: Context
  /// The node that sends.
  let owner: ObjectIdentifier
  /// Puts a record, in a context in which it never replaces anything newer.
  let send: @Sendable (Record, Key, Context) async throws(DriverError) -> Receipt
  let stragglers = Stragglers(children: 1)

  /// Tells the observer what became of a queued write.
  func report(_ key: Key, _ outcome: Event.Outcome, since start: Duration) {
    guard let trace = context.trace else { return }
    Trace(parent: trace, index: index).note(
      .handoff, key, context.attempt, start: start, end: context.runtime.now, outcome)
  }
}
