import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct ContextCallsTests {
  private let key = Key.mutable("a")
  private let clock = ManualClock()
  private let recorder = Recorder()
  private let runtime: Runtime
  private let stamp = Stamp(time: 5 << 16, writer: 1)

  init() { runtime = .manual(clock, observer: recorder) }

  private func code(_ call: () async throws(DriverError) -> Void) async -> DriverError? {
    do throws(DriverError) {
      try await call()
      return nil
    } catch { return error }
  }

  @Test("Every call to a node is reported when it has ended, children first, by its place in the tree")
  func places() async throws {
    let leaves = ["a", "b", "c"].map { Scripted($0, answers: [], then: .absent) }
    let tree = Through(children: [leaves[0], Through(children: [leaves[1], leaves[2]])])
    _ = try await Context(runtime).get(key, from: tree)
    #expect(recorder.events.map(\.indices) == [[0], [1, 0], [1, 1], [1], []])
    #expect(recorder.events.allSatisfy { $0.operation == .get && $0.key == key && $0.attempt == 1 })
  }

  @Test("With the tree at hand an event says the names of the nodes, from the strategy down")
  func names() async throws {
    let tree = Through(children: [Scripted("disk"), Through(name: "cloud", children: [Scripted("eu")])])
    let root = Trace.Root(name: "profiles", outline: tree.outline)
    _ = try await Context(runtime, options: nil, root: root).put(Record([1]), at: key, to: tree)
    #expect(
      recorder.events.map { $0.path.joined(separator: "/") } == [
        "profiles/Through/disk", "profiles/Through/cloud/eu", "profiles/Through/cloud", "profiles/Through",
      ])
    #expect(recorder.events[0].description == "profiles/Through/disk: put 'a' stored in 0.0 seconds")
  }

  @Test("Each operation says what it was and how it ended")
  func operations() async throws {
    let leaf = Scripted("leaf", scheme: "scripted")
    let context = Context(runtime)
    let record = Record([1, 2, 3], stamp: stamp)
    _ = try await context.open(leaf)
    _ = try await context.get(key, from: leaf)
    _ = try await context.stat(key, from: leaf)
    _ = try await context.put(record, at: key, if: .absent, to: leaf)
    _ = try await context.put(record, at: key, to: leaf)
    _ = try await context.get(key, from: leaf)
    _ = try await context.stat(key, from: leaf)
    _ = try await context.get([#require(leaf.url(for: key))], from: leaf)
    _ = try await context.list(ListRequest(), from: leaf)
    _ = try await context.put(.tombstone(stamp: stamp), at: key, to: leaf)
    _ = try await context.get(key, from: leaf)
    _ = try await context.delete(key, proof: DeletionProof([7]), from: leaf)
    try await context.close(leaf)
    #expect(
      recorder.events.map { "\($0.operation)\($0.key.map { " \($0)" } ?? "") \($0.outcome)" } == [
        "open opened", "get 'a' absent", "stat 'a' absent", "compareAndPut 'a' stored", "put 'a' stored",
        "get 'a' found 3 bytes stamped 5.0@1", "stat 'a' found 3 bytes stamped 5.0@1",
        "get found 3 bytes stamped 5.0@1", "list listed 1 keys", "put 'a' deleted", "get 'a' found a tombstone",
        "delete 'a' already absent", "close done",
      ])
    // What was handed on is what was given.
    #expect(leaf.calls[3].condition == .absent)
    #expect(leaf.calls[4].record == record)
    #expect(leaf.calls[11].proof == DeletionProof([7]))
  }

  @Test("An event says when the call began and how long it took, on the runtime's clock")
  func duration() async throws {
    let leaf = Scripted("leaf", answers: [.delay(.milliseconds(250))])
    clock.advance(by: .seconds(3))
    let (runtime, key) = (self.runtime, self.key)
    let task = runtime.start { _ = try? await Context(runtime).get(key, from: Through(children: [leaf])) }
    await clock.waitForSleepers()
    clock.advance(by: .milliseconds(250))
    await task.value
    #expect(recorder.events.map(\.start) == [.seconds(3), .seconds(3)])
    #expect(recorder.events.map(\.duration) == [.milliseconds(250), .milliseconds(250)])
  }

  @Test("The attempt that a retry counts is in the event")
  func attempts() async throws {
    var context = Context(runtime)
    context.attempt = 3
    _ = try await context.get(key, from: Through(children: [Scripted("leaf")]))
    #expect(recorder.events.map(\.attempt) == [3, 3])
  }

  @Test("A failure is reported at every node it passes, and comes back with its path and its effect")
  func failure() async {
    let leaf = Scripted("eu", answers: [.lostReply()])
    let tree = Through(name: "cloud", children: [Scripted("disk"), Through(children: [leaf])])
    let error = await code { () throws(DriverError) in
      _ = try await Context(runtime).put(Record([1]), at: key, to: tree)
    }
    #expect(error?.code == .unavailable)
    #expect(error?.path == ["cloud", "Through", "eu"])
    #expect(error?.effect == .unknown)
    #expect(recorder.events.map(\.indices) == [[0], [1, 0], [1], []])
    let outcomes = recorder.events.map { "\($0.outcome)" }
    #expect(outcomes[0] == "stored")
    #expect(outcomes[1] == "failed, unavailable: scripted: the reply was lost")
    #expect(outcomes[3] == "failed, unavailable at Through/eu: scripted: the reply was lost")
  }

  @Test("A label takes the place of the child's name in the path, in every operation")
  func label() async throws {
    let leaf = Scripted("leaf", scheme: "scripted") { _ in .corrupt }
    let url = try #require(leaf.url(for: key))
    let (key, context) = (self.key, Context(Runtime.manual(clock)))
    let calls: [@Sendable (Context) async throws -> Void] = [
      { context in _ = try await context.get(key, from: leaf, at: 0, label: "first") },
      { context in _ = try await context.get([url], from: leaf, at: 0, label: "first") },
      { context in _ = try await context.put(Record([1]), at: key, to: leaf, at: 0, label: "first") },
      { context in _ = try await context.put(Record([1]), at: key, if: .absent, to: leaf, at: 0, label: "first") },
      { context in _ = try await context.delete(key, proof: nil, from: leaf, at: 0, label: "first") },
      { context in _ = try await context.list(ListRequest(), from: leaf, at: 0, label: "first") },
      { context in _ = try await context.stat(key, from: leaf, at: 0, label: "first") },
      { context in _ = try await context.open(leaf, at: 0, label: "first") },
      { context in try await context.close(leaf, at: 0, label: "first") },
    ]
    for call in calls {
      // The way with an observer and the way without are two.
      for context in [context, Context(runtime)] {
        let error = await #expect(throws: DriverError.self) { try await call(context) }
        #expect(error?.code == .corrupt)
        #expect(error?.path == ["first"])
      }
    }
    #expect(recorder.events.count == calls.count)
  }

  // R13
  @Test("Writes at a leaf that needs it take turns, reads and other leaves do not")
  func turns() async throws {
    let gate = Gate()
    for ordering in [PutOrdering.fifo, .none, .newestWins] {
      gate.close()
      let leaf = Scripted("leaf", ordering: ordering) { call in call.number == 1 ? .hang(gate) : .ok }
      let (runtime, key) = (self.runtime, self.key)
      runtime.start { _ = try? await Context(runtime).put(Record([1]), at: key, to: leaf) }
      runtime.start { _ = try? await Context(runtime).put(Record([2]), at: key, if: .absent, to: leaf) }
      runtime.start { _ = try? await Context(runtime).delete(key, proof: nil, from: leaf) }
      runtime.start { _ = try? await Context(runtime).get(key, from: leaf) }
      #expect(
        leaf.calls.map(\.operation) == (ordering == .fifo ? [.put, .get] : [.put, .compareAndPut, .delete, .get]))
      gate.open()
      await runtime.drain()
      #expect(Set(leaf.calls.map(\.operation)) == [.put, .compareAndPut, .delete, .get])
      if ordering == .fifo { #expect(leaf.calls.map(\.operation) == [.put, .get, .compareAndPut, .delete]) }
    }
  }

  @Test("The time a write waited for its turn is part of its duration")
  func waitingCounts() async {
    let gate = Gate()
    let leaf = Scripted("leaf", ordering: .fifo, answers: [.hang(gate)])
    let (runtime, key) = (self.runtime, self.key)
    for byte: UInt8 in 1...2 {
      runtime.start { _ = try? await Context(runtime).put(Record([byte]), at: key, to: leaf) }
    }
    clock.advance(by: .seconds(2))
    gate.open()
    await runtime.drain()
    #expect(recorder.events.map(\.duration) == [.seconds(2), .seconds(2)])
    #expect(leaf.contents[key] == Record([2]))
  }

  @Test("Without an observer a call says nothing to anybody, and works the same")
  func unobserved() async throws {
    let leaf = Scripted("leaf")
    _ = try await Context(Runtime.manual(clock)).put(Record([1]), at: key, to: Through(children: [leaf]))
    #expect(leaf.contents[key] == Record([1]))
    #expect(leaf.calls.first?.context.trace == nil)
    #expect(recorder.events.isEmpty)
  }
}
