import MetaDriver
import Testing

@testable import MetaDriverTesting

@Suite struct FaultyStoreTests {
  private let key: Key = "k"

  private func mishap(_ fault: Fault?, seed: UInt64 = 1) -> FaultyStore.Mishap {
    FaultyStore.Mishap(fault: fault, random: SeededGenerator(seed: seed))
  }

  private func stamped(_ bytes: [UInt8], _ time: UInt64) -> Record {
    Record(bytes, stamp: Stamp(time: time, writer: 1))
  }

  /// A store with puts of these records behind it.
  private func store(_ ordering: PutOrdering = .none, _ records: Record...) throws -> FaultyStore {
    var store = FaultyStore(ordering)
    for record in records { try put(record, in: &store) }
    return store
  }

  @discardableResult
  private func put(_ record: Record, _ fault: Fault? = nil, in store: inout FaultyStore) throws -> Receipt {
    var mishap = mishap(fault)
    return try store.put(record, at: key, &mishap)
  }

  private func get(_ fault: Fault? = nil, seed: UInt64 = 1, in store: FaultyStore) throws(DriverError) -> Record? {
    var mishap = mishap(fault, seed: seed)
    return try store.get(key, &mishap)
  }

  // MARK: Ordering

  // R13.
  @Test("A blind store keeps the last put to arrive, one that compares stamps the newest") func ordering() throws {
    let (old, new) = (stamped([1], 10), stamped([2], 20))
    for ordering in [PutOrdering.none, .fifo] {
      let store = try store(ordering, new, old)
      #expect(try get(in: store) == old)
    }
    var store = try store(.newestWins, new)
    #expect("\(try put(old, in: &store))" == "superseded by \(Stamp(time: 20, writer: 1))")
    #expect(try get(in: store) == new)
  }

  // A48.
  @Test("A conditional put is judged by what is stored, even if it is hidden") func condition() throws {
    var store = try store(.none, Record([1]))
    try put(Record([2]), .delayedVisibility(.seconds(1)), in: &store)
    var none = mishap(nil)
    #expect(throws: DriverError.self) { try store.put(Record([3]), at: key, if: .unchanged(since: Record([1])), &none) }
    #expect("\(try store.put(Record([3]), at: key, if: .unchanged(since: Record([2])), &none))" == "stored")
  }

  // MARK: Reads that lie

  @Test("A stale read answers with the copy before, which may be none, or one that was deleted") func stale() throws {
    var store = try store(.none, Record([1]))
    #expect(try get(.staleRead, in: store) == nil)
    try put(Record([2]), in: &store)
    #expect(try get(.staleRead, in: store) == Record([1]))
    #expect(try get(in: store) == Record([2]))
    #expect(try "\(store.delete(key))" == "deleted")
    #expect(try get(.staleRead, in: store) == Record([2]))
    let page = store.list(ListRequest(), mishap(.staleRead))
    #expect(page.entries.map(\.stat.byteCount) == [1])
    #expect(store.list(ListRequest(), mishap(nil)).entries.isEmpty)
  }

  // R2.
  @Test("A bit flipped on the way makes a stamped record corrupt and bare bytes other bytes, and harms nothing stored")
  func flipOnRead() throws {
    let (bare, whole) = (Record([0, 0, 0, 0]), stamped([1, 2, 3], 10))
    for seed in 1...50 as ClosedRange<UInt64> {
      let bareStore = try store(.none, bare)
      let bytes = try get(.bitFlipOnRead, seed: seed, in: bareStore)?.bytes ?? []
      #expect(bytes.map(\.nonzeroBitCount).reduce(0, +) == 1 && bytes.count == 4, "seed \(seed)")
      #expect(try get(in: bareStore) == bare)
      let stampedStore = try store(.none, whole)
      let error = #expect(throws: DriverError.self) { try get(.bitFlipOnRead, seed: seed, in: stampedStore) }
      #expect(error?.code == .corrupt, "seed \(seed)")
    }
  }

  @Test("A truncated read answers with half of the stored bytes") func truncated() throws {
    #expect(try get(.truncatedRead, in: store(.none, Record([1, 2, 3, 4, 5])))?.bytes == [1, 2])
    let store = try store(.none, stamped([1, 2, 3], 10))
    let error = #expect(throws: DriverError.self) { try get(.truncatedRead, in: store) }
    #expect(error?.code == .corrupt)
    #expect(try get(in: store)?.bytes == [1, 2, 3])
  }

