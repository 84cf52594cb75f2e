/// What becomes of one call: how long the request and the reply travel, and what goes wrong at the store.
struct Journey: Hashable, Sendable {
  var request: Duration = .zero
  var reply: Duration = .zero
  var fault: Fault?
  /// Whether the request is called back when its caller is cancelled while it travels.
  var isCancellable = false
}
