import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct DigestFirstTests {
  private let key = Key.mutable("k")
  private let runtime = Runtime.manual()
  private var context: Context { Context(runtime) }
  private let stores = ["a", "b", "c"].map { Scripted($0, ordering: .newestWins) }

  private static let base: UInt64 = 1_700_000_000_000 << 16

  private func record(_ value: UInt8, at time: UInt64) -> Record {
    Record([value], stamp: Stamp(time: Self.base + time, writer: 1))
  }

  private func tree(_ stores: [Scripted], read: QuorumSize = .all) -> Quorum {
    Quorum(read: read, write: .all, reads: .digestFirst, repair: .off) { for store in stores { store } }
  }

  @Test("The first child is asked for its copy, the others for their stamps") func agreeing() async throws {
    for store in stores { store.contents[key] = record(1, at: 1) }
    #expect(try await tree(stores).get(key, in: context) == record(1, at: 1))
    #expect(stores.map { $0.calls.map(\.operation) } == [[.get], [.stat], [.stat]])
  }

  @Test("A newer copy elsewhere is fetched from there, a tombstone too") func newerElsewhere() async throws {
    stores[0].contents[key] = record(1, at: 1)
    stores[1].contents[key] = record(2, at: 2)
    #expect(try await tree(stores).get(key, in: context) == record(2, at: 2))
    #expect(stores.map { $0.calls.map(\.operation) } == [[.get], [.stat, .get], [.stat]])
    let tombstone = Record.tombstone(stamp: Stamp(time: Self.base + 9, writer: 1))
    stores[2].contents[key] = tombstone
    #expect(try await tree(stores).get(key, in: context) == tombstone)
  }

  @Test("What nobody has is absent, after one round") func absent() async throws {
    #expect(try await tree(stores).get(key, in: context) == nil)
    #expect(stores.allSatisfy { $0.calls.count == 1 })
  }

  @Test("When the described copy is damaged or gone, the copies themselves are compared", arguments: [true, false])
  func fallback(isDamaged: Bool) async throws {
    let liar = Scripted("liar", ordering: .newestWins) { call in
      guard call.operation == .get else { return .ok }
      return isDamaged ? .corrupt : .absent
    }
    liar.contents[key] = record(2, at: 2)
    for store in stores[..<2] { store.contents[key] = record(1, at: 1) }
    let found = try await tree([stores[0], liar, stores[1]], read: 2).get(key, in: context)
    #expect(found == record(1, at: 1))
  }

  @Test("When the copy that is fetched is older than it was described, the copies themselves are compared")
  func olderThanDescribed() async throws {
    let (old, new) = (record(1, at: 1), record(2, at: 2))
    // The first child answers once; the second has lost what it described; the third can be read, and not described.
    let first = Scripted("first", answers: [.ok], then: .error(.unavailable))
    let forgetful = Scripted("forgetful") { $0.operation == .stat ? .found(new) : .ok }
    let third = Scripted("third") { $0.operation == .stat ? .error(.unavailable) : .ok }
    for store in [first, forgetful] { store.contents[key] = old }
    third.contents[key] = new
    #expect(try await tree([first, forgetful, third], read: 2).get(key, in: context) == new)
  }

  @Test("Children that lag are repaired with the copy that was fetched") func repair() async throws {
    stores[1].contents[key] = record(2, at: 2)
    let tree = Quorum(read: .all, write: 1, reads: .digestFirst, repair: .blocking) { for store in stores { store } }
    #expect(try await tree.get(key, in: context) == record(2, at: 2))
    #expect(stores.allSatisfy { $0.contents[key] == record(2, at: 2) })
  }

  @Test("Children that hold the copy are not repaired, although they were only asked for its stamp", arguments: 0..<3)
  func agreeingWithRepair(first: Int) async throws {
    for store in stores { store.contents[key] = record(1, at: 1) }
    let tree = Quorum(read: .all, write: 1, reads: .digestFirst, repair: .blocking) {
      for index in 0..<3 { stores[(first + index) % 3] }
    }
    #expect(try await tree.get(key, in: context) == record(1, at: 1))
    #expect(stores.allSatisfy { $0.calls.count == 1 })
  }

  @Test("A child that cannot stat is refused, unless it is the first") func refused() throws {
    let blind = Scripted("blind", capabilities: .basic)
    #expect(throws: Never.self) { try Strategy("s") { tree([blind, stores[0], stores[1]]) } }
    let error = #expect(throws: CompositionError.self) { try Strategy("s") { tree([stores[0], blind, stores[1]]) } }
    #expect(
      error?.remarks.filter { $0.severity == .error }.map(\.reason) == [
        "reads: .digestFirst asks all but the first child for its stamp, and blind has no stat"
      ])
  }
}
