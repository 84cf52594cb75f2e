import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// Losses of acknowledged writes that were seen once, each with the right answer.
@Suite struct OrderTests {
  private typealias World = Simulation.World

  private func run(_ body: @escaping @Sendable (World) async throws -> Void) throws {
    _ = try Simulation(seed: 1, keepsTrace: false, body).run()
  }

  private static func text(_ record: Record?) -> String? {
    record.flatMap { $0.isTombstone ? nil : String(decoding: $0.bytes, as: UTF8.self) }
  }

  enum Tree: String, CaseIterable, Sendable {
    case quorum, newest, session, sessionOverLeaf, handoff, byKind, overlay, overHandoff, firstSuccess, atomic, nested

    func driver(_ process: Simulation.Process) -> any Driver {
      func quorum() -> Quorum {
        Quorum(remainder: .await) { for name in ["a", "b", "c"] { process.leaf(name) } }
      }
      func journal() -> HandoffJournal { HandoffJournal(on: process.leaf("disk of \(process.name)")) }
      return switch self {
      case .quorum: quorum()
      case .newest:
        Replicated(reads: .newest) { for name in ["a", "b", "c"] { process.leaf(name) } }
      case .session: ReadYourWrites { Replicated { for name in ["a", "b", "c"] { process.leaf(name) } } }
      case .sessionOverLeaf: ReadYourWrites { process.leaf("a").timeout(.seconds(1)) }
      case .handoff: process.leaf("a").hintedHandoff(journal())
      case .byKind:
        ReadYourWrites {
          ByKind {
            quorum()
          } immutable: {
            process.leaf("i")
          }
        }
      case .overlay:
        Overlay {
          quorum()
        } over: {
          process.leaf("below").readOnly()
        }
      case .overHandoff: quorum().hintedHandoff(journal())
      case .firstSuccess: ReadYourWrites { FirstSuccess { quorum() } }
      case .atomic: Quorum(reads: .atomic) { for name in ["a", "b", "c"] { process.leaf(name) } }
      case .nested:
        Quorum(remainder: .await) {
          quorum()
          process.leaf("d")
          process.leaf("e")
        }
      }
    }
  }

  // R31, R32, R34, C12, C13: behind, ahead, and then set right.
  @Test(
    "Whatever a writer's clock says, and whatever stands above a quorum, what is acknowledged is what is read",
    arguments: Tree.allCases, [-30, -86_400, 0, 1, 86_400, 400 * 86_400] as [Int])
  func clocks(tree: Tree, seconds: Int) throws {
    try run { world in
      let first = world.process("first"), second = world.process("second", skew: .seconds(seconds))
      for (number, process) in [first, second, first, second].enumerated() {
        let strategy = try Strategy("s", runtime: process.runtime, visibility: .privateData) { tree.driver(process) }
        let receipt = try await strategy.put(Array("\(number)".utf8), at: "k")
        #expect("\(receipt.result)" == "stored", "write \(number)")
        for reader in [first, second] {
          let other = try Strategy("s", runtime: reader.runtime, visibility: .privateData) { tree.driver(reader) }
          #expect(Self.text(try await other.get("k")) == "\(number)", "write \(number), read by \(reader.name)")
        }
      }
      let strategy = try Strategy("s", runtime: second.runtime, visibility: .privateData) { tree.driver(second) }
      #expect(try await strategy.delete("k").result.isAcknowledged)
      let other = try Strategy("s", runtime: first.runtime, visibility: .privateData) { tree.driver(first) }
      #expect(Self.text(try await other.get("k")) == nil)
    }
  }

  // R31: one writer, restarted with its clock behind.
  @Test("A writer that is restarted with its clock behind goes on", arguments: Tree.allCases)
  func restart(tree: Tree) throws {
    try run { world in
      let process = world.process("writer")
      let before = try Strategy("s", runtime: process.runtime, visibility: .privateData) { tree.driver(process) }
      _ = try await before.put(Array("old".utf8), at: "k")
      process.restart(clock: Simulation.WallClock(ahead: .seconds(-30)))
      let after = try Strategy("s", runtime: process.runtime, visibility: .privateData) { tree.driver(process) }
      #expect("\(try await after.put(Array("new".utf8), at: "k").result)" == "stored")
      #expect(Self.text(try await after.get("k")) == "new")
    }
  }

