import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

/// R20 and R21: what is in a session's journal after calls that overlap, lives that ended, and clocks that differ.
@Suite(.timeLimit(.minutes(10))) struct SessionJournalTests {
  private let key = Key.mutable("k")
  private let store = Scripted("store")
  private let context = Context(.manual())
  /// The same session on a machine whose clock is a day behind.
  private let behind = Context(.manual(wallStart: .seconds(1_700_000_000 - 86_400), seed: 2))

  private func version(_ number: UInt64) -> Record { Record([UInt8(number)], stamp: Stamp(time: number, writer: 1)) }

  private func staleness(of tree: some Driver) async throws -> DriverError.Staleness? {
    let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
    #expect(error?.code == .stale)
    return error?.staleness
  }

  // R20
  @Test("Of two puts at once the newer copy stays in a journal that does not compare, although the older one ends last")
  func lateCopy() async throws {
    let gates = [Gate(), Gate()]
    let slow = Scripted("slow") { call in
      call.operation == .put ? .hang(gates[Int(call.record?.bytes.first ?? 1) - 1]) : .absent
    }
    let journal = Scripted("journal", ordering: .fifo)
    let tree = slow.readYourWrites(journal: journal)
    var puts: [Task<Receipt, any Error>] = []
    for number in 1...2 as ClosedRange<UInt8> {
      puts.append(Task { [context, key] in try await tree.put(Record([number]), at: key, in: context) })
      // A store that does not compare stamps is asked before each put.
      await slow.waitForCalls(2 * Int(number))
    }
    var stamps: [Stamp] = []
    for index in [1, 0] {
      gates[index].open()
      stamps.append(try #require(try await puts[index].value.stamp))
    }
    #expect(stamps[0] > stamps[1])
    #expect(try await slow.readYourWrites(journal: journal).get(key, in: context)?.bytes == [2])
  }

  // R20
  @Test("A copy in the journal that is not of the write that the floor is of is never the answer")
  func copyWithoutFloor() async throws {
    let journal = Scripted("journal", ordering: .newestWins)
    func start() -> any Driver { store.readYourWrites(Session(journal: journal)) }
    let own = try #require(try await start().put(Record([1]), at: key, in: context).stamp)
    store.contents = [:]
    #expect(try await start().get(key, in: context)?.bytes == [1])
    // A life that ended after its copy was there, and before its floor was: nobody was told that it had written.
    let unheard = Record([2], stamp: Stamp(time: own.time + 1, writer: own.writer))
    journal.contents[SessionCopy.key(of: key, in: "session")] = Record(
      SessionCopy.encode(unheard, for: key), stamp: unheard.stamp)
    #expect(try await staleness(of: start())?.floor == own)
  }

  // R21, R31
  @Test("What the journal holds of a key is stamped above what it held before, by whichever clock the session goes on")
  func stamps() async throws {
    let journal = Scripted("journal", ordering: .fifo)
    let tree = store.monotonicReads(floors: journal)
    var stamps: [Stamp] = []
    for (number, context) in zip((1 as UInt64)..., [context, behind, context]) {
      store.contents[key] = version(number)
      #expect(try await tree.get(key, in: context) == version(number))
      stamps.append(try #require(journal.contents.values.first?.stamp))
    }
    #expect(journal.contents.count == 1)
    #expect(Set(stamps).count == 3 && stamps == stamps.sorted())
  }

  // R21, R32
  @Test(
    "A floor that the journal does not take, because it has a newer entry, is merged with that, and written again")
  func superseded() async throws {
    let journal = MemoryDriver("journal")
    func start() -> any Driver { store.monotonicReads(Session(journal: journal), onStale: .fail) }
    let (one, two) = (start(), start())
    // The second life has looked before the first one writes, and its clock is behind.
    #expect(try await two.get(key, in: behind) == nil)
    store.contents[key] = version(5)
    #expect(try await one.get(key, in: context) == version(5))
    store.contents[key] = version(6)
    #expect(try await two.get(key, in: behind) == version(6))
    store.contents[key] = version(5)
    #expect(try await staleness(of: start())?.floor == version(6).stamp)
    #expect(try await staleness(of: start())?.found == version(5).stamp)
  }

  // B1
  @Test("No token is made of a listing of the journal that is not all of it")
  func incompleteToken() async throws {
    let other = Scripted("other") { $0.operation == .list ? .error(.unavailable) : .ok }
    let session = Session(
      journal: FirstSuccess {
        Scripted("disk")
        other
      })
    let error = await #expect(throws: DriverError.self) { try await session.token(in: context) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.hasSuffix("cannot be listed in full: other did not answer") == true)
  }
}
