import Testing

@testable import MetaDriver

@Suite struct HandedOffWriteTests {
  private static let writes = [
    HandedOffWrite(
      .copied(Record([1, 2, 3], stamp: Stamp(time: 7, writer: 8), parent: Stamp(time: 5, writer: 6))),
      for: .init(child: "eu", key: "k"), since: .milliseconds(1_700_000_000_123)),
    HandedOffWrite(
      .copied(.tombstone(DeletionProof([9]), stamp: Stamp(time: 7, writer: 8))),
      for: .init(child: "a child/with ☃", key: .immutable(ContentHash(of: [1]))), of: ["memory:1", "disk:/a"],
      since: .zero),
    HandedOffWrite(
      .copied(Record([], stamp: Stamp(time: 1, writer: 1))),
      for: .init(child: "", key: .mutable(DataID(stringLiteral: "x"))), since: .seconds(1)),
    HandedOffWrite(
      .noted(HandoffQueue.Rank(noting: Record([1], stamp: Stamp(time: 7, writer: 8))), byteCount: 400_000_000),
      for: .init(child: "eu", key: "k"), of: ["etcd:x"], since: .seconds(2)),
    HandedOffWrite(
      .noted(HandoffQueue.Rank(noting: Record([1])), byteCount: 1),
      for: .init(child: "eu", key: .immutable(ContentHash(of: [1]))), since: .seconds(2)),
  ]

  @Test("An entry is read as it was written", arguments: 0..<5) func roundTrip(number: Int) throws {
    let write = Self.writes[number]
    let key = HandedOffWrite.key(of: write.slot)
    let read = try HandedOffWrite(Record(write.encoded), at: key)
    #expect(read.slot == write.slot && read.since == write.since && read.stores == write.stores)
    #expect(read.rank == write.rank && read.byteCount == write.byteCount)
    switch (read.content, write.content) {
    case (.copied(let one), .copied(let other)): #expect(one == other)
    case (.noted, .noted): break
    default: Issue.record("the one has its bytes, the other has not")
    }
    #expect(key.name.utf8.count == "metadriver/handoff/".utf8.count + 64)
  }

  // R2
  @Test("Any changed, missing or additional byte is found out, and so is another's entry") func damage() {
    let (write, other) = (Self.writes[0], Self.writes[1])
    let key = HandedOffWrite.key(of: write.slot), bytes = write.encoded
    var broken = bytes.indices.map { index in
      var copy = bytes
      copy[index] ^= 0x40
      return copy
    }
    broken += bytes.indices.map { Array(bytes[..<$0]) } + [bytes + [0], other.encoded]
    for bytes in broken {
      let error = #expect(throws: DriverError.self) { try HandedOffWrite(Record(bytes), at: key) }
      #expect(error?.code == .corrupt)
    }
  }

  @Test("Children and keys whose names run into each other have entries of their own") func keys() {
    let slots = [("ab", "c"), ("a", "bc"), ("a", "b")] as [(String, Key)]
    let names = Set(slots.map { HandedOffWrite.key(of: .init(child: $0.0, key: $0.1)) })
    #expect(names.count == 3)
  }
}
