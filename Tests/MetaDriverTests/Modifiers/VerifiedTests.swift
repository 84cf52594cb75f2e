import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct VerifiedTests {
  private let bytes: [UInt8] = Array("the real bytes".utf8)
  private var key: Key { .immutable(ContentHash(of: bytes)) }
  private var context: Context { Context(.manual()) }

  // A6, R2
  @Test(
    "A copy that is torn, flipped, truncated, empty or another's is that child's failure, and never a value",
    arguments: [[], [0], Array("the real byte".utf8), Array("the real bytes.".utf8), Array("THE REAL BYTES".utf8)])
  func badCopies(bad: [UInt8]) async throws {
    let disk = Scripted("disk"), cloud = Scripted("cloud")
    disk.contents[key] = Record(bad)
    let error = await #expect(throws: DriverError.self) { try await disk.verified().get(key, in: context) }
    #expect(error?.code == .corrupt)
    #expect(error?.isRetryable == false)

    // … and the search goes on.
    cloud.contents[key] = Record(bytes)
    let tree = FirstSuccess {
      disk.verified()
      cloud.verified()
    }
    #expect(try await tree.get(key, in: context) == Record(bytes))
  }

  // A6
  @Test("Bytes that do not hash to their key reach no child")
  func badPut() async {
    let a = Scripted("a"), b = Scripted("b")
    let tree = Replicated {
      a
      b
    }.verified()
    for write in [false, true] {
      let error = await #expect(throws: DriverError.self) {
        write
          ? try await tree.put(Record([9]), at: key, in: context)
          : try await a.verified().put(Record([9]), at: key, if: .absent, in: context)
      }
      #expect(error?.code == .corrupt)
      #expect(error?.effect == .unchanged)
    }
    #expect(a.calls.isEmpty && b.calls.isEmpty)
  }

  @Test("The error says what was expected, what was found, and how long it is")
  func message() async {
    let disk = Scripted("disk")
    disk.contents[key] = Record([9])
    let error = await #expect(throws: DriverError.self) { try await disk.verified().get(key, in: context) }
    #expect(
      error?.message == "the stored copy of \(key) hashes to sha256:\(ContentHash(of: [9])): 1 other bytes")
  }

  // R2
  @Test("A verifier sees mutable records with key and context, and its no is the child's failure")
  func verifier() async throws {
    let disk = Scripted("disk")
    let tree = disk.verified { key, record, context in
      record.bytes.first == 1 && key == .mutable("k") && context.identity == Identity("alice")
    }
    let options = CallOptions(identity: Identity("alice"))
    let context = Context(.manual(), options: options)
    _ = try await tree.put(Record([1, 2]), at: .mutable("k"), in: context)
    #expect(try await tree.get(.mutable("k"), in: context) == Record([1, 2]))
    disk.contents[.mutable("k")] = Record([3])
    let error = await #expect(throws: DriverError.self) { try await tree.get(.mutable("k"), in: context) }
    #expect(error?.description == "corrupt: the stored copy of 'k' fails its verification")
    await #expect(throws: DriverError.self) { try await tree.put(Record([3]), at: .mutable("k"), in: context) }
    #expect(disk.calls.count(where: { $0.operation == .put }) == 1)
  }

  @Test("Absence and tombstones pass: there is nothing to hash in them")
  func nothingToCheck() async throws {
    let disk = Scripted("disk")
    let tree = disk.verified { _, _, _ in false }
    #expect(try await tree.get(key, in: context) == nil)
    let tombstone = Record.tombstone(DeletionProof([1]), stamp: Stamp(time: 1, writer: 1))
    for key in [key, .mutable("k")] {
      _ = try await tree.put(tombstone, at: key, in: context)
      #expect(try await tree.get(key, in: context) == tombstone)
    }
  }

  private static let owned: Key = "owned"
  private func guarded(_ disk: Scripted) -> Verified<Scripted> {
    disk.verified(deletions: { key, proof, context in
      key != Self.owned || proof.bytes == [42] && context.identity == Identity("alice")
    })
  }
  private var alice: Context { Context(.manual(), options: CallOptions(identity: Identity("alice"))) }

  // A34
  @Test("A deletion without its proof is denied before the child sees it, whichever way it comes")
  func deletionsDenied() async throws {
    let disk = Scripted("disk")
    let tree = guarded(disk)
    let stamp = Stamp(time: 1, writer: 1)
    let forged = Record.tombstone(DeletionProof([41]), stamp: stamp)
    let live = Record([1], stamp: stamp)
    for delete in [
      { _ = try await tree.delete(Self.owned, proof: nil, in: alice) },
      { _ = try await tree.delete(Self.owned, proof: DeletionProof([41]), in: alice) },
      { _ = try await tree.delete(Self.owned, proof: DeletionProof([42]), in: context) },
      { _ = try await tree.put(forged, at: Self.owned, in: alice) },
      { _ = try await tree.put(.tombstone(stamp: stamp), at: Self.owned, if: .absent, in: alice) },
      { _ = try await tree.delete(Self.owned, if: .unchanged(since: live), in: alice) },
      { _ = try await tree.delete(Self.owned, if: .unchanged(since: forged), in: alice) },
      { _ = try await tree.delete(Self.owned, if: .absent, in: alice) },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: DriverError.self) { try await delete() }
      #expect(error?.code == .denied)
      #expect(error?.effect == .unchanged && error?.isRetryable == false)
    }
    #expect(disk.calls.isEmpty)
  }

  // A34
  @Test("A deletion with its proof reaches the child as it was")
  func deletionsAllowed() async throws {
    let disk = Scripted("disk")
    let tree = guarded(disk)
    let proof = DeletionProof([42])
    let tombstone = Record.tombstone(proof, stamp: Stamp(time: 1, writer: 1))
    _ = try await tree.delete(Self.owned, proof: proof, in: alice)
    #expect(disk.calls.last?.proof == proof)
    _ = try await tree.put(tombstone, at: Self.owned, in: alice)
    #expect(try await tree.get(Self.owned, in: alice) == tombstone)
    _ = try await tree.delete(Self.owned, if: .unchanged(since: tombstone), in: alice)
    #expect(disk.contents.isEmpty)
    _ = try await tree.delete("anybody's", proof: nil, in: context)
  }

  // R2
  @Test("A stored tombstone whose proof fails deletes nothing: it is that child's failure")
  func forgedTombstone() async throws {
    let (bad, good) = (Scripted("bad"), Scripted("good"))
    bad.contents[Self.owned] = .tombstone(DeletionProof([41]), stamp: Stamp(time: 9, writer: 1))
    good.contents[Self.owned] = Record([1], stamp: Stamp(time: 1, writer: 1))
    let error = await #expect(throws: DriverError.self) { try await guarded(bad).get(Self.owned, in: alice) }
    #expect(error?.description == "corrupt: the stored tombstone of 'owned' has a proof that fails its verification")
    let tree = Quorum(read: 2, write: 2) {
      guarded(bad)
      guarded(good)
      guarded(Scripted("empty"))
    }
    #expect(try await tree.get(Self.owned, in: alice)?.bytes == [1])
  }

  @Test("The outline says what is checked beside hashes")
  func outline() {
    let disk = Scripted("disk")
    func line(_ tree: some Driver) -> String { "\(tree.outline)".split(separator: "\n").first.map(String.init) ?? "" }
    #expect(line(disk.verified()) == "Verified")
    #expect(line(disk.verified { _, _, _ in true }) == "Verified (hashes and signatures)")
    #expect(line(guarded(disk)) == "Verified (hashes and deletions)")
    #expect(
      line(disk.verified(by: { _, _, _ in true }, deletions: { _, _, _ in true }))
        == "Verified (hashes, signatures and deletions)")
  }
}
