import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

/// Several processes that write on conditions, while replies are lost and processes die.
@Suite struct ConditionalPutTests {
  private static let clients = 3
  private static let rounds = 4
  private static let entries: Key = "entries"

  /// What became of the entries that the clients made.
  private final class Ledger: Sendable {
    let acknowledged = Mutex<[UInt8]>([])
    let refused = Mutex<[UInt8]>([])
    let creators = Mutex<[UInt8]>([])
  }

  private struct Mistake: Error, CustomStringConvertible { let description: String }

  private static func weather() -> FaultProfile {
    var faults = FaultProfile()
    faults.delay = .exponential(mean: .milliseconds(5))
    faults[.refused] = 0.05
    faults[.lostReply] = 0.05
    faults[.failedAfterEffect] = 0.1
    return faults
  }

  /// Bare bytes, or stamped records at the side in use of a migration that has not begun.
  private static func tree(_ process: Simulation.Process, isStamped: Bool) -> any Driver {
    let store = process.leaf("store").timeout(.milliseconds(200))
    guard isStamped else { return store }
    return Migrating("m", state: process.leaf("state").timeout(.milliseconds(200))) {
      store
    } to: {
      process.leaf("unused")
    }
  }

  /// Adds an entry to the list of all, as often as it takes, until it is there for certain or was certainly not made.
  private static func append(_ entry: UInt8, to tree: any Driver, _ ledger: Ledger, in context: Context) async {
    while true {
      do throws(DriverError) {
        let read = try await context.get(entries, from: tree)
        let list = Record((read?.bytes ?? []) + [entry])
        _ = try await context.put(
          list, at: entries,
          if: read.map { read in read.stamp.map(Precondition.unchanged) ?? .unchanged(since: read) } ?? .absent,
          to: tree)
        return ledger.acknowledged.withLock { $0.append(entry) }
      } catch {
        // Whoever was slower, or certainly did nothing, tries again; whoever does not know gives up.
        guard error.effect == .unchanged else { return }
        do throws(DriverError) { try await context.runtime.sleep(for: .milliseconds(3)) } catch { return }
      }
    }
  }

  private static func body(isStamped: Bool) -> @Sendable (Simulation.World) async throws -> Void {
    { world in
      let ledger = Ledger()
      for name in ["store", "state"] { _ = world.leaf(name, faults: weather()) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in 0..<clients {
          group.addTask {
            let process = world.process("client \(client)", skew: .milliseconds(20 * client))
            for round in 0..<rounds {
              if !process.isRunning { process.restart() }
              let (tree, runtime) = (Self.tree(process, isStamped: isStamped), process.runtime)
              let entry = UInt8(client * rounds + round + 1)
              _ = try await process.perform("append") {
                let context = Context(runtime)
                do throws(DriverError) {
                  _ = try await context.put(
                    Record([entry]), at: try Key(.mutable, name: "created \(round)"), if: .absent, to: tree)
                  ledger.creators.withLock { $0.append(UInt8(round)) }
                } catch {}
                await append(entry, to: tree, ledger, in: context)
              }
            }
          }
        }
        group.addTask {
          for client in 0..<2 {
            try await world.sleep(for: .milliseconds(30 + Int(world.seed % 50)))
            world.process("client \(client)").crash()
          }
        }
        for try await _ in group {}
      }
      for client in 0..<clients {
        let process = world.process("client \(client)")
        if process.isRunning { await process.runtime.drain(timeout: .seconds(60)) }
      }
      try await world.sleep(for: .seconds(60))
      let list = world.leaf("store").contents[entries]?.bytes ?? []
      let acknowledged = ledger.acknowledged.withLock(\.self)
      guard Set(list).count == list.count else { throw Mistake(description: "an entry stands twice in \(list)") }
      guard Set(acknowledged).isSubset(of: list) else {
        throw Mistake(description: "acknowledged \(acknowledged), stored \(list)")
      }
      let creators = ledger.creators.withLock(\.self)
      guard Set(creators).count == creators.count else { throw Mistake(description: "created twice: \(creators)") }
    }
  }

  // A47, A48, B10
  @Test("No acknowledged update is lost, none is made twice, and one creates at most", arguments: [false, true])
  func counting(isStamped: Bool) async throws {
    let failure = try await apart { Simulation.explore(seeds: seeds(0..<150), Self.body(isStamped: isStamped)) }
    #expect(failure == nil, "\(failure as Any)")
  }

  // B10
  @Test("A put that is repeated after a lost reply does not conflict with itself")
  func recognised() async throws {
    let runtime = Runtime.manual()
    let state = MemoryDriver("state")
    for condition in [Precondition.absent, .unchanged(since: Stamp(time: 1, writer: 1))] {
      let store = Scripted("store") { call in call.operation == .compareAndPut ? .lostReply() : .ok }
      if condition != .absent { store.contents["k"] = Record([1], stamp: Stamp(time: 1, writer: 1)) }
      let tree = Migrating("m", state: state) {
        store
      } to: {
        MemoryDriver("unused")
      }
      let receipt = try await Context(runtime).put(Record([2]), at: "k", if: condition, to: tree)
      #expect("\(receipt.result)" == "stored" && receipt.stamp == store.contents["k"]?.stamp)
      // And at the store itself.
      let record = try #require(store.contents["k"])
      let sound = Scripted("sound")
      sound.contents = store.contents
      #expect("\(try await Context(runtime).put(record, at: "k", if: condition, to: sound).result)" == "stored")
    }
  }

  // B10
  @Test("A put that was lost on the way there leaves its effect open")
  func lostBefore() async throws {
    let store = Scripted("store") { call in
      call.operation == .compareAndPut ? .error(.unavailable, effect: .unknown) : .ok
    }
    let tree = Migrating("m", state: MemoryDriver("state")) {
      store
    } to: {
      MemoryDriver("unused")
    }
    let error = await #expect(throws: DriverError.self) {
      try await Context(.manual()).put(Record([2]), at: "k", if: .absent, to: tree)
    }
    #expect(error?.code == .unavailable && error?.effect == .unknown)
  }

  // B10, R26
  @Test(
    "Every node that stamps recognises its own record after a lost reply", arguments: ["session", "reads", "overlay"])
  func recognisedByNodes(name: String) async throws {
    let store = Scripted("store") { call in call.operation == .compareAndPut ? .lostReply() : .ok }
    let tree: any Driver =
      switch name {
      case "session": store.readYourWrites()
      case "reads": store.monotonicReads()
      default:
        Overlay {
          store
        } over: {
          MemoryDriver("lower")
        }
      }
    let receipt = try await Context(.manual()).put(Record([2]), at: "k", if: .absent, to: tree)
    #expect("\(receipt.result)" == "stored" && receipt.stamp == store.contents["k"]?.stamp)
  }
}
