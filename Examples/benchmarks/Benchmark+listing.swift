private import MetaDriver
private import MetaDriverDisk

#if SQLite
  private import MetaDriverSQLite
#endif

extension Benchmark {
  /// What it costs to go through stores of 100,000 keys, against asking for each of the copies alone: the least that
  /// anybody pays who looks at them all.
  static func listings(in folder: String) -> [Benchmark] {
    var all = rows("memory") { MemoryDriver($0) }
    all += rows("disk") { DiskDriver(at: "\(folder)/listed \($0)", name: $0, durability: .none) }
    #if SQLite
      all += rows("SQLite") { SQLiteDriver(at: "\(folder)/listed \($0).sqlite", name: $0, durability: .none) }
    #endif
    return all + [million]
  }

  private static func rows<Store: Driver>(
    _ name: String, _ make: @escaping @Sendable (String) -> Store
  ) -> [Benchmark] {
    let keys = Keys(count: 100_000)
    return [
      Benchmark("\(name), 100,000 keys listed") {
        let store = make("all")
        try await keys.fill(store)
        return try await once {
          try await keys.list(store)
        } against: {
          try await keys.stat(store)
        }
      },
      Benchmark("\(name), 100,000 keys, scrub plan") {
        let (one, two) = (make("scrubbed one"), make("scrubbed two"))
        try await keys.fill(one, two)
        let scrub = Scrub {
          one
          two
        }
        return try await once {
          guard try await scrub.plan().repairs.isEmpty else { throw Options.Problem("the stores differ") }
        } against: {
          try await keys.stat(one, two)
        }
      },
      Benchmark("\(name), 100,000 keys, purge plan") {
        let (one, two) = (make("purged one"), make("purged two"))
        try await keys.fill(one, two, with: .tombstone(stamp: Stamp(time: 1, writer: 1)))
        let purge = Purge(after: .zero) {
          one
          two
        }
        return try await once {
          guard try await purge.plan().removals.count == keys.count else { throw Options.Problem("some must wait") }
        } against: {
          try await keys.stat(one, two)
        }
      },
      Benchmark("\(name), 100,000 keys, migration") {
        let (one, two, byHand) = (make("old"), make("new"), make("new by hand"))
        try await keys.fill(one)
        let moving = Migrating("all", state: MemoryDriver("state")) {
          one
        } to: {
          two
        }
        _ = try await moving.migration.begin()
        return try await once {
          let status = try await moving.migration.copy(pageSize: 1_000)
          guard status.copied == keys.count else { throw Options.Problem("\(status)") }
        } against: {
          try await keys.copy(from: one, to: byHand)
        }
      },
    ]
  }

  private static var million: Benchmark {
    Benchmark("memory, 1,000,000 keys listed") {
      let keys = Keys(count: 1_000_000)
      let store = MemoryDriver("all")
      try await keys.fill(store)
      return try await once {
        try await keys.list(store)
      } against: {
        try await keys.stat(store)
      }
    }
  }

  /// The time that something takes that is too long to be done often, against something else.
  private static func once(
    _ here: () async throws -> Void, against reference: () async throws -> Void
  ) async throws -> Measured {
    func time(_ body: () async throws -> Void) async throws -> Double {
      let start = ContinuousClock.now
      try await body()
      return (ContinuousClock.now - start) / .nanoseconds(1)
    }
    // What comes second finds more in the system's caches: that is the other side.
    let (this, that) = (try await time(here), try await time(reference))
    return Measured(here: Figure(nanoseconds: this), reference: Figure(nanoseconds: that), ratio: this / that)
  }
}

/// The keys of stores that hold many.
private struct Keys {
  let all: [Key]

  var count: Int { all.count }

  init(count: Int) { all = (0..<count).map { .mutable(try! DataID("user \($0)/profile")) } }

  func fill(_ stores: any Driver..., with record: Record = Record([7], stamp: Stamp(time: 1, writer: 1))) async throws {
    for store in stores { try await each { _ = try await store.put(record, at: $0, in: $1) } }
  }

  func stat(_ stores: any Driver...) async throws {
    for store in stores { try await each { _ = try await store.stat($0, in: $1) } }
  }

  func copy(from one: any Driver, to two: any Driver) async throws {
    try await each { key, context in
      guard let record = try await one.get(key, in: context) else { throw Options.Problem("'\(key)' is gone") }
      _ = try await two.put(record, at: key, in: context)
    }
  }

  func list(_ store: any Driver) async throws {
    let context = Context()
    var listed = 0
    var cursor: Cursor?
    repeat {
      let page = try await store.list(ListRequest(after: cursor), in: context)
      listed += page.entries.count
      cursor = page.next
    } while cursor != nil
    guard listed == count else { throw Options.Problem("\(listed) of \(count) keys are listed") }
  }

  /// Does something with every key, sixteen at once.
  private func each(_ body: @escaping @Sendable (Key, Context) async throws -> Void) async throws {
    let context = Context()
    try await withThrowingTaskGroup { group in
      for lane in 0..<16 {
        group.addTask {
          for index in stride(from: lane, to: count, by: 16) { try await body(all[index], context) }
        }
      }
      try await group.waitForAll()
    }
  }
}