  // R33: what was read ranks below what is written next, in every tree that stamps.
  @Test("A write ranks above what its process has read, got, described or listed, through any node", arguments: 0..<3)
  func observed(by operation: Int) throws {
    try run { world in
      let first = world.process("first", skew: .seconds(50)), second = world.process("second")
      func tree(_ process: Simulation.Process) throws -> Strategy {
        let journal = HandoffJournal(on: process.leaf("disk of \(process.name)"))
        return try Strategy("s", runtime: process.runtime) {
          Replicated(writes: .atLeast(1), remainder: .handoff(journal)) {
            for name in ["a", "b", "c"] { process.leaf(name) }
          }
        }
      }
      let (ahead, behind) = (try tree(first), try tree(second))
      let old = try await ahead.put([1], at: "k")
      switch operation {
      case 0: _ = try await behind.get("k")
      case 1: _ = try await Context(second.runtime).stat("k", from: second.leaf("a"))
      default: _ = try await behind.list()
      }
      let new = try await behind.put([2], at: "k")
      #expect(try #require(new.stamp) > (try #require(old.stamp)))
    }
  }

  // A queue is no copy: first success goes on.
  @Test("First success of a queue asks the next child; where none takes the write, it says queued") func firstSuccess()
    throws
  {
    try run { world in
      let process = world.process("alice")
      let journal = HandoffJournal(on: process.leaf("disk"))
      let tree = try Strategy("s", runtime: process.runtime) {
        FirstSuccess {
          process.leaf("eu").hintedHandoff(journal)
          process.leaf("us")
        }
      }
      world.leaf("eu").isDown = true
      let receipt = try await tree.put([1], at: "k")
      #expect("\(receipt.result)" == "stored" && world.leaf("us").contents["k"]?.bytes == [1])
      world.leaf("us").isDown = true
      let queued = try await tree.put([2], at: "l")
      #expect("\(queued.result)" == "queued" && !queued.result.isAcknowledged)
    }
  }

  // A queue does not vote.
  @Test("A quorum reads what stores hold, and not what a queue of its own process holds", arguments: [false, true])
  func privateVote(isAtomic: Bool) throws {
    try run { world in
      func tree(_ process: Simulation.Process) throws -> Strategy {
        let journal = HandoffJournal(
          on: process.leaf("disk of \(process.name)"), backOff: BackOff(from: .seconds(500), upTo: .seconds(600)))
        return try Strategy("s", runtime: process.runtime) {
          Quorum(reads: isAtomic ? .atomic : .regular, repair: .off) {
            for name in ["a", "b", "c"] { process.leaf(name).timeout(.milliseconds(300)).hintedHandoff(journal) }
          }
        }
      }
      let first = world.process("first"), second = world.process("second")
      let (one, two) = (try tree(first), try tree(second))
      // The first queues its write for two of three, and is told that it does not hold.
      for name in ["a", "c"] { world.cut(first, from: name) }
      await #expect(throws: DriverError.self) { try await one.put([1], at: "k") }
      world.cut(second, from: "b")
      #expect("\(try await two.put([2], at: "k").result)" == "stored")
      world.reconnect(first, to: "c")
      let found = try await one.get("k")
      #expect(found?.bytes == [2])
    }
  }

