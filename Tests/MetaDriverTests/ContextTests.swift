import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite struct ContextTests {
  private enum Owner: HintKey { typealias Value = String }
  private let key = Key.mutable("a")

  @Test("A context of nothing says nothing")
  func empty() {
    let context = Context()
    #expect(context.runtime === Runtime.shared)
    #expect(context.deadline == nil)
    #expect(context.attempt == 1)
    #expect(context.identity == nil)
    #expect(context.hints[Owner.self] == nil)
    #expect(context.credentials["eu"] == nil)
    #expect(context.trace == nil)
  }

  @Test("What the caller said reaches the leaf, through every node")
  func options() async throws {
    let clock = ManualClock()
    let runtime = Runtime.manual(clock)
    clock.advance(by: .seconds(10))
    var options = CallOptions(timeout: .seconds(5), identity: Identity("alice"))
    options.hints[Owner.self] = "bob"
    options.credentials["leaf"] = Secret("token")
    let leaf = Scripted("leaf")
    let tree = Through(children: [Through(children: [leaf])])
    _ = try await Context(runtime, options: options).get(key, from: tree)
    let context = try #require(leaf.calls.first?.context)
    #expect(context.runtime === runtime)
    #expect(context.deadline == .seconds(15))
    #expect(context.hints[Owner.self] == "bob")
    #expect(context.identity == Identity("alice"))
    #expect(context.credentials["leaf"]?.value == "token")
    #expect(context.depth == 3)
  }

  @Test("A deadline is only ever brought forward")
  func within() {
    let runtime = Runtime.manual()
    #expect(Context(runtime).within(.seconds(3)).deadline == .seconds(3))
    let context = Context(runtime, options: CallOptions(timeout: .seconds(2)))
    #expect(context.within(.seconds(3)).deadline == .seconds(2))
    #expect(context.within(.seconds(1)).deadline == .seconds(1))
  }

  private func nested(_ count: Int, over leaf: some Driver) -> any Driver {
    (1..<count).reduce(leaf) { (inner: any Driver, _) in Through(children: [inner]) }
  }

  // A46
  @Test("A tree may be 64 nodes deep")
  func deepest() async throws {
    let leaf = Scripted("leaf")
    _ = try await Context(Runtime.manual()).get(key, from: nested(Context.maximumDepth, over: leaf))
    #expect(leaf.calls.count == 1)
  }

  // A46
  @Test("One node deeper, no leaf is asked")
  func tooDeep() async {
    let leaf = Scripted("leaf")
    let tree = nested(Context.maximumDepth + 1, over: leaf)
    let error = await #expect(throws: DriverError.self) { try await Context(Runtime.manual()).get(key, from: tree) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("64 nodes deep: the tree contains itself") == true)
    #expect(error?.path.count == 64)
    #expect(leaf.calls.isEmpty)
  }

  /// A node that asks itself, as a gateway that leads back to its own strategy does.
  private struct Loop: Driver {
    var outline: Outline { Outline(leaf: Leaf("loop"), kind: "Loop", capabilities: .basic) }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await context.get(key, from: self)
    }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await context.put(record, at: key, to: self)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await context.delete(key, proof: proof, from: self)
    }
  }

  // A46, R28
  @Test("A driver that leads back to itself is stopped, having changed nothing")
  func cycle() async {
    let key = self.key
    let calls: [@Sendable (Context) async throws -> Void] = [
      { context in _ = try await context.get(key, from: Loop()) },
      { context in _ = try await context.put(Record([1]), at: key, to: Loop()) },
      { context in _ = try await context.delete(key, proof: nil, from: Loop()) },
    ]
    for call in calls {
      let error = await #expect(throws: DriverError.self) { try await call(Context(Runtime.manual())) }
      #expect(error?.code == .unsupported)
      #expect(error?.effect == .unchanged)
    }
  }
}
