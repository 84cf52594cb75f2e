private import MetaDriver

extension Benchmark {
  /// What it costs to be sure: write-back, repair before the answer, a question before the stamp, the envelope.
  static let ranking = [
    Benchmark("atomic read, copies agree") {
      let stores = try await full()
      return try await reads(Quorum(reads: .atomic, repair: .off) { for store in stores { store } })
    },
    Benchmark("atomic read, written back") {
      let stores = try await full()
      return try await reads(
        Quorum(reads: .atomic, repair: .off) {
          stores[0]; Forgetful(); stores[1]
        })
    },
    Benchmark("read with blocking repair") {
      let stores = try await full()
      return try await reads(
        Quorum(read: .all, write: 1, repair: .blocking) {
          stores[0]; Forgetful(); stores[1]
        }, size: .all)
    },
    Benchmark("write that asks first") {
      let stores = try await full()
      let (here, one) = (
        Quorum(reads: .atomic) { for store in stores { store } }, Quorum { for store in stores { store } }
      )
      let context = Context()
      return try await Comparison().measure { count in
        for _ in 0..<count { _ = try await here.put(value, at: datum, in: context) }
      } against: { count in
        for _ in 0..<count { _ = try await one.put(value, at: datum, in: context) }
      }
    },
    Benchmark("envelope of 1 KiB, made and read") {
      let record = Record(Array(repeating: 7, count: 1_024), stamp: Stamp(time: 1 << 60, writer: 1))
      return try await Comparison().measure { count in
        for _ in 0..<count { keep(try Record(decoding: record.encoded(for: datum), for: datum).bytes.count) }
      }
    },
  ]

  /// A read against the same read of a regular quorum that repairs nothing.
  private static func reads(_ here: Quorum, size: QuorumSize = .majority) async throws -> Measured {
    let stores = try await full()
    let regular = Quorum(read: size, repair: .off) { for store in stores { store } }
    let context = Context()
    return try await Comparison().measure { count in
      for _ in 0..<count { _ = try await here.get(datum, in: context) }
    } against: { count in
      for _ in 0..<count { _ = try await regular.get(datum, in: context) }
    }
  }

  /// Three stores with one stamped copy.
  private static func full() async throws -> [MemoryDriver] {
    let stores = ["a", "b", "c"].map { MemoryDriver($0) }
    var record = value
    record.stamp = Runtime.shared.nextStamp()
    for store in stores { _ = try await store.put(record, at: datum, in: Context()) }
    return stores
  }
}

/// A store that accepts whatever it is given, and never has anything: always lagging.
private struct Forgetful: Driver {
  let leaf: Leaf? = Leaf("forgetful", ordering: .newestWins)
  var outline: Outline { Outline(leaf: leaf!, kind: "Forgetful", capabilities: .basic) }
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { nil }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt { Receipt(.stored) }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    Receipt(.alreadyAbsent)
  }
}

/// Uses a number in a way that the compiler cannot leave out.
@inline(never) private func keep(_ number: Int) { if number == -1 { print(number) } }
