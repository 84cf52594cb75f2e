import Dispatch
import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Whether this runs on the main actor, which need not stay on one thread.
private func isOnMainActor() -> Bool { DispatchQueue.getSpecific(key: mainQueueMark) != nil }
private let mainQueueMark = DispatchSpecificKey<Void>()

/// Which thread this is.
private func currentThread() -> UInt {
  #if canImport(Darwin)
    unsafe UInt(bitPattern: pthread_self())
  #else
    UInt(pthread_self())
  #endif
}

/// A serial executor of its own that counts the jobs it is given: each is one arrival of the code that runs on it.
private final class CountingExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "counting executor")
  private let jobs = Atomic(0)

  var count: Int { jobs.load(ordering: .sequentiallyConsistent) }

  func enqueue(_ job: consuming ExecutorJob) {
    jobs.add(1, ordering: .sequentiallyConsistent)
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}

/// Somebody who calls drivers from an actor, as an application calls them from its user interface.
private actor Caller {
  private nonisolated let executor = CountingExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private var visits = 0

  /// How often a call came back to this actor: a departure each.
  func departures(during call: @Sendable () async throws -> Void) async rethrows -> Int {
    let before = executor.count - visits
    try await call()
    return executor.count - visits - before
  }

  /// Comes by, which is possible only while a call is away from this actor, and does not count.
  func visit() { visits += 1 }
}

/// A leaf that notes on which threads its calls begin and end. With a gate it suspends in between.
private struct ProbeDriver: Driver {
  private final class Storage: Sendable {
    let threads = Mutex<(begun: [UInt], ended: [UInt])>(([], []))
    let mainActor = Mutex<(begun: Int, ended: Int)>((0, 0))
    let arrived = Counter()
    let leaf: Leaf
    init(_ name: String) { leaf = Leaf(name, ordering: .newestWins) }
  }
  private let storage: Storage
  private let gate: Gate?

  init(_ name: String, gate: Gate? = nil) {
    storage = Storage(name)
    self.gate = gate
  }

  var begun: [UInt] { storage.threads.withLock { $0.begun } }
  var ended: [UInt] { storage.threads.withLock { $0.ended } }
  /// How many calls began, and ended, on the main actor.
  var onMainActor: (begun: Int, ended: Int) { storage.mainActor.withLock { $0 } }
  func waitForCalls(_ count: Int) async { await storage.arrived.wait(for: count) }

  var leaf: Leaf? { storage.leaf }
  var outline: Outline { Outline(leaf: storage.leaf, kind: "ProbeDriver", capabilities: .basic) }

  private func visit() async {
    storage.threads.withLock { $0.begun.append(currentThread()) }
    if isOnMainActor() { storage.mainActor.withLock { $0.begun += 1 } }
    storage.arrived.add(1)
    if let gate { try? await gate.wait() }
    storage.threads.withLock { $0.ended.append(currentThread()) }
    if isOnMainActor() { storage.mainActor.withLock { $0.ended += 1 } }
  }
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    await visit()
    return Record([1])
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    await visit()
    return Receipt(.stored)
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    await visit()
    return Receipt(.deleted)
  }
}