  @Test("What is absent cannot be damaged on the way") func absent() throws {
    #expect(try get(.bitFlipOnRead, in: FaultyStore(.none)) == nil)
    #expect(try get(.truncatedRead, in: FaultyStore(.none)) == nil)
  }

  // MARK: Damage at rest

  @Test("A torn write leaves the first half of the new bytes, cut or with the old copy's tail, and fails") func torn()
    throws
  {
    var outcomes: Set<[UInt8]> = []
    for seed in 1...20 as ClosedRange<UInt64> {
      var store = try store(.none, Record([1, 1, 1, 1, 1, 1]))
      var mishap = mishap(.tornWrite, seed: seed)
      let error = #expect(throws: DriverError.self) { try store.put(Record([2, 2, 2, 2]), at: key, &mishap) }
      #expect(error?.code == .unavailable && error?.effect == .unknown)
      outcomes.insert(try get(in: store)?.bytes ?? [])
    }
    #expect(outcomes == [[2, 2], [2, 2, 1, 1, 1, 1]])
  }

  @Test(
    "A damaged stamped copy is corrupt until the next put, is listed, and ranks below every other",
    arguments: [Fault.tornWrite, .bitFlipAtRest], [PutOrdering.none, .newestWins])
  func damaged(fault: Fault, ordering: PutOrdering) throws {
    var store = try store(ordering, stamped([1, 1, 1], 10))
    if fault == .tornWrite {
      #expect(throws: DriverError.self) { try put(stamped([2, 2, 2], 20), fault, in: &store) }
    } else {
      #expect("\(try put(stamped([2, 2, 2], 20), fault, in: &store))" == "stored")
    }
    for _ in 1...2 {
      let error = #expect(throws: DriverError.self) { try get(in: store) }
      #expect(error?.code == .corrupt)
    }
    #expect(store.contents.isEmpty)
    #expect(store.list(ListRequest(), mishap(nil)).entries.count == 1)
    var none = mishap(nil)
    let error = #expect(throws: DriverError.self) { try store.put(stamped([3], 30), at: key, if: .absent, &none) }
    #expect(error?.code == .corrupt)
    try put(stamped([4], 15), in: &store)
    #expect(try get(in: store)?.bytes == [4])
  }

  @Test("A damaged copy can be deleted") func deleteDamaged() throws {
    var store = FaultyStore(.none)
    try put(stamped([1], 10), .bitFlipAtRest, in: &store)
    #expect(try "\(store.delete(key))" == "deleted")
    #expect(try get(in: store) == nil)
  }

  // MARK: Later

  @Test("A write that shows late is stored, and hidden until its time") func delayedVisibility() throws {
    var store = try store(.none, Record([1]))
    try put(Record([2]), .delayedVisibility(.seconds(2)), in: &store)
    #expect(try get(in: store) == Record([1]))
    #expect(store.contents[key] == Record([2]))
    let later = store.takeLater()
    #expect(later.map(\.delay) == [.seconds(2)])
    #expect(store.carryOut(later[0].id) == "the change of 'k' appears")
    #expect(try get(in: store) == Record([2]))
  }

  @Test("The next write ends what is hidden, and its old time then changes nothing") func hiddenTwice() throws {
    var store = try store(.none, Record([1]))
    try put(Record([2]), .delayedVisibility(.seconds(2)), in: &store)
    let first = store.takeLater()
    try put(Record([3]), in: &store)
    #expect(try get(in: store) == Record([3]))
    try put(Record([4]), .delayedVisibility(.seconds(2)), in: &store)
    #expect(store.carryOut(first[0].id) == nil)
    #expect(try get(in: store) == Record([3]))
  }

  @Test("A duplicated put lands again over what was written since, where puts are blind") func duplicated() throws {
    for (ordering, winner) in [(PutOrdering.none, stamped([1], 10)), (.newestWins, stamped([2], 20))] {
      var store = FaultyStore(ordering)
      try put(stamped([1], 10), .duplicated(.seconds(1)), in: &store)
      let later = store.takeLater()
      #expect(try get(in: store) == stamped([1], 10))
      try put(stamped([2], 20), in: &store)
      _ = store.carryOut(later[0].id)
      #expect(try get(in: store) == winner)
    }
  }

