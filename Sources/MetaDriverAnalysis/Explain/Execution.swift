public import MetaDriver

/// One call, as it went: what each node of the tree was asked, when, for how long, and how that ended. See
/// ``MetaDriver/Strategy/explain(analyze:options:draining:)``.
///
/// It holds neither the bytes that were written or read nor any secret of the call.
public struct Execution: Sendable {
  /// One operation on one node.
  public struct Step: Sendable {
    /// What the node was asked.
    public let operation: Event.Operation
    /// Which attempt it was, from 1.
    public let attempt: Int
    /// When it began, since the call did.
    public let start: Duration
    /// How long it took; `nil` while it runs.
    public let duration: Duration?
    /// How it ended; `nil` while it runs.
    public let outcome: Event.Outcome?
    /// Whether it ended after a node above had answered.
    public let isLate: Bool
  }

  /// One node of the tree.
  public struct Node: Sendable {
    /// Kind, name and parameters, as in the outline.
    public let title: String
    /// What it was asked, in the order in which that began; empty for a node that was never asked.
    public let steps: [Step]
    /// The nodes below.
    public let children: [Node]
  }

  /// The name of the strategy.
  public let strategy: String
  /// What was asked, and of which datum.
  public let call: String
  /// How the call ended.
  public let outcome: Event.Outcome
  /// How long the caller waited.
  public let duration: Duration
  /// The root of the tree.
  public let root: Node
  /// How many operations there were besides that were not kept: beyond ``stepLimit``.
  public let unkeptCount: Int

  /// How many operations are kept of one call.
  public static let stepLimit = 10_000
}
