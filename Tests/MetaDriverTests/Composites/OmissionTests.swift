import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// R37, C16: what a caller leaves out is not asked, over every node, or the call is refused before anything was written.
@Suite(.timeLimit(.minutes(10))) struct OmissionTests {
  private let a = Scripted("a"), b = Scripted("b"), c = Scripted("c"), d = Scripted("d")
  private let runtime = Runtime.manual(ManualClock())

  private var calls: Int { [a, b, c, d].map(\.calls.count).reduce(0, +) }

  private func strategy(@DriverBuilder _ root: () -> [any Driver]) throws -> Strategy {
    try Strategy("s", runtime: runtime, root)
  }

  private func refusal(
    _ names: Set<String>, _ call: (CallOptions) async throws(DriverError) -> Void
  ) async -> DriverError? {
    do throws(DriverError) {
      try await call(CallOptions(omitting: names))
      return nil
    } catch { return error }
  }

  private func expectRefusal(
    of names: Set<String>, in strategy: Strategy, saying text: String, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: (Strategy, CallOptions) async throws(DriverError) -> Void
  ) async {
    let error = await refusal(names) { options throws(DriverError) in try await call(strategy, options) }
    #expect(error?.code == .unsupported, comment, sourceLocation: sourceLocation)
    #expect(error?.effect == .unchanged, comment, sourceLocation: sourceLocation)
    #expect("\(error.map { "\($0)" } ?? "no error")".contains(text), comment, sourceLocation: sourceLocation)
    #expect(calls == 0, comment, sourceLocation: sourceLocation)
  }

  // MARK: Trees

  @Test("A write that an inner node cannot hold without the child left out asks nobody, where the outer one needs it")
  func nested() async throws {
    let strategy = try strategy {
      Replicated {
        d
        Replicated(remainder: .await) {
          a; b
        }
      }
    }
    await expectRefusal(of: ["a"], in: strategy, saying: "put cannot hold at Replicated without a") {
      strategy, options throws(DriverError) in try await strategy.put([1], at: "k", options: options)
    }
    await expectRefusal(of: ["a"], in: strategy, saying: "delete cannot hold at Replicated without a") {
      strategy, options throws(DriverError) in try await strategy.delete("k", options: options)
    }
    await expectRefusal(of: ["b"], in: strategy, saying: "[a: skipped, \(vain); b: skipped, the caller left it out]") {
      strategy, options throws(DriverError) in try await strategy.putImmutable([1], options: options)
    }
  }

  private let vain = "the write could not hold without those left out"

  @Test("A write that the outer node can hold without the inner one is made, and the child left out is not asked")
  func outerCanDoWithout() async throws {
    let strategy = try strategy {
      Quorum(read: 2, write: 2, remainder: .await) {
        Replicated {
          a; b
        }
        c
        d
      }
    }
    let receipt = try await strategy.put([1], at: "k", options: CallOptions(omitting: ["a"]))
    #expect(receipt.result.isAcknowledged)
    #expect(a.calls.isEmpty && !b.calls.contains { $0.operation == .put })
    #expect(c.calls.contains { $0.operation == .put } && d.calls.contains { $0.operation == .put })
  }

  @Test("A delete without tombstones, which must reach every copy, is refused where a put is not")
  func deleteNeedsAll() async throws {
    let strategy = try strategy {
      Replicated {
        d
        Replicated(writes: .atLeast(1), remainder: .await) {
          a; b
        }
      }
    }
    await expectRefusal(of: ["a"], in: strategy, saying: "delete cannot hold at Replicated without a") {
      strategy, options throws(DriverError) in try await strategy.delete("k", options: options)
    }
    try await strategy.put([1], at: "k", options: CallOptions(omitting: ["a"]))
    #expect(a.calls.isEmpty && b.calls.count == 1 && d.calls.count == 1)
  }

  @Test("A delete that is a tombstone is judged as the put it is")
  func tombstone() async throws {
    let strategy = try strategy {
      ReadYourWrites {
        Replicated {
          d
          Replicated(writes: .atLeast(1), remainder: .await) {
            a; b
          }
        }
      }
    }
    try await strategy.delete("k", options: CallOptions(omitting: ["a"]))
    #expect(a.calls.isEmpty && b.calls.contains { $0.operation == .put } && d.calls.contains { $0.operation == .put })
  }

  @Test("A write that must ask first, and cannot without those left out, is refused before a sibling is written")
  func askingFirst() async throws {
    // The node above stamps nothing, so that the quorum asks for itself.
    let strategy = try strategy {
      Named(
        kind: "Twice",
        children: [
          d,
          Quorum(read: 3, write: 1, reads: .atomic) {
            a; b; c
          },
        ])
    }
    await expectRefusal(of: ["a"], in: strategy, saying: "cannot hold at Quorum without a") {
      strategy, options throws(DriverError) in try await strategy.put([1], at: "k", options: options)
    }
  }

  @Test("The only child of a node can be left out, where the node above can do without the node")
  func onlyChild() async throws {
    let strategy = try strategy {
      FirstSuccess {
        Replicated { a }
        b
      }
    }
    // The node that has nobody to ask did not answer, so that nobody can say that there is nothing.
    let error = await refusal(["a"]) { options throws(DriverError) in _ = try await strategy.get("k", options: options)
    }
    #expect(error?.code == .unsupported)
    try await strategy.put([1], at: "k", options: CallOptions(omitting: ["a"]))
    #expect(try await strategy.get("k", options: CallOptions(omitting: ["a"]))?.bytes == [1])
    #expect(a.calls.isEmpty && b.calls.map(\.operation) == [.get, .put, .get])
  }

  // MARK: Names

  @Test("Children of one name are told apart by their number, under every node", arguments: ["Overlay", "ByKind"])
  func numbers(kind: String) async throws {
    let (first, second) = (
      Quorum(read: 1, write: 2) {
        a; b
      },
      Quorum(read: 1, write: 2) {
        c; d
      }
    )
    let strategy = try strategy {
      if kind == "Overlay" {
        Overlay {
          first
        } over: {
          second
        }
      } else {
        ByKind {
          first
        } immutable: {
          second
        }
      }
    }
    let hash = ContentHash(of: [1])
    if kind == "Overlay" {
      for name in ["Quorum", "Quorum#2"] {
        await expectRefusal(of: [name], in: strategy, saying: "Overlay above it cannot do without", "\(name)") {
          strategy, options throws(DriverError) in _ = try await strategy.get("k", options: options)
        }
        await expectRefusal(of: [name], in: strategy, saying: "Overlay above it cannot do without", "\(name)") {
          strategy, options throws(DriverError) in _ = try await strategy.list(options: options)
        }
        await expectRefusal(of: [name], in: strategy, saying: "Overlay above it cannot do without", "\(name)") {
          strategy, options throws(DriverError) in try await strategy.delete("k", options: options)
        }
        // Called without a strategy, the node sees to it itself.
        let context = Context(runtime, options: CallOptions(omitting: [name]))
        let tree = Overlay {
          first
        } over: {
          second
        }
        await #expect(throws: DriverError.self, "\(name)") { try await tree.get("k", in: context) }
        #expect(calls == 0)
      }
    } else {
      await expectRefusal(of: ["Quorum#2"], in: strategy, saying: "Quorum#2") {
        strategy, options throws(DriverError) in _ = try await strategy.getImmutable(hash, options: options)
      }
      await expectRefusal(of: ["Quorum#2"], in: strategy, saying: "put cannot hold at ByKind without Quorum#2") {
        strategy, options throws(DriverError) in try await strategy.putImmutable([1], options: options)
      }
      // The other one has no part in it.
      _ = try await strategy.getImmutable(hash, options: CallOptions(omitting: ["Quorum"]))
      _ = try await strategy.get("k", options: CallOptions(omitting: ["Quorum#2"]))
    }
  }

  @Test("A modifier around a child with a number is not taken for the child without")
  func numberBelowAModifier() async throws {
    let (one, two) = (Scripted("same"), Scripted("same"))
    let strategy = try strategy {
      Replicated(writes: .atLeast(1), remainder: .await) {
        Forwarding(base: one)
        Forwarding(base: two)
      }
    }
    try await strategy.put([1], at: "k", options: CallOptions(omitting: ["same"]))
    #expect(one.calls.isEmpty && two.calls.count == 1)
    try await strategy.put([1], at: "k", options: CallOptions(omitting: ["same#2"]))
    #expect(one.calls.count == 1 && two.calls.count == 1)
  }

  @Test("A name that no child has is refused, with those there are")
  func unknown() async throws {
    let strategy = try strategy {
      Quorum {
        a; b; c
      }
    }
    await expectRefusal(of: ["a", "x"], in: strategy, saying: "leaves out x, and no driver in the tree is called so") {
      strategy, options throws(DriverError) in _ = try await strategy.get("k", options: options)
    }
  }

  @Test("Opening leaves out nobody, and says so")
  func opening() async throws {
    let strategy = try strategy {
      Quorum {
        a; b; c
      }
    }
    await expectRefusal(of: ["a"], in: strategy, saying: "open leaves out a") {
      strategy, options throws(DriverError) in try await strategy.open(options: options)
    }
  }

  // MARK: Nodes of others

  @Test(
    "A node of somebody's own that does not say it leaves children out is not trusted to", arguments: [false, true])
  func others(callsDirectly: Bool) async throws {
    let strategy = try strategy {
      Replicated {
        d
        Named(kind: "Own", children: [a, b], callsDirectly: callsDirectly)
      }
    }
    await expectRefusal(of: ["b"], in: strategy, saying: "leaves out b, and Own above it cannot do without it") {
      strategy, options throws(DriverError) in try await strategy.put([1], at: "k", options: options)
    }
    await expectRefusal(of: ["b"], in: strategy, saying: "leaves out b, and Own above it cannot do without it") {
      strategy, options throws(DriverError) in _ = try await strategy.get("k", options: options)
    }
    // What concerns none of its children is no matter to it.
    let outer = try self.strategy {
      Replicated(writes: .atLeast(1), remainder: .await) {
        d
        Named(kind: "Own", children: [a, b], callsDirectly: callsDirectly)
      }
    }
    try await outer.put([1], at: "k", options: CallOptions(omitting: ["d"]))
    #expect(d.calls.isEmpty && a.calls.count == 1 && b.calls.count == 1)
    try await outer.put([1], at: "k", options: CallOptions(omitting: ["Own"]))
    #expect(d.calls.count == 1 && a.calls.count == 1)
  }

  @Test("A node of somebody's own that says it leaves children out does so by their names, numbers included")
  func othersThatCan() async throws {
    let (one, two) = (Scripted("same"), Scripted("same"))
    let strategy = try strategy { AnyOf(children: [one, two]) }
    try await strategy.put([1], at: "k", options: CallOptions(omitting: ["same"]))
    #expect(one.calls.isEmpty && two.calls.count == 1)
    try await strategy.put([1], at: "k", options: CallOptions(omitting: ["same#2"]))
    #expect(one.calls.count == 1 && two.calls.count == 1)
    let error = await refusal(["same", "same#2"]) { options throws(DriverError) in
      try await strategy.put([1], at: "k", options: options)
    }
    #expect(error?.code == .unsupported && one.calls.count == 1 && two.calls.count == 1)
  }
}

