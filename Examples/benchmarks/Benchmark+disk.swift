private import MetaDriver
private import MetaDriverDisk

extension Benchmark {
  /// What `DiskDriver` costs, against C functions that ask the system for the same.
  static func disk(in folder: String) -> [Benchmark] {
    let comparison = Comparison(batch: .microseconds(1), budget: .seconds(4), pairs: 1_000)
    return [
      Benchmark("disk put 1 KiB, durable") {
        let (here, inC) = (try await Store("put", in: folder), try await Store("put-c", in: folder))
        let context = Context()
        return try await comparison.measure { count in
          for _ in 0..<count { _ = try await here.disk.put(value, at: datum, in: context) }
        } against: { count in
          for _ in 0..<count { try inC.putInC() }
        }
      },
      Benchmark("disk put 1 KiB, against the least calls") {
        let (here, inC) = (try await Store("put-2", in: folder), try await Store("put-least", in: folder))
        let context = Context()
        return try await comparison.measure { count in
          for _ in 0..<count { _ = try await here.disk.put(value, at: datum, in: context) }
        } against: { count in
          for _ in 0..<count { try inC.putLeastInC() }
        }
      },
      Benchmark("disk, 16 puts at once against in a row") {
        let store = try await Store("many", in: folder)
        let keys = try (0..<16).map { Key.mutable(try DataID("key \($0)")) }
        let context = Context()
        return try await comparison.measure { count in
          for _ in 0..<count {
            try await withThrowingTaskGroup { group in
              for key in keys { group.addTask { _ = try await store.disk.put(value, at: key, in: context) } }
              try await group.waitForAll()
            }
          }
        } against: { count in
          for _ in 0..<count { for key in keys { _ = try await store.disk.put(value, at: key, in: context) } }
        }
      },
      Benchmark("disk get 1 KiB, warm") {
        let store = try await Store("get", in: folder)
        let context = Context()
        return try await Comparison().measure { count in
          for _ in 0..<count { _ = try await store.disk.get(datum, in: context) }
        } against: { count in
          for _ in 0..<count { try store.getInC() }
        }
      },
      Benchmark("lateness of a 1 ms ticker, p99, 4 writers") {
        var stores: [Store] = []
        for number in 0..<4 { stores.append(try await Store("writer-\(number)", in: folder)) }
        let context = Context()
        return try await Lateness(ticks: 500, rounds: 5).measure(
          stores.map { store in { _ = try await store.disk.put(value, at: datum, in: context) } },
          against: stores.map { store in { try store.putInC() } })
      },
    ]
  }
}
