import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

/// A migration whose process dies at each of its steps in turn, while others use the data.
@Suite struct MigrationCrashTests {
  private struct Mistake: Error, CustomStringConvertible { let description: String }

  /// Counts the moments at which a process can die, and lets it die at one of them.
  private final class Doom: Sendable {
    private let left: Mutex<Int>
    let process: Simulation.Process
    init(_ process: Simulation.Process, after count: Int) {
      self.process = process
      left = Mutex(count)
    }
    var isDone: Bool { left.withLock { $0 <= 0 } }
    func pass() {
      let isNow = left.withLock { left in
        left -= 1
        return left == 0
      }
      if isNow { process.crash() }
    }
  }

  /// A store whose caller may die before each call and after it.
  private struct Doomed: Modifier {
    let base: Faulty
    let doom: Doom
    var outline: Outline { Outline(modifier: "Doomed", of: base.outline) }

    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      doom.pass()
      let record = try await context.get(key, from: base)
      doom.pass()
      return record
    }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      doom.pass()
      let receipt = try await context.put(record, at: key, to: base)
      doom.pass()
      return receipt
    }
    func put(_ record: Record, at key: Key, if condition: Precondition, in context: Context) async throws(DriverError)
      -> Receipt
    {
      doom.pass()
      let receipt = try await context.put(record, at: key, if: condition, to: base)
      doom.pass()
      return receipt
    }
    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      doom.pass()
      let page = try await context.list(request, from: base)
      doom.pass()
      return page
    }
  }

  private static let keys: [Key] = ["a", "b", "c"]

  private static func tree(
    _ old: some Driver, _ new: some Driver, _ state: some Driver
  ) -> Migrating {
    Migrating("moving", state: state) {
      old
    } to: {
      new
    }
  }

  private static func tree(_ process: Simulation.Process) -> Migrating {
    tree(process.leaf("old"), process.leaf("new"), process.leaf("state"))
  }

  private static func makeSteps(_ migration: Migration, _ context: Context, pausing: Bool) async throws {
    func pause() async throws { if pausing { try await context.runtime.sleep(for: .milliseconds(10)) } }
    try await migration.begin(in: context)
    try await pause()
    try await migration.copy(pageSize: 2, in: context)
    try await pause()
    try await migration.verify(pageSize: 2, in: context)
    try await pause()
    try await migration.switchReads(in: context)
    try await pause()
    try await migration.retire(in: context)
  }

  /// Uses the data as long as it takes.
  private static func use(
    _ world: Simulation.World, client: Int, _ recorder: HistoryRecorder, value: Shared<Int>, until isOver: Shared<Bool>
  ) async throws {
    let process = world.process("client \(client)", skew: .milliseconds(7 * client))
    let (tree, runtime) = (Self.tree(process), process.runtime)
    var generator = SeededGenerator(seed: world.seed &* 31 &+ UInt64(client))
    while !isOver.flag.load(ordering: .relaxed) {
      let key = keys[Int.random(in: keys.indices, using: &generator)]
      let choice = Int.random(in: 0..<5, using: &generator)
      let next = value.value.withLock { value in
        value += 1
        return value
      }
      let kind: History.Operation.Kind = choice == 0 ? .delete : choice < 3 ? .put(next) : .get(nil)
      let id = recorder.begin(kind, key: key, session: client, at: Int(world.now / .nanoseconds(1)))
      _ = try await process.perform("use") {
        let context = Context(runtime)
        var (found, stamp): (Int?, Stamp?)
        switch kind {
        case .put:
          stamp = try await context.put(Record(Array("\(next)".utf8)), at: key, to: tree).stamp
        case .delete: stamp = try await context.delete(key, proof: nil, from: tree).stamp
        case .get:
          let record = try await context.get(key, from: tree)
          (found, stamp) = (
            record.flatMap { $0.isTombstone ? nil : Int(String(decoding: $0.bytes, as: UTF8.self)) }, record?.stamp
          )
        }
        recorder.finish(id, .ok(at: Int(world.now / .nanoseconds(1))), found: found, stamp: stamp)
      }
      try await world.sleep(for: .milliseconds(Int.random(in: 0...6, using: &generator)))
    }
  }

  /// One course of events.
  ///
  /// - Returns: Whether the process died.
  private static func run(seed: UInt64, dyingAt moment: Int) throws -> Bool {
    let hasDied = Shared(false)
    let recorder = HistoryRecorder()
    try Simulation(seed: seed, keepsTrace: false) { world in
      let (value, isOver) = (Shared(0), Shared(false))
      var faults = FaultProfile()
      faults.delay = .exponential(mean: .milliseconds(1))
      for name in ["old", "new", "state"] { _ = world.leaf(name, faults: faults) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in 0..<2 {
          group.addTask { try await use(world, client: client, recorder, value: value, until: isOver) }
        }
        try await world.sleep(for: .milliseconds(30))
        let process = world.process("migrator")
        let doom = Doom(process, after: moment)
        let doomed = Self.tree(
          Doomed(base: process.leaf("old"), doom: doom), Doomed(base: process.leaf("new"), doom: doom),
          Doomed(base: process.leaf("state"), doom: doom))
        let runtime = process.runtime
        let end: Bool? = try await process.perform("migrate") {
          try await makeSteps(doomed.migration, Context(runtime), pausing: true)
          return true
        }
        if end == nil {
          hasDied.flag.store(true, ordering: .relaxed)
          try await world.sleep(for: .milliseconds(20))
          process.restart()
          let (again, runtime) = (Self.tree(process), process.runtime)
          _ = try await process.perform("migrate again") {
            try await makeSteps(again.migration, Context(runtime), pausing: true)
          }
        }
        try await world.sleep(for: .milliseconds(20))
        isOver.flag.store(true, ordering: .relaxed)
        for try await _ in group {}
      }
      let auditor = world.process("auditor")
      let (tree, runtime) = (Self.tree(auditor), auditor.runtime)
      let phase = try await auditor.perform { try await tree.migration.status(in: Context(runtime)).phase }
      guard phase == .retired else { throw Mistake(description: "it ended \(phase as Any)") }
      for key in keys {
        let id = recorder.begin(.get(nil), key: key, session: -1, at: Int(world.now / .nanoseconds(1)), audit: "all up")
        let record = try await auditor.perform { try await Context(runtime).get(key, from: tree) }.flatMap(\.self)
        recorder.finish(
          id, .ok(at: Int(world.now / .nanoseconds(1))),
          found: record.flatMap { $0.isTombstone ? nil : Int(String(decoding: $0.bytes, as: UTF8.self)) },
          stamp: record?.stamp)
      }
    }.run()
    let violations = try recorder.history.violations(
      of: [.regular, .readYourWrites, .monotonicWrites, .durable, .noResurrection])
    guard violations.isEmpty else { throw Mistake(description: "seed \(seed), dying at \(moment): \(violations)") }
    return hasDied.flag.load(ordering: .relaxed)
  }

  @Test("A migration whose process dies, wherever it dies, goes on and loses nothing", arguments: seeds(0..<3))
  func everyStep(seed: UInt64) async throws {
    let moments = try await apart {
      var moment = 1
      while try Self.run(seed: seed, dyingAt: moment) { moment += 1 }
      return moment
    }
    // The steps of a migration of three keys are about so many, and each has a moment before and one after.
    #expect(moments > 60, "\(moments)")
  }
}

/// What the tasks of a simulation share.
private final class Shared<Value: Sendable>: Sendable {
  let value: Mutex<Value>
  let flag = Atomic(false)
  init(_ value: Value) { self.value = Mutex(value) }
}
