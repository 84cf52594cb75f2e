import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct MigrationTests {
  private let runtime = Runtime.manual()
  private let old = Scripted("old", ordering: .newestWins)
  private let new = Scripted("new", ordering: .newestWins)
  private let state = Scripted("state")
  private var context: Context { Context(runtime) }
  private var migration: Migration { migration(old, new) }

  private func migration(_ old: some Driver, _ new: some Driver) -> Migration {
    Migrating("to eu", state: state) {
      old
    } to: {
      new
    }.migration
  }

  private func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: time, writer: 1))
  }

  @Test("Everything is copied: live records, tombstones, bare bytes, and both kinds of keys", arguments: [1, 2, 100])
  func everything(pageSize: Int) async throws {
    let photo = Key.immutable(ContentHash(of: [9]))
    old.contents = [
      "a": record(1, at: 1), "b": .tombstone(DeletionProof([7]), stamp: Stamp(time: 2, writer: 1)), "c": Record([3]),
      photo: Record([9]),
    ]
    let before = old.contents
    try await migration.begin(in: context)
    try await migration.copy(pageSize: pageSize, in: context)
    let status = try await migration.verify(pageSize: pageSize, in: context)
    #expect("\(status)" == "verified: 4 copied, 4 compared, 0 repaired")
    #expect(new.contents == before && old.contents == before)
  }

  @Test(
    "A copy never replaces anything newer, nor a tombstone, whatever the ordering of the new side",
    arguments: [PutOrdering.newestWins, .fifo, .none])
  func neverOlder(ordering: PutOrdering) async throws {
    let new = Scripted("new", ordering: ordering)
    let migration = migration(old, new)
    old.contents = ["a": record(1, at: 1), "b": record(2, at: 1), "c": Record([3])]
    try await migration.begin(in: context)
    new.contents = ["a": record(9, at: 2), "b": .tombstone(stamp: Stamp(time: 2, writer: 1)), "c": record(9, at: 2)]
    let newer = new.contents
    try await migration.copy(in: context)
    #expect(new.contents == newer)
    // What only the new side has is a write that did not reach both, and is completed.
    #expect(try await migration.verify(in: context).repaired == 3)
    #expect(old.contents == newer)
  }

  @Test("Steps in the wrong order are refused, and say what comes first; steps made again do nothing")
  func order() async throws {
    for step in [migration.copy, migration.verify] {
      let error = await #expect(throws: DriverError.self) { try await step(100, 4, .seconds(60), context) }
      #expect(error?.code == .conflict && error?.message.contains("first") == true)
    }
    for step in [migration.switchReads, migration.retire] {
      let error = await #expect(throws: DriverError.self) { try await step(context) }
      #expect(error?.code == .conflict && error?.message.contains("first") == true)
    }
    for _ in 0..<2 {
      #expect(try await migration.begin(in: context).phase == .copying)
    }
    try await migration.copy(in: context)
    try await migration.verify(in: context)
    for _ in 0..<2 { #expect(try await migration.switchReads(in: context).phase == .switched) }
    try await migration.retire(in: context)
    let calls = old.calls.count + new.calls.count
    for again in [try await migration.begin(in: context), try await migration.copy(in: context)] {
      #expect(again.phase == .retired)
    }
    #expect(old.calls.count + new.calls.count == calls)
    let error = await #expect(throws: DriverError.self) { try await migration.abort(in: context) }
    #expect(error?.code == .conflict)
  }

  @Test(
    "A new side that is not empty is refused by name, tombstones too; so is a second round over what the first left")
  func notEmpty() async throws {
    new.contents = ["left over": .tombstone(stamp: Stamp(time: 1, writer: 1))]
    let error = await #expect(throws: DriverError.self) { try await migration.begin(in: context) }
    #expect(error?.code == .conflict && error?.message.contains("new holds 'left over' already") == true)
    #expect(state.contents.isEmpty)
    new.contents = [:]
    old.contents = ["a": record(1, at: 1)]
    try await migration.begin(in: context)
    try await migration.copy(in: context)
    try await migration.abort(in: context)
    await #expect(throws: DriverError.self) { try await migration.begin(in: context) }
    new.contents = [:]
    #expect("\(try await migration.begin(in: context))" == "copying: 0 copied, 0 compared, 0 repaired")
  }

  // B1, B18
  @Test("An incomplete listing is no ground for anything: the step refuses, and names who did not answer")
  func incomplete() async throws {
    try await migration.begin(in: context)
    let (down, up) = (Faulty("down"), Faulty("up"))
    down.isDown = true
    let partial = migration(
      FirstSuccess {
        down; up
      }, new)
    let error = await #expect(throws: DriverError.self) { try await partial.copy(in: context) }
    #expect(error?.code == .unavailable && error?.message.contains("down did not answer") == true)
    #expect(try await migration.status(in: context).phase == .copying)
    try await migration.copy(in: context)
    await #expect(throws: DriverError.self) { try await partial.verify(in: context) }
    await #expect(throws: DriverError.self) { try await migration.switchReads(in: context) }
  }

  @Test("A datum that cannot be read stops the copy with its name; the next call goes on there")
  func unreadable() async throws {
    let broken = Scripted("old", ordering: .newestWins) { call in
      call.operation == .get && call.key == "b" ? .corrupt : .ok
    }
    for (index, key) in (["a", "b", "c"] as [Key]).enumerated() { broken.contents[key] = record(UInt8(index), at: 1) }
    try await migration.begin(in: context)
    let error = await #expect(throws: DriverError.self) {
      try await migration(broken, new).copy(pageSize: 1, in: context)
    }
    #expect(error?.code == .corrupt && error?.message.contains("stopped at 'b'") == true)
    #expect(try await migration.status(in: context).position == "a")
    #expect(Set(new.contents.keys) == ["a"])
    old.contents = broken.contents
    try await migration.copy(pageSize: 1, in: context)
    #expect(new.contents == old.contents)
    // What was copied is not copied again.
    #expect(!old.calls.contains { $0.operation == .get && $0.key == "a" })
  }

  @Test("A damaged copy on the new side is replaced; one that only the new side has stops the comparison")
  func damagedCopy() async throws {
    let broken = Scripted("new", ordering: .newestWins) { call in
      call.operation == .get ? .corrupt : .ok
    }
    old.contents = ["a": record(1, at: 1)]
    try await migration.begin(in: context)
    try await migration.copy(in: context)
    #expect(try await migration(old, broken).verify(in: context).repaired == 1)
    #expect(broken.contents == old.contents)
    try await migration.abort(in: context)
    (old.contents, new.contents) = ([:], [:])
    try await migration.begin(in: context)
    try await migration.copy(in: context)
    let error = await #expect(throws: DriverError.self) { try await migration(old, broken).verify(in: context) }
    #expect(error?.code == .corrupt && error?.message.contains("stopped at 'a'") == true)
  }

  @Test("Copies that cannot be ranked stop the comparison, and nothing is deleted or overwritten")
  func unranked() async throws {
    old.contents = ["a": Record([1])]
    try await migration.begin(in: context)
    try await migration.copy(in: context)
    for other in [Record([2]), nil] {
      old.contents["a"] = other
      let error = await #expect(throws: DriverError.self) { try await migration.verify(in: context) }
      #expect(error?.code == .conflict && error?.message.contains("stopped at 'a'") == true)
      #expect(new.contents["a"] == Record([1]) && old.contents["a"] == other)
    }
  }

  private func migration(state: Scripted) -> Migration {
    Migrating("to eu", state: state) {
      old
    } to: {
      new
    }.migration
  }

  // B10
  @Test("A change of the state whose reply was lost is recognised, and is made once")
  func lostReply() async throws {
    let lossy = Scripted("state") { call in call.operation == .compareAndPut ? .lostReply() : .ok }
    let migration = migration(state: lossy)
    old.contents = ["a": record(1, at: 1)]
    try await migration.begin(in: context)
    try await migration.copy(in: context)
    #expect("\(try await migration.verify(in: context))" == "verified: 1 copied, 1 compared, 0 repaired")
  }

  // B10
  @Test("A change of the state of which nobody knows whether it was made is no change where another state is stored")
  func unknownChange() async throws {
    let changes = Counter()
    let lossy = Scripted("state") { call in
      guard call.operation == .compareAndPut else { return .ok }
      changes.add(1)
      return changes.value == 2 ? .error(.timedOut, effect: .unknown) : .ok
    }
    let migration = migration(state: lossy)
    old.contents = ["a": record(1, at: 1)]
    try await migration.begin(in: context)
    let error = await #expect(throws: DriverError.self) { try await migration.copy(in: context) }
    #expect(error?.code == .timedOut && error?.effect == .unknown)
    #expect("\(try await migration.status(in: context))" == "copying: 0 copied, 0 compared, 0 repaired")
  }

  @Test("A page that another process has gone through meanwhile is counted once", arguments: [1, 100])
  func twoProcesses(pageSize: Int) async throws {
    let gate = Gate()
    let slow = Scripted("old", ordering: .newestWins) { call in
      call.operation == .get && call.key == "b" ? .hang(gate) : .ok
    }
    for key in ["a", "b", "c"] as [Key] {
      (old.contents[key], slow.contents[key]) = (record(1, at: 1), record(1, at: 1))
    }
    try await migration.begin(in: context)
    let (late, context) = (migration(slow, new), context)
    async let copying = late.copy(pageSize: pageSize, in: context)
    await slow.waitForCalls(4)
    let status = try await migration.copy(pageSize: pageSize, in: context)
    #expect("\(status)" == "verifying: 3 copied, 0 compared, 0 repaired")
    gate.open()
    #expect(try await copying == status)
    #expect(try await migration.status(in: context) == status)
    #expect(new.contents == old.contents)
  }

  @Test("Conditional puts are decided by the side in use, and refused while both are written")
  func conditions() async throws {
    let tree = Migrating("to eu", state: state) {
      old
    } to: {
      new
    }
    let key: Key = "k"
    let created = try await context.put(Record([1]), at: key, if: .absent, to: tree)
    let conflict = await #expect(throws: DriverError.self) {
      try await context.put(Record([2]), at: key, if: .absent, to: tree)
    }
    #expect(conflict?.code == .conflict && conflict?.effect == .unchanged)
    let next = try await context.put(
      Record([2]), at: key, if: .unchanged(since: try #require(created.stamp)), to: tree)
    #expect(new.contents.isEmpty)
    try await tree.migration.begin(in: context)
    let refused = await #expect(throws: DriverError.self) {
      try await context.put(Record([3]), at: key, if: .unchanged(since: try #require(next.stamp)), to: tree)
    }
    #expect(refused?.code == .unavailable && refused?.effect == .unchanged)
    try await tree.migration.copy(in: context)
    try await tree.migration.verify(in: context)
    try await tree.migration.switchReads(in: context)
    try await tree.migration.retire(in: context)
    _ = try await context.put(Record([3]), at: key, if: .unchanged(since: try #require(next.stamp)), to: tree)
    #expect(new.contents[key]?.bytes == [3] && old.contents[key]?.bytes == [2])
  }

  @Test("Create-only over a tombstone of a clock that is ahead takes a newer stamp")
  func overTombstone() async throws {
    let ahead = Stamp(time: (1_700_000_000_000 + 5_000) << 16, writer: 9)
    old.contents = ["k": .tombstone(stamp: ahead)]
    let tree = Migrating("to eu", state: state) {
      old
    } to: {
      new
    }
    let receipt = try await context.put(Record([1]), at: "k", if: .absent, to: tree)
    #expect(try #require(receipt.stamp) > ahead)
    #expect(old.contents["k"]?.bytes == [1])
  }
}
