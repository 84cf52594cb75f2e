/// Is told of every operation on every node, when it begins and when it has ended.
///
/// ```swift
/// struct Printer: Observer { func record(_ event: Event) { print(event) } }
/// let profiles = try Strategy("profiles", runtime: Runtime(observer: Printer())) { … }
/// ```
///
/// Operations that end after their caller was answered (a straggler of a write, a read that lost a race or ran out of
/// time) are told of too, when they end: they are ``Event/isLate``. Without an observer nothing is measured and nothing is
/// allocated.
///
/// Both requirements are called on whichever thread the operation runs on, several at once: be quick, and do not block.
public protocol Observer: Sendable {
  /// Takes one event: an operation that has ended, or something that was noticed or done aside.
  func record(_ event: Event)

  /// Takes the beginning of an operation, whose event follows when it has ended. Whoever does not care leaves it out.
  func recordBeginning(_ beginning: Event.Beginning)
}

extension Observer {
  /// Takes no note of beginnings.
  public func recordBeginning(_ beginning: Event.Beginning) {}
}
