/// What travels down the tree with each call: the runtime, the deadline, and what the caller said of the datum.
///
/// A context is a few words and cheap to copy. A node hands its children the context it was given, changed where it
/// means to; it calls them through the context (`get(_:from:at:)` and its siblings), so that paths, traces and
/// the order of puts are right without further thought.
public struct Context: Sendable {
  /// How many nodes deep a call may go. A call that goes deeper is in a tree that contains itself.
  public static let maximumDepth = 64

  /// What most calls share from top to bottom, behind one reference.
  final class Scope: Sendable {
    let runtime: Runtime
    let options: CallOptions?
    /// Those of the options, apart, because every node asks for them and nearly nobody gives any.
    let omitting: Set<String>?
    /// Whether a strategy has looked that its tree can do without them.
    let areOmissionsChecked: Bool
    /// What a read takes, apart for the same reason.
    let bounds: ReadBounds?
    let trace: Trace?

    init(_ runtime: Runtime, _ options: CallOptions?, _ trace: Trace?, areOmissionsChecked: Bool) {
      self.runtime = runtime
      self.areOmissionsChecked = areOmissionsChecked
      self.options = options
      omitting = options.flatMap { $0.omitting.isEmpty ? nil : $0.omitting }
      bounds = options.flatMap { ReadBounds(minimum: $0.minimum, maximum: $0.maximum) }
      self.trace = trace
    }
  }

  private var scope: Scope
  /// When the answer is of no more use, on the runtime's clock (``Runtime/now``); `nil` for never.
  public var deadline: Duration?
  /// Which attempt this is, from 1; what retries count.
  public var attempt: UInt8 = 1
  private(set) var depth: UInt8
  /// Whether a put brings a child up to date: no leaf below replaces anything newer, whatever its ordering, and a copy
  /// keeps the stamp that it has, or has not.
  public private(set) var isRepair = false
  /// Whether a read must find the newest copy there is: every child is asked, and all answers are waited for.
  public private(set) var isWide = false
  /// Whether a node above counts answers as what the stores below hold. A node that knows more than its stores, such as a
  /// queue or a session, keeps that to itself then: nobody else could read it there.
  public private(set) var isCounting = false
  /// Set for writes that are to rank above a floor: see ``ordered(above:)``.
  private var order: Order?
  /// Set for records whose stamp is above everything that was acknowledged before: see `WriteTally.Superseding.follows`.
  private(set) var isAbove = false
  /// Who waits for a write that is made in a task of the runtime's; `nil` where the caller's own task makes it.
  private(set) var caller: Caller?

  /// The wish of a node above; behind a reference, because most calls have none.
  private final class Order: Sendable {
    static let unbounded = Order(nil)
    let floor: Stamp?
    init(_ floor: Stamp?) { self.floor = floor }
  }

  /// Makes the context of a call that starts here.
  public init(_ runtime: Runtime = .shared, options: CallOptions = CallOptions()) {
    self.init(runtime, options: options, root: nil)
  }

  init(_ runtime: Runtime, options: CallOptions?, root: Trace.Root?) {
    scope = Scope(
      runtime, options, Trace(root: root, runtime.observer, options?.observer), areOmissionsChecked: root != nil)
    depth = 0
    deadline = options?.timeout.map { runtime.now + $0 }
  }

  /// The clock, the randomness and the background work of this call.
  public var runtime: Runtime { scope.runtime }
  var trace: Trace? { scope.trace }
  /// What the caller said of the datum.
  public var hints: Hints { scope.options?.hints ?? Hints() }
  /// Who calls.
  public var identity: Identity? { scope.options?.identity }
  /// The secrets of this call.
  public var credentials: Credentials { scope.options?.credentials ?? Credentials() }

  /// The drivers that the caller leaves out; `nil` for none, which is nearly always.
  var omitting: Set<String>? { scope.omitting }
  /// Those of them that no strategy has looked at, because the tree is called without one.
  var uncheckedOmissions: Set<String>? { scope.areOmissionsChecked ? nil : scope.omitting }

  /// Between which stamps a read's copy must be; `nil` for anywhere, which is nearly always.
  var bounds: ReadBounds? { scope.bounds }

  /// Whether a read may be older than what the session knows.
  var acceptsStale: Bool { scope.options?.acceptsStale ?? false }

  /// The context one node deeper, in the hands of a node that holds its children as `any Driver`, through which alone a
  /// tree can come to contain itself.
  @inline(__always)
  func deeper() throws(DriverError) -> Context {
    guard depth < Self.maximumDepth else { throw Self.tooDeep }
    var inner = self
    inner.depth += 1
    return inner
  }

