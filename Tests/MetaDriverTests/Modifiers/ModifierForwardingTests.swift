import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// Every modifier, every operation: what is neither changed nor refused reaches the child exactly as it was handed in,
/// and the child's answer comes back exactly as it was given.
@Suite struct ModifierForwardingTests {
  typealias Operation = RecordingDriver.Operation

  enum Node: CaseIterable, Sendable {
    case localOnly, required, timeout, verified, readOnly, writeOnly, readYourWrites, monotonicReads

    func around(_ child: RecordingDriver) -> any Driver {
      switch self {
      case .localOnly: child.localOnly()
      case .required: child.required()
      case .timeout: child.timeout(.seconds(2))
      case .verified: child.verified(by: { _, _, _ in true })
      case .readOnly: child.readOnly()
      case .writeOnly: child.writeOnly()
      case .readYourWrites: child.readYourWrites()
      case .monotonicReads: child.monotonicReads()
      }
    }

    /// What the node refuses, before the child is touched.
    var refused: Set<Operation> {
      switch self {
      case .readOnly: [.put, .compareAndPut, .delete]
      case .writeOnly: [.get, .compareAndPut, .list, .stat, .getURL]
      case .readYourWrites, .monotonicReads: [.getURL]
      default: []
      }
    }
  }

  private static let key = Key.mutable("k")
  private static let record = Record([1, 2, 3], stamp: Stamp(time: 5, writer: 9), parent: Stamp(time: 4, writer: 9))
  private static let condition = Precondition.unchanged(since: Record([1]))
  private static let proof = DeletionProof([4, 4])
  private static let request = ListRequest(.mutable, prefix: "l", after: Cursor(after: .mutable("la")), limit: 17)

  enum Owner: HintKey { typealias Value = String }

  /// A context in which nothing has its default value.
  private static func context(timeout: Duration?) -> (Context, Runtime) {
    let runtime = Runtime.manual()
    var options = CallOptions(timeout: timeout, identity: Identity("alice"))
    options.hints[Owner.self] = "bob"
    options.credentials["recording"] = Secret("s")
    var context = Context(runtime, options: options)
    context.attempt = 3
    return (context, runtime)
  }

  /// Asks a node for an operation. The answer is described, to be compared with the child's.
  private static func ask(_ node: any Driver, for operation: Operation, in context: Context) async throws(DriverError)
    -> String
  {
    switch operation {
    case .get: "\(String(describing: try await node.get(key, in: context)))"
    case .put: "\(try await node.put(record, at: key, in: context))"
    case .compareAndPut: "\(try await node.put(record, at: key, if: condition, in: context))"
    case .delete: "\(try await node.delete(key, proof: proof, in: context))"
    case .list: "\(try await node.list(request, in: context))"
    case .stat: "\(String(describing: try await node.stat(key, in: context)))"
    case .open: "\(try await node.open(in: context))"
    case .close: "\(try await node.close(in: context))"
    case .getURL: "\(String(describing: try await node.get([StorageURL("recording:x")], in: context)))"
    }
  }