/// Writes to all its children, in turn, and has never heard of options.
private struct Named: Driver {
  let kind: String
  let children: [any Driver]
  var callsDirectly = false

  var outline: Outline {
    Outline(
      composite: kind, of: children.map(\.outline),
      access: Access(read: .child(children.count - 1), write: .all(children.count)), capabilities: .basic)
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let child = children[children.count - 1]
    return callsDirectly ? try await child.get(key, in: context) : try await context.get(key, from: child, at: 1)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ =
        callsDirectly
        ? try await child.put(record, at: key, in: context)
        : try await context.put(record, at: key, to: child, at: index)
    }
    return Receipt(.stored)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    for (index, child) in children.enumerated() {
      _ = try await context.delete(key, proof: proof, from: child, at: index)
    }
    return Receipt(.deleted)
  }
}

/// Writes to all its children that the caller has not left out, and needs one.
private struct AnyOf: Driver {
  let children: [any Driver]

  var outline: Outline {
    let count = children.count
    var outline = Outline(
      composite: "AnyOf", of: children.map(\.outline), access: Access(read: .any(count), write: .any(count)),
      capabilities: .put)
    outline.marks.insert(.omitting)
    return outline
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let names = outline.labelsOfChildren
    for (index, child) in children.enumerated() where !context.leavesOut(names[index]) {
      _ = try await context.put(record, at: key, to: child, at: index)
    }
    return Receipt(.stored)
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    throw DriverError(.unsupported, "it only writes")
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    throw DriverError(.unsupported, "it only writes")
  }
}

/// The plainest modifier.
private struct Forwarding<Base: Driver>: Modifier {
  let base: Base
  var outline: Outline { Outline(modifier: "Forwarding", of: base.outline) }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await context.put(record, at: key, to: base)
  }
}
