private import Synchronization

/// The caller of a write that goes on without it.
final class Caller: Sendable {
  private let left = Mutex(false)
  /// Who waits for this caller's own answer.
  private let outer: Caller?

  init(of outer: Caller?) { self.outer = outer }

  /// Whether it, or whoever waits for it, has been told that nobody knows what became of the write.
  var hasLeft: Bool { left.withLock(\.self) || outer?.hasLeft ?? false }

  /// The caller is told so now, and may write the next thing.
  func leave() { left.withLock { $0 = true } }
}