  // B13
  @Test(
    "What a modifier forwards is exactly what it was handed", arguments: Node.allCases, Operation.allCases)
  func forwards(node: Node, operation: Operation) async throws {
    for timeout: Duration? in [nil, .seconds(1), .seconds(9)] {
      let child = RecordingDriver()
      let (context, runtime) = Self.context(timeout: timeout)
      let modifier = node.around(child)
      guard !node.refused.contains(operation) else {
        let error = await #expect(throws: DriverError.self) {
          try await Self.ask(modifier, for: operation, in: context)
        }
        #expect(error?.code == .unsupported)
        #expect(error?.effect == .unchanged)
        #expect(child.calls.isEmpty)
        continue
      }
      let answer = try await Self.ask(modifier, for: operation, in: context)
      let call = try #require(child.calls.first)
      #expect(child.calls.count == 1)

      // The context: whatever the caller said, and a deadline that only Timeout changes, and only to an earlier one.
      #expect(call.context.runtime === runtime)
      #expect(call.context.attempt == 3)
      #expect(call.context.identity == Identity("alice"))
      #expect(call.context.hints[Owner.self] == "bob")
      #expect(call.context.credentials["recording"]?.value == "s")
      #expect(call.context.deadline == (node == .timeout ? min(timeout ?? .seconds(2), .seconds(2)) : timeout))

      // A session deletes by writing a tombstone: the one operation that becomes another.
      if node == .readYourWrites || node == .monotonicReads, operation == .delete {
        #expect(call.operation == .put)
        #expect(call.key == Self.key)
        #expect(call.record?.isTombstone == true)
        #expect(call.record?.bytes == Self.proof.bytes)
        #expect(call.record?.stamp != nil)
        continue
      }
      #expect(call.operation == operation)
      #expect(call.key == ([.list, .open, .close, .getURL].contains(operation) ? nil : Self.key))
      #expect(call.record == ([.put, .compareAndPut].contains(operation) ? Self.record : nil))
      #expect(call.condition == (operation == .compareAndPut ? Self.condition : nil))
      #expect(call.proof == (operation == .delete ? Self.proof : nil))
      #expect(call.request == (operation == .list ? Self.request : nil))
      #expect(call.urls.map(\.string) == (operation == .getURL ? ["recording:x"] : []))

      let direct = try await Self.ask(RecordingDriver(), for: operation, in: context)
      #expect(answer == direct)
    }
  }

  // R26
  @Test(
    "A failure passes through every modifier with all that it says", arguments: Node.allCases, Operation.allCases)
  func failures(node: Node, operation: Operation) async throws {
    guard !node.refused.contains(operation) else { return }
    struct Cause: Error {}
    let child = RecordingDriver(
      error: DriverError(
        .throttled, "slow down", underlying: Cause(), outcomes: [Outcome("inner", .queued)], effect: .unknown,
        isRetryable: false, isExhausted: true, retryAfter: .seconds(7)))
    let (context, _) = Self.context(timeout: nil)
    let error = try #require(
      await #expect(throws: DriverError.self) {
        try await Self.ask(node.around(child), for: operation, in: context)
      })
    #expect(error.code == .throttled)
    #expect(error.message == "slow down")
    #expect(error.path == ["recording"])
    #expect(error.underlying is Cause)
    #expect(error.outcomes.map(\.description) == ["inner: queued"])
    #expect(error.effect == .unknown)
    #expect(!error.isRetryable)
    #expect(error.isExhausted)
    #expect(error.retryAfter == .seconds(7))
  }

  // A2, A7
  @Test("A modifier that makes URLs claims them, and those that withhold reading make none", arguments: Node.allCases)
  func predicates(node: Node) async throws {
    let child = RecordingDriver()
    let modifier = node.around(child)
    let canRead = !node.refused.contains(.getURL)
    #expect(modifier.outline.capabilities.contains(.makeURL) == canRead)
    #expect(modifier.outline.capabilities.contains(.getURL) == canRead)
    #expect(modifier.url(for: Self.key) == (canRead ? child.url(for: Self.key) : nil))
    #expect(modifier.handles(try StorageURL("recording:x")) == canRead)
    #expect(!modifier.handles(try StorageURL("other:x")))
    #expect(child.calls.isEmpty)
  }

  // A8
  @Test("What a modifier refuses is not among its capabilities", arguments: Node.allCases)
  func capabilities(node: Node) {
    let names: [(Operation, Capabilities)] = [
      (.get, .get), (.put, .put), (.compareAndPut, .compareAndPut), (.delete, .delete), (.list, .list),
      (.stat, .stat), (.getURL, .getURL),
    ]
    for (operation, capability) in names {
      #expect(
        node.around(RecordingDriver()).outline.capabilities.contains(capability)
          == !node.refused.contains(operation), "\(operation)")
    }
  }

  // R23
  @Test("Order is nesting: a session above a check stamps what the check sees, below it does not")
  func nesting() async throws {
    let above = Scripted("a"), below = Scripted("b")
    let context = Context(.manual())
    let sessionOutside = above.verified(by: { _, record, _ in record.stamp != nil }).readYourWrites()
    _ = try await sessionOutside.put(Record([1]), at: Self.key, in: context)
    let checkOutside = below.readYourWrites().verified(by: { _, record, _ in record.stamp != nil })
    let error = await #expect(throws: DriverError.self) {
      try await checkOutside.put(Record([1]), at: Self.key, in: context)
    }
    #expect(error?.code == .corrupt)
    #expect(above.calls.map(\.operation) == [.get, .put], "a store that does not compare stamps is asked first")
    #expect(below.calls.isEmpty)
  }
}
