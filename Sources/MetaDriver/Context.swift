/// What travels down the tree with each call: the runtime, the deadline, and what the caller said of the datum.
///
/// A context is a few words and cheap to copy. A node hands its children the context it was given, changed where it
/// means to; it calls them through the context (``get(_:from:at:label:)`` and its siblings), so that paths, traces and
/// the order of puts are right without further thought.
public struct Context: Sendable {
  /// How many nodes deep a call may go. A call that goes deeper is in a tree that contains itself.
  public static let maximumDepth = 64

  private final class Extras: Sendable {
    let options: CallOptions
    init(_ options: CallOptions) { self.options = options }
  }

  /// The clock, the randomness and the background work of this call.
  public let runtime: Runtime
  /// When the answer is of no more use, on the runtime's clock (``Runtime/now``); `nil` for never.
  public var deadline: Duration?
  /// Which attempt this is, from 1; what retries count.
  public var attempt: UInt8 = 1
  private(set) var depth: UInt8
  private let extras: Extras?
  private(set) var trace: Trace?

  /// Makes the context of a call that starts here.
  public init(_ runtime: Runtime = .shared, options: CallOptions = CallOptions()) {
    self.init(runtime, options: options, depth: 0, root: nil)
  }

  init(_ runtime: Runtime, options: CallOptions?, depth: UInt8 = 0, root: Trace.Root?) {
    self.runtime = runtime
    self.depth = depth
    extras = options.map(Extras.init)
    deadline = options?.timeout.map { runtime.now + $0 }
    trace = runtime.observer.map { Trace(root: root, observer: $0) }
  }

  /// What the caller said of the datum.
  public var hints: Hints { extras?.options.hints ?? Hints() }
  /// Who calls.
  public var identity: Identity? { extras?.options.identity }
  /// The secrets of this call.
  public var credentials: Credentials { extras?.options.credentials ?? Credentials() }

  /// The context for the child at `index`: one node deeper.
  func descending(to index: Int) throws(DriverError) -> Context {
    guard depth < Self.maximumDepth else {
      throw DriverError(
        .unsupported, "the call went \(Self.maximumDepth) nodes deep: the tree contains itself")
    }
    var inner = self
    inner.depth += 1
    if let trace { inner.trace = Trace(parent: trace, index: index) }
    return inner
  }

  /// The same context with a deadline no later than `deadline`.
  func within(_ deadline: Duration) -> Context {
    var inner = self
    inner.deadline = min(deadline, self.deadline ?? deadline)
    return inner
  }
}
