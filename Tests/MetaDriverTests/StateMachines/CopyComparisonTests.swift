import Testing

@testable import MetaDriver

/// Three stores, each with everything that one can hold of a key.
@Suite struct CopyComparisonTests {
  private enum Held: Hashable {
    case nothing, silent, damaged
    case record(Record)

    static let all: [Held] = [
      .nothing, .silent, .damaged, .record(Record([1])), .record(Record([2])),
      .record(Record([1], stamp: Stamp(time: 1, writer: 1))), .record(Record([2], stamp: Stamp(time: 1, writer: 1))),
      .record(Record([3], stamp: Stamp(time: 2, writer: 1))), .record(.tombstone(stamp: Stamp(time: 1, writer: 1))),
      .record(.tombstone(stamp: Stamp(time: 2, writer: 1))), .record(.tombstone(stamp: Stamp(time: 3, writer: 1))),
    ]

    var record: Record? { if case .record(let record) = self { record } else { nil } }

    func copy(read: Bool) -> CopyComparison.Copy {
      switch self {
      case .nothing: .absent
      case .silent: .unknown
      case .damaged: .damaged
      case .record(let record): .present(Stat(of: record), read ? ContentHash(of: record.bytes) : nil)
      }
    }
  }

  private static let worlds: [[Held]] = Held.all.flatMap { a in
    Held.all.flatMap { b in Held.all.map { c in [a, b, c] } }
  }

  // R11, R17, R18, A31, A33: all 1,331 worlds.
  @Test("What is planned brings every store that answered to the highest copy, and touches no other")
  func planned() {
    for world in Self.worlds {
      let verdict = CopyComparison.verdict(world.map { $0.copy(read: true) })
      let records = world.compactMap(\.record)
      let winner = records.max { $1.ranksAbove($0) }
      let isTold = winner?.stamp != nil || Set(records).count < 2
      switch verdict {
      case .repair(let repair):
        guard let winner, isTold else {
          Issue.record("\(world): \(verdict)")
          continue
        }
        #expect(repair.stat == Stat(of: winner))
        #expect(repair.sources == world.indices.filter { world[$0].record == winner })
        var after = world
        for target in repair.targets {
          let held = world[target.store]
          #expect(held != .silent && held.record != winner, "\(world)")
          #expect(held.record.map { winner.ranksAbove($0) } ?? true, "\(world) goes back")
          let need: ScrubPlan.Need =
            switch held {
            case .nothing: .missing
            case .damaged: .damaged
            case .record(let record) where record.conflicts(with: winner): .conflicting
            default: .older
            }
          #expect(target.need == need, "\(world)")
          after[target.store] = .record(winner)
        }
        #expect(after.allSatisfy { $0 == .silent || $0 == .record(winner) }, "\(world): \(verdict)")
      case .agreement:
        #expect(
          world.allSatisfy { $0 == .silent || $0.record == winner && $0 != .damaged }, "\(world) do not agree")
      case .undecided(let stores):
        #expect(!isTold && stores == world.indices.filter { world[$0].record != nil }, "\(world)")
      case .lost(let stores):
        #expect(records.isEmpty && stores == world.indices.filter { world[$0] == .damaged }, "\(world)")
      case .readBytes: Issue.record("\(world): everything was read")
      }
    }
  }

  @Test("Listings alone lead to the same plan, or to reading, unless copies of one stamp and size differ")
  func listed() {
    for world in Self.worlds {
      let seen = CopyComparison.verdict(world.map { $0.copy(read: false) })
      let stats = Set(world.compactMap { $0.record.map(Stat.init(of:)) })
      guard stats.count == Set(world.compactMap(\.record)).count else { continue }
      let read = CopyComparison.verdict(world.map { $0.copy(read: true) })
      #expect(seen == read || seen == .readBytes, "\(world)")
    }
    // Of one stamp there is one copy: a listing that says more leaves doubt, about tombstones too.
    let stamp = Stamp(time: 1, writer: 1)
    let sizes = [1, 2].map { CopyComparison.Copy.present(Stat(byteCount: $0, stamp: stamp), nil) }
    #expect(CopyComparison.verdict(sizes) == .readBytes)
    #expect(CopyComparison.verdict([1, 2].map { .present(Stat(byteCount: $0), nil) }) == .readBytes)
    let tombstone = Stat(byteCount: 0, stamp: stamp, isTombstone: true)
    for pair in [[tombstone, Stat(byteCount: 1, stamp: stamp)], [Stat(byteCount: 1, stamp: stamp), tombstone]] {
      #expect(CopyComparison.verdict(pair.map { .present($0, nil) }) == .readBytes)
    }
  }
}