  // An answer of a child that can go back is no copy.
  @Test("An atomic read writes back to a quorum below that could go back") func nestedAtomic() throws {
    try run { world in
      func tree(_ process: Simulation.Process) throws -> Strategy {
        try Strategy("t", runtime: process.runtime) {
          Quorum(reads: .atomic, repair: .off) {
            Quorum(repair: .off) { for name in ["a1", "a2", "a3"] { process.leaf(name) } }
            process.leaf("b")
            process.leaf("c")
          }
        }
      }
      let (writer, one, two) = (world.process("writer"), world.process("reader 1"), world.process("reader 2"))
      let options = CallOptions(timeout: .seconds(2))
      let write = try tree(writer), (first, second) = (try tree(one), try tree(two))
      _ = try await write.put([1], at: "k")
      await write.drain()
      for name in ["a2", "a3", "b", "c"] { world.leaf(name).faults[.refused, on: .put] = 1 }
      await #expect(throws: DriverError.self) { try await write.put([2], at: "k", options: options) }
      for name in ["a2", "a3", "b", "c"] { world.leaf(name).faults = .none }
      world.cut(one, from: "c")
      world.cut(one, from: "a3")
      let seen = try await first.get("k", options: options)
      world.cut(two, from: "a1")
      world.cut(two, from: "b")
      let later = try await second.get("k", options: options)
      #expect(
        seen?.bytes == [1] || later?.bytes == [2],
        "the first read \(seen?.bytes ?? []), the second \(later?.bytes ?? [])")
    }
  }

  // A migration takes no queue for a copy.
  @Test("A migration to a queue copies nothing, and says so") func migration() throws {
    try run { world in
      func tree(_ process: Simulation.Process) -> Migrating {
        let journal = HandoffJournal(on: process.leaf("disk of \(process.name)"))
        return Migrating("m", state: process.leaf("state")) {
          process.leaf("old")
        } to: {
          process.leaf("new").hintedHandoff(journal)
        }
      }
      let mover = world.process("mover"), alice = world.process("alice")
      let moving = tree(mover), context = Context(mover.runtime)
      let notes = try Strategy("notes", runtime: alice.runtime) { tree(alice) }
      _ = try await notes.put([1], at: "k")
      try await moving.migration.begin(in: context)
      world.leaf("new").isDown = true
      let refused = await #expect(throws: DriverError.self) { try await moving.migration.copy(in: context) }
      #expect(refused?.code == .unavailable)
      let unwritten = await #expect(throws: DriverError.self) { try await notes.put([2], at: "k") }
      #expect(unwritten?.code == .quorumNotMet)
      world.leaf("new").isDown = false
      try await moving.migration.copy(in: context)
      #expect("\(try await moving.migration.verify(in: context))".hasPrefix("verified"))
      #expect(world.leaf("new").contents["k"] != nil)
    }
  }

  // Two strategies on one journal.
  @Test("Closing one of two strategies on one journal leaves the other's queue at work") func sharedJournal() throws {
    try run { world in
      let process = world.process("p")
      let journal = HandoffJournal(
        on: process.leaf("disk"), backOff: BackOff(from: .milliseconds(10), upTo: .milliseconds(20)))
      let stores = ["a", "b", "c"].map { process.leaf($0) }
      let trees = try (0..<2).map { number in
        try Strategy("s\(number)", runtime: process.runtime) {
          Quorum(remainder: .handoff(journal)) { for store in stores { store } }
        }
      }
      for tree in trees { _ = try await tree.open() }
      world.leaf("c").isDown = true
      _ = try await trees[0].put([1], at: "k")
      _ = try await trees[1].put([2], at: "l")
      world.leaf("c").isDown = false
      world.leaf("c").faults[.refused, on: .put] = 1
      await #expect(throws: Never.self) { try await journal.drain(in: Context(process.runtime)) }
      world.leaf("c").faults = .none
      let report = try await journal.drain(in: Context(process.runtime))
      #expect(report.isEmpty, "\(report)")
      #expect(world.leaf("c").contents.count == 2)
    }
  }

  // R35, C14
  @Test("Nothing that is queued vanishes, whatever the clock does and however long it takes") func patience() throws {
    try run { world in
      let process = world.process("p")
      let journal = HandoffJournal(on: process.leaf("disk"))
      let tree = try Strategy("s", runtime: process.runtime) { process.leaf("a").hintedHandoff(journal) }
      world.leaf("a").isDown = true
      #expect("\(try await tree.put([1], at: "k").result)" == "queued")
      process.setClock(by: .seconds(400 * 86_400))
      try await world.sleep(for: .seconds(30 * 86_400))
      #expect(try await journal.pending(in: Context(process.runtime)).count == 1)
      #expect(try await tree.get("k")?.bytes == [1])
      world.leaf("a").isDown = false
      #expect(try await journal.drain(in: Context(process.runtime)).isEmpty)
      #expect(world.leaf("a").contents["k"]?.bytes == [1])
    }
  }

  // R37, C16
  @Test("Who is left out of a call is not written, or the call is refused", arguments: 0..<3) func omitted(node: Int)
    async throws
  {
    let (eu, us) = (MemoryDriver("eu"), MemoryDriver("us"))
    let tree: any Driver =
      switch node {
      case 0:
        Overlay {
          eu
        } over: {
          us
        }
      case 1:
        ByKind {
          eu
        } immutable: {
          us
        }
      default: Mirror(drivers: [us, eu])
      }
    let strategy = try Strategy("s") { tree }
    let error = await #expect(throws: DriverError.self) {
      try await strategy.put([1], at: "k", options: CallOptions(omitting: ["eu"]))
    }
    #expect(error?.code == .unsupported, "\(error.map { "\($0)" } ?? "")")
    #expect(try await eu.get("k", in: Context()) == nil)
  }

  // R37
  @Test("Bounds and a session's floor over a node of somebody who has never heard of them refuse what is out of bounds")
  func boundsOverOthers() async throws {
    let (eu, us) = (MemoryDriver("eu"), MemoryDriver("us"))
    let (older, newer) = (Stamp(time: 1, writer: 1), Stamp(time: 2, writer: 1))
    _ = try await us.put(Record([1], stamp: older), at: "k", in: Context())
    _ = try await eu.put(Record([2], stamp: newer), at: "k", in: Context())
    let strategy = try Strategy("s") { Mirror(drivers: [us, eu]) }
    for options in [CallOptions(minimum: newer), CallOptions(maximum: older)] {
      let error = await #expect(throws: DriverError.self) { try await strategy.get("k", options: options) }
      #expect(error?.code == .stale)
    }
    for policy in [StalePolicy.widen, .fail] {
      let session = try Strategy("s") { ReadYourWrites(onStale: policy) { Mirror(drivers: [us, eu]) } }
      try await session.put([3], at: "k")
      _ = try await us.delete("k", proof: nil, in: Context())
      _ = try await us.put(Record([1], stamp: older), at: "k", in: Context())
      let error = await #expect(throws: DriverError.self) { try await session.get("k") }
      #expect(error?.code == .stale, "\(policy)")
    }
  }

  /// A node of somebody who has never heard of options.
  private struct Mirror: Driver {
    let drivers: [MemoryDriver]
    var outline: Outline {
      Outline(composite: "Mirror", of: drivers.map(\.outline), access: Access(read: .any(2), write: .all(2)))
    }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await context.get(key, from: drivers[0], at: 0)
    }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      var receipts: [Receipt] = []
      for (index, driver) in drivers.enumerated() {
        receipts.append(try await context.put(record, at: key, to: driver, at: index))
      }
      return receipts[0]
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await context.delete(key, proof: proof, from: drivers[0], at: 0)
    }
  }

  // C15: a store that lies about what it holds gives no success.
  @Test("Stores that are always ahead, or say so of what is not, end a put with an error and not with a success")
  func liars() async throws {
    for lie in [Stamp(time: 1 << 60, writer: 1), Stamp(time: 1, writer: 1), Stamp(time: .max, writer: 1)] {
      let stores = ["a", "b", "c"].map { Liar(leaf: Leaf($0, ordering: .newestWins), claimed: lie) }
      for tree in [
        Quorum { for store in stores { store } } as any Driver,
        Quorum(reads: .atomic) { for store in stores { store } }, ReadYourWrites { stores[0] },
        Replicated(reads: .newest) { for store in stores { store } },
      ] {
        let error = await #expect(throws: DriverError.self) {
          try await Context().put(Record([1]), at: "k", to: tree)
        }
        #expect(error != nil, "\(tree.outline.kind), \(lie)")
      }
    }
  }

  private struct Liar: Driver {
    let leaf: Leaf?
    let claimed: Stamp
    var outline: Outline { Outline(leaf: leaf!, kind: "Liar", capabilities: .basic) }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { nil }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.superseded(by: claimed), stamp: record.stamp)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.alreadyAbsent)
    }
  }
}