@Suite(.timeLimit(.minutes(10))) struct ThreadingTests {
  private let key = Key.mutable("k")
  private let caller = Caller()

  /// Opens a gate once so many calls wait behind it and the caller is away.
  private func opener(_ gate: Gate, after count: Int) -> Task<Void, Never> {
    Task {
      await gate.waitForWaiters(count)
      await caller.visit()
      gate.open()
    }
  }

  @Test("The counting executor counts: a call that suspends once comes back once")
  func counting() async throws {
    let gate = Gate()
    let opener = opener(gate, after: 1)
    #expect(try await caller.departures { try await gate.wait() } == 1)
    await opener.value
    #expect(await caller.departures {} == 0)
  }

  @Test("A plain get never leaves its caller, whatever nodes it goes through")
  func plainGet() async throws {
    let leaf = MemoryDriver("memory")
    try await leaf.put([1], at: key)
    let trees: [any Driver] = [
      leaf,
      leaf.verified().timeout(.seconds(1)).readYourWrites().required(),
      FirstSuccess {
        leaf; MemoryDriver("other")
      },
      FirstSuccess {
        MemoryDriver("empty"); leaf.verified()
      },
      Replicated {
        leaf; MemoryDriver("other")
      },
      ByKind {
        FirstSuccess { leaf }
      } immutable: {
        leaf
      },
      // Fan-outs too, when every child answers at once.
      Replicated(reads: .race) {
        leaf; MemoryDriver("other")
      },
      Quorum {
        leaf; MemoryDriver("x"); MemoryDriver("y")
      },
    ]
    for tree in trees {
      let strategy = try Strategy("s", runtime: .manual()) { tree }
      let departures = try await caller.departures { _ = try await strategy.get("k") }
      #expect(departures == 0, "\(tree.outline)")
    }
  }

  @Test("No call of a strategy leaves its caller when the drivers answer at once, not even one made in turn")
  func everyCall() async throws {
    let url = try StorageURL("recording:x")
    for order in [WriteOrder.concurrent, .sequential] {
      let strategy = try Strategy("s", runtime: .manual()) {
        Replicated(order: order) {
          RecordingDriver(); RecordingDriver()
        }
      }
      let single = try Strategy("single", runtime: .manual()) { RecordingDriver().timeout(.seconds(1)) }
      let hash = ContentHash(of: RecordingDriver.answer.bytes)
      let calls: [@Sendable () async throws -> Void] = [
        { try await strategy.open() }, { _ = try await strategy.get("k") }, { try await strategy.put([1], at: "k") },
        { try await single.put([1], at: "k", if: .absent) }, { try await strategy.delete("k") },
        { _ = try await strategy.list() }, { _ = try await strategy.get(url: url) },
        { _ = try await strategy.getImmutable(hash) }, { try await strategy.putImmutable([7, 7, 7]) },
        { try await strategy.deleteImmutable(hash) },
      ]
      for (number, call) in calls.enumerated() {
        #expect(try await caller.departures(during: call) == 0, "call \(number), \(order)")
      }
    }
  }

  @Test("A put to children that answer at once never leaves its caller either")
  func plainPut() async throws {
    for tree: any Driver in [
      Replicated {
        MemoryDriver("x"); MemoryDriver("y"); MemoryDriver("z")
      },
      Quorum {
        MemoryDriver("x").timeout(.seconds(1)); MemoryDriver("y"); MemoryDriver("z")
      },
    ] {
      let strategy = try Strategy("s", runtime: .manual()) { tree }
      let departures = try await caller.departures { try await strategy.put([1], at: "k") }
      #expect(departures == 0, "\(tree.outline)")
    }
  }

  @Test("A fan-out over children that suspend leaves its caller once, not once for each child", arguments: [1, 3, 16])
  func fanOut(count: Int) async throws {
    for isWrite in [false, true] {
      let gate = Gate()
      let children = (0..<count).map { ProbeDriver("\($0)", gate: gate) }
      let strategy = try Strategy("s", runtime: .manual()) {
        Quorum(read: .all, write: .all) { for child in children { child } }.verified()
      }
      let opener = opener(gate, after: count)
      let departures = try await caller.departures {
        if isWrite { try await strategy.put([1], at: "k") } else { _ = try await strategy.get("k") }
      }
      await opener.value
      #expect(departures == 1, isWrite ? "put" : "get")
      #expect(children.allSatisfy { $0.ended.count == 1 })
    }
  }

  @Test("A limit over a child that suspends costs one departure, and so does a whole call's limit")
  func limits() async throws {
    let gate = Gate()
    let leaf = ProbeDriver("leaf", gate: gate)
    let strategy = try Strategy("s", runtime: .manual()) { leaf.timeout(.seconds(60)) }
    let opener = opener(gate, after: 1)
    let departures = try await caller.departures {
      _ = try await strategy.get("k", options: CallOptions(timeout: .seconds(60)))
    }
    await opener.value
    #expect(departures == 1)
  }

  @MainActor @Test("From the main actor: a plain get stays on it and on its thread, from top to bottom")
  func mainActorGet() async throws {
    DispatchQueue.main.setSpecific(key: mainQueueMark, value: ())
    let leaf = ProbeDriver("leaf")
    let strategy = try Strategy("s", runtime: .manual()) {
      ReadYourWrites {
        FirstSuccess {
          leaf.verified().timeout(.seconds(60)).required()
          MemoryDriver("other")
        }
      }
    }
    try #require(isOnMainActor())
    let thread = currentThread()
    for _ in 1...3 { _ = try await strategy.get("k") }
    #expect(currentThread() == thread)
    #expect(leaf.begun == [thread, thread, thread])
    #expect(leaf.ended == [thread, thread, thread])
    #expect(leaf.onMainActor == (3, 3))
  }

  @MainActor @Test("From the main actor: the children of a fan-out begin on it, and none comes back to it")
  func mainActorFanOut() async throws {
    DispatchQueue.main.setSpecific(key: mainQueueMark, value: ())
    let gate = Gate()
    let children = (0..<3).map { ProbeDriver("\($0)", gate: gate) }
    let strategy = try Strategy("s", runtime: .manual()) {
      Quorum(read: .all, write: .all) { for child in children { child } }
    }
    let opener = Task.detached {
      await gate.waitForWaiters(3)
      // Possible only while the main actor is free.
      await MainActor.run {}
      gate.open()
    }
    try await strategy.put([1], at: "k")
    #expect(isOnMainActor())
    await opener.value
    for child in children { #expect(child.onMainActor == (1, 0)) }
  }
}
