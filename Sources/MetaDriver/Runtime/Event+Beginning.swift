extension Event {
  /// One operation on one node, as it begins. The same operation, as it ended, is an ``Event`` that is told of later.
  public struct Beginning: Sendable {
    /// The nodes from the root to this one, by name, or by kind where there is no name.
    public var path: [String] { trace.path }
    /// The places of those nodes among their siblings, from the root's child down.
    public var indices: [Int] { trace.indices }
    /// What is asked.
    public let operation: Operation
    /// Of which datum; `nil` for operations on none in particular.
    public let key: Key?
    /// Which attempt it is, from 1.
    public let attempt: Int
    /// When it begins, on the runtime's clock.
    public let start: Duration

    private let trace: Trace

    init(_ operation: Operation, _ key: Key?, attempt: Int, start: Duration, trace: Trace) {
      self.operation = operation
      self.key = key
      self.attempt = attempt
      self.start = start
      self.trace = trace
    }

    /// Whether a node above has answered by now, so that nobody waits for the result any more.
    package var isLate: Bool { trace.isLate }

    /// The operation, as its event has it too; another operation may have it once this one has ended.
    package var operationID: ObjectIdentifier { ObjectIdentifier(trace) }
  }
}

extension Event.Beginning: CustomStringConvertible {
  /// One line: path, operation, key.
  public var description: String {
    "\(path.joined(separator: "/")): \(operation)\(key.map { " \($0)" } ?? "") begins"
  }
}
