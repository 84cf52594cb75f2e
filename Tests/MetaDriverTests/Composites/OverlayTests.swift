import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct OverlayTests {
  private let upper = Scripted("upper", ordering: .newestWins), lower = Scripted("lower")
  private let runtime = Runtime.manual()
  private var context: Context { Context(runtime) }
  private let key = Key.mutable("k")

  private var overlay: Overlay<Scripted, Scripted> {
    Overlay {
      upper
    } over: {
      lower
    }
  }

  private func failing(_ operations: Event.Operation...) -> Scripted {
    Scripted("failing") { operations.contains($0.operation) ? .error(.unavailable) : .ok }
  }

  @Test("A conditional put that fails after the copy from below was brought up does not say that nothing was changed")
  func brokenOff() async throws {
    let below = Record([1])
    lower.contents = [key: below]
    // It looks above, brings the copy up, and writes.
    let upper = Scripted("upper", ordering: .newestWins, answers: [.ok, .ok, .error(.noSpace)])
    let overlay = Overlay {
      upper
    } over: {
      lower
    }
    let error = await #expect(throws: DriverError.self) {
      try await overlay.put(Record([2]), at: key, if: .unchanged(since: below), in: context)
    }
    #expect(error?.code == .noSpace && error?.effect == .unknown)
    #expect(upper.contents[key]?.bytes == [1])
  }

  @Test("The upper tree answers first, the lower one only where nothing is above")
  func reads() async throws {
    lower.contents = [key: Record([1]), "only below": Record([2])]
    upper.contents = [key: Record([3])]
    #expect(try await overlay.get(key, in: context) == Record([3]))
    #expect(lower.calls.isEmpty)
    #expect(try await overlay.get("only below", in: context) == Record([2]))
    #expect(try await overlay.stat("only below", in: context) == Stat(byteCount: 1))
    #expect(try await overlay.get("nowhere", in: context) == nil)
  }

  @Test("The lower tree is never written, whatever is done")
  func lowerIsReadOnly() async throws {
    lower.contents[key] = Record([1])
    _ = try await overlay.put(Record([2]), at: key, in: context)
    _ = try await overlay.delete(key, proof: nil, in: context)
    _ = try? await overlay.put(Record([3]), at: key, if: .absent, in: context)
    _ = try? await overlay.put(Record([4]), at: "other", if: .unchanged(since: Record([1])), in: context)
    #expect(lower.contents == [key: Record([1])])
    #expect(lower.calls.allSatisfy { $0.operation == .get })
  }

  // B8
  @Test("What cannot be read above never shines through from below")
  func failsClosed() async throws {
    lower.contents[key] = Record([1])
    let overlay = Overlay {
      failing(.get, .stat, .list)
    } over: {
      lower
    }
    for read in [
      { try await _ = overlay.get(key, in: context) }, { try await _ = overlay.stat(key, in: context) },
      { try await _ = overlay.list(ListRequest(), in: context) },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: DriverError.self) { try await read() }
      #expect(error?.code == .unavailable)
    }
    #expect(lower.calls.isEmpty)
    let corrupt = Overlay {
      Scripted("corrupt") { _ in .corrupt }
    } over: {
      lower
    }
    let error = await #expect(throws: DriverError.self) { try await corrupt.get(key, in: context) }
    #expect(error?.code == .corrupt)
  }

  // R1
  @Test("A failure below is never an absence")
  func lowerFails() async throws {
    let overlay = Overlay {
      upper
    } over: {
      failing(.get)
    }
    let error = await #expect(throws: DriverError.self) { try await overlay.get(key, in: context) }
    #expect(error?.code == .unavailable)
  }

  // A4, B7, R15
  @Test("A delete hides what is below, by a stamped tombstone with its proof")
  func deletes() async throws {
    lower.contents[key] = Record([1], stamp: Stamp(time: 1_700_000_000_500 << 16, writer: 9))
    let receipt = try await overlay.delete(key, proof: DeletionProof([5]), in: context)
    #expect("\(receipt)" == "deleted\n├─ upper: already absent\n└─ lower: found")
    let tombstone = try #require(upper.contents[key])
    #expect(tombstone.isTombstone && tombstone.bytes == [5])
    #expect(tombstone.stamp == receipt.stamp)
    #expect(tombstone.stamp.map { $0 > Stamp(time: 1_700_000_000_500 << 16, writer: 9) } == true, "above what it hides")
    #expect(try await overlay.get(key, in: context) == tombstone)
  }

  // A5
  @Test(
    "A delete says that nothing was there only when both trees said so",
    arguments: [
      (nil, nil, true), (nil, Record([1]), false), (Record([1], stamp: Stamp(time: 1, writer: 1)), nil, false),
      (.tombstone(stamp: Stamp(time: 1, writer: 1)), Record([1]), true),
      (nil, .tombstone(stamp: Stamp(time: 1, writer: 1)), true),
    ] as [(Record?, Record?, Bool)])
  func alreadyAbsent(above: Record?, below: Record?, isAbsent: Bool) async throws {
    upper.contents[key] = above
    lower.contents[key] = below
    let result = try await overlay.delete(key, proof: nil, in: context).result
    #expect("\(result)" == (isAbsent ? "already absent" : "deleted"))
    #expect(upper.contents[key]?.isTombstone == true)
  }

  // A5
  @Test("A delete holds while the lower tree is away, and does not say that nothing was there")
  func lowerIsAway() async throws {
    let overlay = Overlay {
      upper
    } over: {
      failing(.get)
    }
    let receipt = try await overlay.delete(key, proof: nil, in: context)
    #expect("\(receipt.result)" == "deleted")
    #expect("\(receipt.children[1])".hasPrefix("failing: failed, unavailable"))
    #expect(try await overlay.get(key, in: context)?.isTombstone == true)
  }

  // R31, R32
  @Test("What a write does is newer than what it hides, for a session that has read it and for a quorum above")
  func newerThanBelow() async throws {
    let ahead = Record([1], stamp: Stamp(time: 1_800_000_000_000 << 16, writer: 9))
    lower.contents[key] = ahead
    let (upper, lower) = (upper, lower)
    func client() throws -> Strategy {
      try Strategy("client", runtime: .manual()) {
        MonotonicReads {
          Overlay {
            upper
          } over: {
            lower.readOnly()
          }
        }
      }
    }
    let reader = try client()
    #expect(try await reader.get("k")?.bytes == [1])
    try await client().put([2], at: "k")
    #expect(try await reader.get("k")?.bytes == [2])
    try await client().delete("k")
    #expect(try await reader.get("k") == nil)
    #expect(upper.contents[key]?.isTombstone == true)

    // A record that was stamped above this node is not stored below what shines through.
    let receipt = try await overlay.put(
      Record([3], stamp: Stamp(time: 5, writer: 1)), at: "other", in: context)
    #expect("\(receipt.result)" == "stored", "nothing is below")
    lower.contents["other key"] = ahead
    let late = try await overlay.put(Record([3], stamp: Stamp(time: 5, writer: 1)), at: "other key", in: context)
    guard case .superseded = late.result else { return #expect(Bool(false), "\(late)") }
    #expect(upper.contents["other key"] == nil)
  }

  // R31, R32
  @Test("A quorum of overlays writes above what shines through")
  func quorumOfOverlays() async throws {
    let ahead = Record([1], stamp: Stamp(time: 1_800_000_000_000 << 16, writer: 9))
    // One store takes no writes, so that its overlay goes on answering with what is below.
    let stores = ["a", "b", "c"].map { name in
      Scripted(name, ordering: .newestWins) { name == "b" && $0.operation == .put ? .error(.unavailable) : .ok }
    }
    let archives = ["x", "y"].map { Scripted($0) }
    for archive in archives { archive.contents[key] = ahead }
    func client() throws -> Strategy {
      try Strategy("client", runtime: .manual()) {
        Quorum(read: 3, write: 2, repair: .off) {
          Overlay {
            stores[0]
          } over: {
            archives[0].readOnly()
          }
          Overlay {
            stores[1]
          } over: {
            archives[1].readOnly()
          }
          stores[2]
        }
      }
    }
    try await client().put([2], at: "k")
    #expect(try await client().get("k")?.bytes == [2])
  }

  // R31
  @Test("Below a session nothing is written that could rank below what cannot be read, and a second write asks nobody")
  func orderNeedsBelow() async throws {
    let away = failing(.get)
    let upper = upper
    func strategy(_ lower: Scripted, isOrdered: Bool) throws -> Strategy {
      try Strategy("s", runtime: .manual()) {
        let overlay = Overlay {
          upper
        } over: {
          lower.readOnly()
        }
        if isOrdered { MonotonicReads { overlay } } else { overlay }
      }
    }
    for write in [{ try await _ = $0.put([1], at: "k") }, { try await _ = $0.delete("k") }]
      as [(Strategy) async throws -> Void]
    {
      let error = await #expect(throws: DriverError.self) { try await write(try strategy(away, isOrdered: true)) }
      #expect(error?.code == .unavailable && error?.effect == .unchanged)
      #expect(
        error?.message.hasPrefix(
          "nothing was written: failing did not say what the write of 'k' must rank above") == true,
        "\(String(describing: error))")
      #expect(upper.contents.isEmpty)
    }
    try await strategy(away, isOrdered: false).put([1], at: "k")
    #expect(upper.contents[key]?.bytes == [1])
    let session = try strategy(lower, isOrdered: true)
    try await session.put([1], at: "other")
    let calls = (upper.calls.count, lower.calls.count)
    try await session.put([2], at: "other")
    #expect(upper.calls.count == calls.0 + 1 && lower.calls.count == calls.1)
  }

  // A36
  @Test("A put after a delete wins, and a second delete is another tombstone")
  func afterwards() async throws {
    let first = try await overlay.delete(key, proof: nil, in: context).stamp
    let put = try await overlay.put(Record([1]), at: key, in: context).stamp
    #expect(try await overlay.get(key, in: context)?.bytes == [1])
    let second = try await overlay.delete(key, proof: nil, in: context).stamp
    #expect([first, put, second].compactMap(\.self).sorted() == [first, put, second])
    #expect(Set([first, put, second]).count == 3)
  }

  // A48
  @Test("Create-only looks below too")
  func createOnly() async throws {
    lower.contents[key] = Record([1])
    let refusal = await #expect(throws: DriverError.self) {
      try await overlay.put(Record([2]), at: key, if: .absent, in: context)
    }
    #expect(refusal?.code == .conflict)
    #expect(upper.contents.isEmpty)
    _ = try await overlay.delete(key, proof: nil, in: context)
    _ = try await overlay.put(Record([2]), at: key, if: .absent, in: context)
    #expect(try await overlay.get(key, in: context)?.bytes == [2])
    _ = try await overlay.put(Record([3]), at: "new", if: .absent, in: context)
    #expect(upper.contents["new"]?.bytes == [3])
  }

  // A48
  @Test("A copy from below is compared with, and brought up so that the comparison is one step")
  func compare() async throws {
    let below = Record([1], stamp: Stamp(time: 4, writer: 1))
    lower.contents[key] = below
    let refusal = await #expect(throws: DriverError.self) {
      try await overlay.put(Record([2]), at: key, if: .unchanged(since: Record([9])), in: context)
    }
    #expect(refusal?.code == .conflict && upper.contents.isEmpty)
    _ = try await overlay.put(Record([2]), at: key, if: .unchanged(since: below), in: context)
    #expect(upper.contents[key]?.bytes == [2])
    #expect(lower.contents[key] == below)
  }

  // A47, A48: the delete comes between the look below and the write above.
  @Test("A conditional put never brings back what is deleted meanwhile", arguments: [nil, 4] as [UInt64?])
  func deletedMeanwhile(time: UInt64?) async throws {
    let gate = Gate()
    let slow = Scripted("slow") { $0.number == 1 ? .hang(gate) : .ok }
    let below = Record([1], stamp: time.map { Stamp(time: $0, writer: 1) })
    slow.contents[key] = below
    let memory = MemoryDriver("memory")
    let overlay = Overlay {
      memory
    } over: {
      slow
    }
    let (key, context) = (key, context)
    let record = Record([2], stamp: runtime.nextStamp())
    let putting = Task { try await overlay.put(record, at: key, if: .unchanged(since: below), in: context) }
    await slow.waitForCalls(1)
    _ = try await overlay.delete(key, proof: nil, in: context)
    gate.open()
    let error = await #expect(throws: DriverError.self) { _ = try await putting.value }
    #expect(error?.code == .conflict)
    #expect(try await overlay.get(key, in: context)?.isTombstone == true)
  }

  // A49, R30
  @Test("A listing merges both, the upper one wins whatever the stamps, and pages on")
  func lists() async throws {
    for name in ["a", "b", "c", "d", "e"] {
      lower.contents[try Key(.mutable, name: name)] = Record([1, 2], stamp: Stamp(time: 9 << 16, writer: 1))
    }
    upper.contents = [
      "b": .tombstone(stamp: Stamp(time: 1, writer: 1)), "c": Record([1], stamp: Stamp(time: 1, writer: 1)),
      "f": Record([]),
    ]
    var entries: [Page.Entry] = []
    var request = ListRequest(limit: 2)
    while true {
      let page = try await overlay.list(request, in: context)
      #expect(page.isComplete)
      entries += page.entries
      guard let next = page.next else { break }
      request = ListRequest(after: next, limit: 2)
    }
    #expect(entries.map(\.key) == ["a", "b", "c", "d", "e", "f"])
    #expect(entries.map(\.stat.isTombstone) == [false, true, false, false, false, false])
    #expect(entries.map(\.stat.byteCount) == [2, 0, 1, 2, 2, 0])
  }

  // B1, B8
  @Test("A lower tree that does not list is flagged, an upper one that lists in part is refused")
  func listFailures() async throws {
    upper.contents["a"] = Record([1])
    let half = Overlay {
      upper
    } over: {
      failing(.list)
    }
    let page = try await half.list(ListRequest(), in: context)
    #expect(page.entries.map(\.key) == ["a"] && page.unanswered == ["failing"])
    lower.contents["deleted"] = Record([1])
    let partial = Overlay {
      Replicated {
        upper
        failing(.list)
      }
    } over: {
      lower
    }
    let error = await #expect(throws: DriverError.self) { try await partial.list(ListRequest(), in: context) }
    #expect(
      error?.message
        == "Replicated cannot list in full, and what it does not list may be deleted: failing did not answer")
  }

  // A33, R17
  @Test("A repair never puts above what ranks below the copy that it would hide")
  func repairs() async throws {
    let newer = Record([2], stamp: Stamp(time: 5, writer: 1))
    lower.contents[key] = newer
    let old = Record([1], stamp: Stamp(time: 4, writer: 1))
    let kept = try await context.repairing.put(old, at: key, to: overlay)
    #expect("\(kept.result)" == "superseded by 0.5@1")
    #expect(upper.contents.isEmpty)
    #expect("\(try await context.repairing.put(newer, at: key, to: overlay).result)" == "stored")
    #expect(upper.contents.isEmpty, "it is there already")
    let newest = Record([3], stamp: Stamp(time: 6, writer: 1))
    _ = try await context.repairing.put(newest, at: key, to: overlay)
    #expect(upper.contents[key] == newest)
    let blind = Overlay {
      Scripted("blind")
    } over: {
      failing(.get)
    }
    let error = await #expect(throws: DriverError.self) { try await context.repairing.put(old, at: key, to: blind) }
    #expect(error?.code == .unavailable && error?.effect == .unchanged)
  }

  // R22, A8
  @Test("Trees that cannot keep what an overlay needs do not compose")
  func composition() throws {
    let error = #expect(throws: CompositionError.self) {
      try Strategy("s") {
        Overlay {
          upper.readOnly()
        } over: {
          lower.writeOnly()
        }
      }
    }
    #expect(
      error.map { "\($0)" } == """
        the strategy "s" does not compose: 2 errors
          error: s/Overlay: upper has no put, and changes and tombstones are kept there. Put a tree above that can be read and written.
          error: s/Overlay: lower has no get, and what was not changed is read there. Put a tree below that can be read.
        """)
    let strategy = try Strategy("s") { overlay }
    #expect("\(strategy.outline)" == "Overlay (upper, lower)\n├─ Scripted \"upper\"\n└─ Scripted \"lower\"")
    #expect(strategy.warnings.isEmpty)
    // R22: what is written lies above only.
    let local = #expect(throws: CompositionError.self) {
      try Strategy("s") {
        Overlay {
          upper.localOnly()
        } over: {
          lower
        }
      }
    }
    #expect(local.map { "\($0)".contains("local-only drivers alone (upper) can satisfy a write") } == true)
  }

  @Test("It makes no URLs and removes no tombstones")
  func refusals() async throws {
    let overlay = Overlay {
      Scripted("u", scheme: "u")
    } over: {
      Scripted("l", scheme: "l")
    }
    #expect(overlay.url(for: key) == nil)
    #expect(!overlay.handles(try StorageURL("u:x")))
    let error = await #expect(throws: DriverError.self) {
      try await overlay.delete(key, if: .absent, in: context)
    }
    #expect(error?.code == .unsupported)
  }

  // A48
  @Test("A copy from below is overwritten on the condition of its stamp, once, and not on that of another")
  func conditionByStamp() async throws {
    let stamp = Stamp(time: 1, writer: 1)
    lower.contents[key] = Record([1], stamp: stamp)
    let refused = await #expect(throws: DriverError.self) {
      try await overlay.put(Record([2]), at: key, if: .unchanged(since: Stamp(time: 2, writer: 1)), in: context)
    }
    #expect(refused?.code == .conflict && upper.contents.isEmpty)
    _ = try await overlay.put(Record([2]), at: key, if: .unchanged(since: stamp), in: context)
    #expect(try await overlay.get(key, in: context)?.bytes == [2])
    let late = await #expect(throws: DriverError.self) {
      try await overlay.put(Record([3]), at: key, if: .unchanged(since: stamp), in: context)
    }
    #expect(late?.code == .conflict)
    #expect(try await overlay.get(key, in: context)?.bytes == [2])
  }
}
