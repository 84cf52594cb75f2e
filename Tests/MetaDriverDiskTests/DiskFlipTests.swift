import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

/// Three folders under a quorum, and in one of them every bit of a stored record flipped, each bit under a key of its own.
@Suite(.timeLimit(.minutes(10))) struct DiskFlipTests {
  private let folders: [TemporaryFolder]
  private var disks: [DiskDriver] {
    folders.enumerated().map { DiskDriver(at: $1.store, name: "disk \($0)", durability: .none) }
  }
  private let context = Context()

  init() throws { folders = try (0..<3).map { _ in try TemporaryFolder() } }

  /// Names of one length, so that every record is stored in as many bytes.
  private func key(_ bit: Int) throws -> Key { try Key(.mutable, name: "bit \(1_000 + bit)") }

  /// Writes the record under a key for each of its bits, to all folders, and flips that bit in one of them.
  private func damage(_ record: Record, in damaged: Int, _ disks: [DiskDriver]) async throws -> [Key] {
    let count = record.encoded(for: try key(0)).count * 8
    var keys: [Key] = []
    for bit in 0..<count {
      let key = try key(bit)
      for disk in disks { _ = try await disk.put(record, at: key, in: context) }
      var bytes = record.encoded(for: key)
      bytes[bit / 8] ^= 1 << (bit % 8)
      try File.write(bytes, to: folders[damaged].file(key))
      keys.append(key)
    }
    return keys
  }

  // R2, A6
  @Test(
    "No flipped bit of one copy makes a quorum answer wrongly or a listing leave a key out, and a scrub mends it for good",
    arguments: [false, true], Scrub.Comparison.allCases)
  func everyBit(isTombstone: Bool, compare: Scrub.Comparison) async throws {
    let stamp = Stamp(time: 1_700_000_000_000 << 16 | 5, writer: 0x0123_4567_89ab_cdef)
    let parent = Stamp(time: 1_600_000_000_000 << 16, writer: 7)
    let record: Record =
      isTombstone
      ? .tombstone(DeletionProof([1, 2]), stamp: stamp, parent: parent) : Record([1, 2], stamp: stamp, parent: parent)
    let headBits = Record.envelopeByteCount * 8
    for damaged in 0..<3 {
      let disks = disks
      let keys = try await damage(record, in: damaged, disks)
      for (bit, key) in keys.enumerated() {
        #expect(await code { () throws(DriverError) in try await disks[damaged].get(key, in: context) } == .corrupt)
        let stat = await code { () throws(DriverError) in try await disks[damaged].stat(key, in: context) }
        #expect(stat == (bit < headBits ? .corrupt : nil), "bit \(bit)")
      }
      let quorum = Quorum(read: 2, write: 2, repair: .off) { for disk in disks { disk } }
      for (bit, key) in keys.enumerated() {
        #expect(try await quorum.get(key, in: context) == record, "bit \(bit)")
        #expect(try await quorum.stat(key, in: context) == Stat(of: record), "bit \(bit)")
      }
      // Whichever two folders answer first.
      for omitted in [nil, 0, 1, 2] {
        let answering = disks.indices.filter { $0 != omitted }
        let page = try await Quorum(read: .all, write: 2) { for index in answering { disks[index] } }
          .list(ListRequest(), in: context)
        #expect(page.isComplete)
        #expect(page.entries.map(\.key) == keys)
        for (bit, entry) in page.entries.enumerated() {
          let isInDoubt = isTombstone && bit < headBits && omitted != damaged
          #expect(
            isInDoubt ? entry.stat.stamp == nil && !entry.stat.isTombstone : entry.stat == Stat(of: record),
            "bit \(bit), without \(omitted.map { "\($0)" } ?? "none"): \(entry.stat)")
        }
      }
      let scrub = Scrub(compare: compare) { for disk in disks { disk } }
      let plan = try await scrub.plan(in: context)
      #expect(plan.isComplete && plan.lost.isEmpty && plan.undecided.isEmpty)
      // A listing reads no more than the head.
      #expect(plan.repairs.map(\.key) == (compare == .content ? keys : Array(keys[..<headBits])))
      for repair in plan.repairs {
        #expect(repair.stat == Stat(of: record))
        #expect(repair.targets.map { "\($0.store) \($0.need)" } == ["disk \(damaged) damaged"])
      }
      let report = try await scrub.apply(plan, in: context)
      #expect(report.isComplete, "\(report)")
      for repair in plan.repairs { #expect(try await disks[damaged].get(repair.key, in: context) == record) }
      #expect(try await scrub.plan(in: context).repairs.isEmpty, "a second plan has nothing to do")
      for disk in disks { try await disk.close(in: context) }
    }
  }

  // R2, R32, C13
  @Test(
    "A folder that replaced a damaged copy says so, and nothing newer at another folder is passed over",
    arguments: [false, true])
  func replacedDamage(isQuorum: Bool) async throws {
    let disks = disks
    func tree(_ time: Duration) throws -> Strategy {
      try Strategy("tree", runtime: Runtime(wallClock: { time })) {
        if isQuorum {
          Quorum(read: 2, write: 2, repair: .off) { for disk in disks { disk } }
        } else {
          Replicated(writes: .atLeast(2), reads: .newest, repair: .off) { for disk in disks { disk } }
        }
      }
    }
    let (ahead, right) = (Duration.seconds(1_700_172_800), Duration.seconds(1_700_000_000))
    for number in 0..<20 {
      // The first copies are at two folders, and one of them rots: in its head, or in its bytes.
      let key = try key(number)
      let old = Record([1], stamp: Runtime(wallClock: { ahead }).nextStamp())
      for disk in disks[..<2] { _ = try await disk.put(old, at: key, in: context) }
      var bytes = old.encoded(for: key)
      bytes[number % 2 == 0 ? 6 : bytes.count - 1] ^= 1
      try File.write(bytes, to: folders[0].file(key))

      let receipt = try await tree(right).put([2], at: DataID(key.name))
      #expect(receipt.result.isAcknowledged)
      for omitted in disks {
        let name = try #require(omitted.leaf?.name)
        let found = try await tree(right).get(DataID(key.name), options: CallOptions(omitting: [name]))
        #expect(found?.bytes == [2], "without \(name): \(receipt)")
      }
    }
    let key = try key(30)
    let old = Record([1], stamp: Runtime(wallClock: { ahead }).nextStamp())
    var bytes = old.encoded(for: key)
    bytes[6] ^= 1
    _ = try await disks[0].put(old, at: key, in: context)
    try File.write(bytes, to: folders[0].file(key))
    let receipt = try await disks[0].put(
      Record([2], stamp: Runtime(wallClock: { right }).nextStamp()), at: key, in: context)
    #expect("\(receipt)" == "stored, over a damaged copy")
    for disk in disks { try await disk.close(in: context) }
  }

  private func code<Answer>(_ call: () async throws(DriverError) -> Answer) async -> DriverError.Code? {
    do throws(DriverError) {
      _ = try await call()
      return nil
    } catch { return error.code }
  }
}
