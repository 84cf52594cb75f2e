/// Is told of every operation on every node, when it has ended.
///
/// ```swift
/// struct Printer: Observer { func record(_ event: Event) { print(event) } }
/// let profiles = try Strategy("profiles", runtime: Runtime(observer: Printer())) { … }
/// ```
///
/// Operations that end after their caller was answered (a straggler of a write, a read that lost a race or ran out of
/// time) are told of too, when they end. Without an observer nothing is measured and nothing is allocated.
public protocol Observer: Sendable {
  /// Takes one event. It is called on whichever thread the operation ended on, several at once: be quick, and do not
  /// block.
  func record(_ event: Event)
}