  // R13: with `.none`, a late old put overwrites a newer one.
  @Test("A reordered put is acknowledged before it takes effect, and then overtakes what was written since")
  func reordered() throws {
    var store = try store(.none, Record([1]))
    #expect("\(try put(Record([2]), .reordered(.seconds(1)), in: &store))" == "stored")
    #expect(try get(in: store) == Record([1]))
    let later = store.takeLater()
    try put(Record([3]), in: &store)
    #expect(store.carryOut(later[0].id) == "the put of 'k' lands late: stored")
    #expect(try get(in: store) == Record([2]))
    #expect(store.carryOut(later[0].id) == nil)
  }

  // MARK: Disasters

  @Test("A crash loses exactly what was written since the last sync: overwrites, new data and deletes") func crash()
    throws
  {
    var store = FaultyStore(.none)
    store.durability = .lazy(every: .seconds(1))
    var none = mishap(nil)
    for name in ["kept", "overwritten", "deleted"] {
      _ = try store.put(Record([1]), at: Key(.mutable, name: name), &none)
    }
    let sync = store.takeLater()
    #expect(sync.map(\.delay) == [.seconds(1)])
    #expect(store.carryOut(sync[0].id) == "synced")
    _ = try store.put(Record([2]), at: "overwritten", &none)
    _ = try store.put(Record([3]), at: "overwritten", &none)
    _ = try store.put(Record([2]), at: "new", &none)
    _ = try? store.delete("deleted")
    let next = store.takeLater()
    #expect(next.count == 1)
    store.crash()
    #expect(store.contents == ["kept": Record([1]), "overwritten": Record([1]), "deleted": Record([1])])
    // The sync that the crash prevented is not made up for, and a later write asks for one of its own.
    #expect(store.carryOut(next[0].id) == nil)
    _ = try store.put(Record([4]), at: "new", &none)
    #expect(store.takeLater().count == 1)
  }

  @Test("A store that syncs each write loses none in a crash, not even one that lands late") func syncedCrash() throws {
    var store = try store(.none, Record([1]))
    try put(Record([2]), .reordered(.seconds(1)), in: &store)
    let later = store.takeLater()
    store.crash()
    #expect(try get(in: store) == Record([1]))
    _ = store.carryOut(later[0].id)
    #expect(try get(in: store) == Record([2]))
  }

  @Test("A crash loses a late put that was accepted since the last sync, and keeps one that was synced")
  func lateCrash() throws {
    for isSynced in [false, true] {
      var store = FaultyStore(.none)
      store.durability = .lazy(every: .seconds(1))
      var none = mishap(nil)
      _ = try store.put(Record([9]), at: "other", &none)
      try put(Record([2]), .reordered(.seconds(5)), in: &store)
      let later = store.takeLater()
      if isSynced { _ = store.carryOut(later[0].id) }
      store.crash()
      _ = store.carryOut(later[1].id)
      #expect(try get(in: store) == (isSynced ? Record([2]) : nil))
    }
  }

  @Test("A crash brings back what was hidden, to be shown at its time") func hiddenCrash() throws {
    var store = try store(.none, Record([1]))
    try put(Record([2]), .delayedVisibility(.seconds(1)), in: &store)
    let later = store.takeLater()
    store.durability = .lazy(every: .seconds(9))
    try put(Record([3]), in: &store)
    store.crash()
    #expect(try get(in: store) == Record([1]))
    _ = store.carryOut(later[0].id)
    #expect(try get(in: store) == Record([2]))
  }

  @Test("A wiped store is empty, and nothing from before lands in it") func wipe() throws {
    var store = try store(.none, Record([1]))
    try put(Record([2]), .duplicated(.seconds(1)), in: &store)
    let later = store.takeLater()
    store.wipe()
    #expect(store.carryOut(later[0].id) == nil)
    #expect(try get(in: store) == nil)
    #expect(try get(.staleRead, in: store) == nil)
    #expect(store.contents.isEmpty)
  }
}
