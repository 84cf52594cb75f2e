package import MetaDriver
private import Synchronization

/// What a tree really does over stores with known delays: each operation at rest, one after the other, in virtual time.
package struct TreeMeasurement: Sendable {
  /// The stores, and how they behave.
  package var stores: [(name: String, faults: FaultProfile)]
  /// What everything random follows from.
  package var seed: UInt64
  private let tree: @Sendable ([Faulty]) throws -> any Driver

  /// Describes a tree over stores.
  ///
  /// - Parameter tree: Makes a client's tree of the stores, in their order.
  package init(
    _ stores: [(name: String, faults: FaultProfile)], seed: UInt64 = 1,
    tree: @escaping @Sendable ([Faulty]) throws -> any Driver
  ) {
    (self.stores, self.seed, self.tree) = (stores, seed, tree)
  }

  /// A client's tree, as it would be composed; its outline is that of every client's.
  package func outline() throws -> Outline { try tree(stores.map { Faulty($0.name, ordering: .newestWins) }).outline }

  /// How long writes take that succeed, and reads of what all stores hold.
  ///
  /// - Returns: The times in nanoseconds, in the order of the operations, of those that succeeded.
  package func latencies(writes isWrite: Bool, count: Int) throws -> [Int64] {
    let times = Mutex<[Int64]>([])
    try run { world in
      let client = try Client(self, "client", world)
      if !isWrite { try await client.settle(0) }
      for number in 0..<count {
        let start = world.moment
        do throws(DriverError) {
          if isWrite { try await client.put(number) } else { _ = try await client.get(0) }
        } catch { continue }
        times.withLock { $0.append(Int64(world.moment - start)) }
      }
    }
    return times.withLock { $0 }
  }

  /// What share of the reads of another client finds a write that was acknowledged so long before.
  ///
  /// Each write replaces one that every store holds.
  package func consistency(after delays: [Duration], count: Int) throws -> [Double] {
    let found = Mutex(Array(repeating: (fresh: 0, all: 0), count: delays.count))
    try run { world in
      let writer = try Client(self, "writer", world)
      let reader = try Client(self, "reader", world)
      for number in 0..<count {
        try await writer.settle(2 * number, under: number)
        do throws(DriverError) { try await writer.put(2 * number + 1, under: number) } catch { continue }
        let acknowledged = world.now
        for (index, delay) in delays.enumerated() {
          try await world.sleep(until: acknowledged + delay)
          // A read that is still under way when the next one begins would delay it.
          reader.start {
            guard let value = try? await reader.get(number) else { return }
            found.withLock { counts in
              counts[index].all += 1
              if value == 2 * number + 1 { counts[index].fresh += 1 }
            }
          }
        }
        await writer.rest()
        await reader.rest()
      }
    }
    return found.withLock { counts in counts.map { Double($0.fresh) / Double(max($0.all, 1)) } }
  }

  private func run(_ body: @escaping @Sendable (Simulation.World) async throws -> Void) throws {
    let stores = stores
    _ = try Simulation(seed: seed, stepLimit: .max, keepsTrace: false) { world in
      for (name, faults) in stores { world.leaf(name).faults = faults }
      try await body(world)
    }.run()
  }
}

/// A process with a tree of its own.
private struct Client: Sendable {
  private let root: any Driver
  private let stores: [Faulty]
  private let isStamping: Bool
  private let runtime: Runtime

  init(_ measurement: TreeMeasurement, _ name: String, _ world: Simulation.World) throws {
    let process = world.process(name)
    stores = measurement.stores.map { process.leaf($0.name) }
    root = try measurement.root(stores)
    isStamping = root.outline.hasStampingNode
    runtime = process.runtime
  }

  func put(_ value: Int, under number: Int? = nil) async throws(DriverError) {
    _ = try await Context(runtime).put(
      Record(Array("\(value)".utf8)), at: try key(number ?? value), to: root)
  }

  func get(_ number: Int) async throws(DriverError) -> Int? {
    let record = try await Context(runtime).get(try key(number), from: root)
    return record.flatMap { String(validating: $0.bytes, as: UTF8.self) }.flatMap { Int($0) }
  }

  /// Brings a value to every store, whatever the tree would write.
  func settle(_ value: Int, under number: Int? = nil) async throws {
    var record = Record(Array("\(value)".utf8))
    // Bare bytes would rank below a stamp, and be refused.
    if isStamping { record.stamp = runtime.nextStamp() }
    let (stamped, key) = (record, try key(number ?? value))
    for store in stores {
      while try await !takes(store, stamped, key) {}
    }
  }

  /// Whether a store takes a record this time.
  private func takes(_ store: Faulty, _ record: Record, _ key: Key) async throws(DriverError) -> Bool {
    do throws(DriverError) { _ = try await Context(runtime).put(record, at: key, to: store) } catch {
      guard error.isRetryable else { throw error }
      return false
    }
    return true
  }

  func rest() async { await runtime.drain() }

  func start(_ work: @escaping @Sendable () async -> Void) { runtime.start(work) }

  private func key(_ number: Int) throws(DriverError) -> Key { try Key(.mutable, name: "k\(number)") }
}

extension TreeMeasurement {
  fileprivate func root(_ leaves: [Faulty]) throws -> any Driver { try tree(leaves) }
}

extension Outline {
  fileprivate var hasStampingNode: Bool { marks.contains(.stamping) || children.contains(where: \.hasStampingNode) }
}
