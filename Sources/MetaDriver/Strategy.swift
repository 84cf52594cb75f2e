private import Synchronization

/// A tree of drivers that was checked, with the runtime it runs in: what an application holds.
///
/// ```swift
/// let profiles = try Strategy("profiles") {
///   ReadYourWrites {
///     Quorum(read: 2, write: 2) {
///       DiskDriver(at: folder, name: "nas")
///       eu.timeout(.seconds(2))
///       us.timeout(.seconds(2))
///     }
///   }
/// }
/// print(profiles)                                       // the tree, and what the checks warn of
/// try await profiles.put(bytes, at: "alice/profile")
/// let copy = try await profiles.get("alice/profile")    // a Record, or nil where nothing is stored
/// ```
///
/// Composing throws a ``CompositionError`` when the tree cannot keep what its nodes promise. Every call throws
/// ``DriverError``; its path begins with the strategy's name. Cancelling the calling task cancels reads and what has
/// not been sent; a write that was sent goes on in the background.
public final class Strategy: Sendable {
  /// Who is meant to see what is written.
  public enum Visibility: Hashable, Sendable {
    /// Other clients too: a write that only local-only drivers hold must not be acknowledged.
    case shared
    /// This client only.
    case privateData
  }

  /// The name of the strategy, which begins every path.
  public let name: String
  /// The tree, as data.
  public let outline: Outline
  /// What the checks warn of.
  public let warnings: [Remark]
  /// The clock, the randomness and the background work of every call.
  public let runtime: Runtime

  let root: Children
  private let traceRoot: Trace.Root
  private let stragglers = Stragglers(children: 1)
  private let isClosed = Atomic(false)

  /// Checks a tree and makes a strategy of it.
  ///
  /// - Parameters:
  ///   - name: What to call it in paths and reports.
  ///   - runtime: What it runs in; a runtime of its own when it is not given.
  ///   - visibility: Who is meant to see what is written.
  ///   - needs: What the application will ask for, of mutable data. A tree that cannot do it does not compose, and the
  ///     error names the node that takes it away. Without it, such a call is refused when it is made.
  ///   - root: The tree: one driver.
  /// - Throws: What is wrong with the tree, with where, why and how to mend it.
  public init(
    _ name: String, runtime: Runtime = Runtime(), visibility: Visibility = .shared, needs: Capabilities = [],
    @DriverBuilder _ root: () -> [any Driver]
  ) throws(CompositionError) {
    let roots = root()
    guard let root = roots.first, roots.count == 1 else {
      let remark =
        roots.isEmpty
        ? Remark(
          .error, "a strategy has one root, and its block holds none",
          mend: "Look at the conditions that left all drivers out", path: [name])
        : Remark(
          .error, "a strategy has one root, and its block holds \(roots.count) drivers",
          mend: "Combine them with Replicated, FirstSuccess or Quorum", path: [name])
      throw CompositionError(strategy: name, remarks: [remark])
    }
    let outline = root.outline
    let found = TreeChecks(outline).remarks(isPublished: visibility == .shared)
    let remarks = (outline.missing(needs) + found).map { remark in
      var remark = remark
      remark.path.insert(name, at: 0)
      return remark
    }
    guard !remarks.contains(where: { $0.severity == .error }) else {
      throw CompositionError(strategy: name, remarks: remarks)
    }
    self.name = name
    self.root = Children([root])
    self.outline = outline
    self.runtime = runtime
    warnings = remarks
    traceRoot = Trace.Root(name: name, outline: outline)
  }

  // MARK: Life

  /// Opens every driver, so that what is missing is known before the first call.
  ///
  /// - Returns: What became of each driver. A strategy starts degraded when some could not be opened; a write fails at
  ///   the node that requires one of those, before that node touches any other of its children.
  /// - Throws: The reason when no driver could be opened; `unsupported` when the options leave some out.
  @discardableResult
  public func open(options: CallOptions = CallOptions()) async throws(DriverError) -> Receipt {
    guard options.omitting.isEmpty else {
      let names = options.omitting.sorted().joined(separator: ", ")
      throw DriverError(
        .unsupported, "open leaves out \(names), and it opens every driver: one that fails is no reason for it to fail",
        effect: .unchanged
      ).inside(name)
    }
    return try await call("open", isWrite: true, .put, on: nil, options) { context throws(DriverError) in
      try await self.root.open(at: 0, context)
    }
  }

  /// Waits for the writes that go on after their callers were answered.
  ///
  /// - Parameter timeout: How long to wait; `nil` waits for as long as it takes.
  /// - Returns: Whether everything ended in time.
  @discardableResult
  public func drain(timeout: Duration? = nil) async -> Bool { await runtime.drain(timeout: timeout) }

  /// Waits for the writes under way, and closes every driver. Later calls throw `closed`.
  ///
  /// - Parameter timeout: How long to wait for the writes under way; `nil` waits for as long as they take.
  /// - Throws: `timedOut` when writes were still under way; the drivers are closed all the same.
  public func close(timeout: Duration? = .seconds(30)) async throws(DriverError) {
    guard isClosed.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged else {
      return
    }
    let isDrained = await runtime.drain(timeout: timeout)
    let left = runtime.taskCount
    let context = Context(runtime, options: nil, root: traceRoot)
    do throws(DriverError) { try await root.close(at: 0, context) } catch { throw error.inside(name) }
    guard isDrained else {
      throw DriverError(.timedOut, "closed while \(left) operations were still under way").inside(name)
    }
  }

  // MARK: Calls

  /// Runs an operation on the root in a context of its own, within the caller's time limit if there is one.
  ///
  /// - Parameters:
  ///   - need: What is called, as one capability.
  ///   - kind: The kind of data; `nil` for both.
  ///   - body: Written without a capture list: with one, the compiler (6.3) takes the closure off the caller's
  ///   actor, and a call from the main actor switches threads twice.
  func call<Answer: Sendable>(
    _ operation: @autoclosure () -> String, isWrite: Bool, _ need: Capabilities, on kind: Key.Kind?,
    _ options: CallOptions?,
    _ body: @escaping @Sendable (Context) async throws(DriverError) -> Answer
  ) async throws(DriverError) -> Answer {
    do throws(DriverError) {
      guard !isClosed.load(ordering: .relaxed) else {
        throw DriverError(.closed, "\(operation()) came after the strategy was closed")
      }
      if let options, !options.omitting.isEmpty { try check(Omissions(options.omitting), need, kind) }
      let context = Context(runtime, options: options, root: traceRoot)
      defer { context.trace?.end() }
      guard let limit = options?.timeout else { return try await body(context) }
      return try await context.limited(operation(), limit: limit, isWrite: isWrite, stragglers: stragglers, body)
    } catch {
      throw error.inside(name)
    }
  }
}

extension Strategy {
  /// Refuses to leave out drivers that are not there, or that the tree cannot do without, before any driver is asked.
  private func check(_ omissions: Omissions, _ need: Capabilities, _ kind: Key.Kind?) throws(DriverError) {
    guard let refusal = omissions.refusal(of: need, on: kind, in: outline) else { return }
    throw DriverError(.unsupported, refusal.reason, outcomes: refusal.outcomes, effect: .unchanged)
  }
}

extension Strategy: CustomStringConvertible {
  /// The name, the tree, and the warnings, a line for each.
  public var description: String {
    let indented = outline.description.split(separator: "\n").map { "  \($0)" }
    return (["\(name)"] + indented + warnings.map { "\($0)" }).joined(separator: "\n")
  }
}