  private static var tooDeep: DriverError {
    DriverError(
      .unsupported, "the call went \(maximumDepth) nodes deep: the tree contains itself", effect: .unchanged)
  }

  /// The context of an operation that is traced.
  func traced(_ trace: Trace) -> Context {
    var inner = self
    inner.scope = Scope(scope.runtime, scope.options, trace, areOmissionsChecked: scope.areOmissionsChecked)
    return inner
  }

  /// The context of puts that bring a child up to date: see ``isRepair``.
  public var repairing: Context {
    var inner = self
    inner.isRepair = true
    return inner
  }

  /// Whether a record without a stamp is to be stamped below: see ``ordered(above:)``.
  public var isOrdered: Bool { order != nil }

  /// The stamp above which a record that is stamped below must rank; `nil` for none.
  public var floor: Stamp? { order?.floor }

  /// The context of writes that must rank above what was written before.
  ///
  /// A node that needs order, such as a session, hands the floor down and leaves the stamp to the nodes below, which know
  /// what they have to ask for. A record gets its stamp at one place: at the outermost node that sends it to several
  /// children, or at the boundary to a leaf. A write that meets something newer there is stamped again, above it. The
  /// stamp comes back with the receipt.
  ///
  /// ```swift
  /// struct Ordered<Base: Driver>: Modifier {
  ///   let base: Base
  ///   let floor: Stamp
  ///   var outline: Outline { Outline(modifier: "Ordered", of: base.outline) }
  ///   func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
  ///     try await context.ordered(above: floor).put(record, at: key, to: base)     // the receipt has the stamp
  ///   }
  /// }
  /// ```
  ///
  /// - Parameter floor: What it must rank above; a floor that a node above has asked for counts too.
  public func ordered(above floor: Stamp? = nil) -> Context {
    var inner = self
    let highest = [floor, self.floor].compactMap(\.self).max()
    inner.order = highest.map(Order.init) ?? .unbounded
    return inner
  }

  /// The context of writes whose order the caller has seen to: it stamps the record itself.
  ///
  /// - Parameter isAbove: Whether the stamp is above everything that was acknowledged before.
  func stamped(isAbove: Bool) -> Context {
    var inner = self
    inner.order = nil
    inner.isAbove = isAbove || self.isAbove
    return inner
  }

  /// The context of reads whose answers are counted as what the stores below hold: see ``isCounting``.
  public var counting: Context {
    var inner = self
    inner.isCounting = true
    return inner
  }

  /// The context of work that goes on when the call is over, and has no deadline.
  var lasting: Context {
    var inner = self
    inner.deadline = nil
    return inner
  }

  /// The context of reads that must find the newest copy there is: see ``isWide``.
  public var wide: Context {
    var inner = self
    inner.isWide = true
    return inner
  }

  /// The context of calls that a node makes for itself, to a store that is no child of it: which drivers to leave out, and
  /// how new a copy must be, was said of the datum and not of what the node keeps there.
  var aside: Context {
    var inner = self
    inner.forgetWishes()
    if var options = scope.options, omitting != nil || bounds != nil || options.acceptsStale {
      (options.omitting, options.acceptsStale, options.minimum, options.maximum) = ([], false, nil, nil)
      inner.scope = Scope(scope.runtime, options, scope.trace, areOmissionsChecked: true)
    }
    return inner
  }

  /// The context of work that outlives the call: without what the caller said, and without its deadline.
  func apart(traced isTraced: Bool = true) -> Context {
    var inner = self
    let trace = isTraced ? runtime.observer.flatMap { scope.trace?.apart(observer: $0) } : nil
    inner.scope = Scope(scope.runtime, nil, trace, areOmissionsChecked: true)
    inner.deadline = nil
    inner.attempt = 1
    inner.caller = nil
    inner.forgetWishes()
    return inner
  }

  /// Leaves out what nodes above wanted of this call.
  private mutating func forgetWishes() {
    (isRepair, isWide, isCounting, isAbove, order) = (false, false, false, false, nil)
  }

  /// Whether the caller of a write has been told that nobody knows what became of it. Nothing may be stamped any more then:
  /// what the caller has written since must not be overwritten.
  var hasLostItsCaller: Bool { Task.isCancelled || caller?.hasLeft ?? false }

  /// The context of a write that goes on when its caller leaves.
  func called(by caller: Caller) -> Context {
    var inner = self
    inner.caller = caller
    return inner
  }

  /// The same context with a deadline no later than `deadline`.
  func within(_ deadline: Duration) -> Context {
    var inner = self
    inner.deadline = min(deadline, self.deadline ?? deadline)
    return inner
  }
}
