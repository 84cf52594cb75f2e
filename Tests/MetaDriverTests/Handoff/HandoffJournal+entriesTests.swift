import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

#if !SANITIZE_THREAD
  import Synchronization
#endif

/// How the entries of a journal get into its store, and out of it.
@Suite(.timeLimit(.minutes(10))) struct HandoffJournalEntriesTests {
  private let key: Key = "k"
  private let context = Context(.manual())
  private let stores = ["a", "b"].map { Scripted($0, ordering: .newestWins) }
  private let away = Scripted("away", ordering: .newestWins, answers: [.error(.unavailable)])

  private func tree(_ journal: HandoffJournal) -> Quorum {
    Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
      for store in stores { store }
      away
    }
  }

  private var slot: HandoffQueue.Slot { HandoffQueue.Slot(child: "away", key: key) }

  /// An entry of a later write, as another life of the process has left it.
  private var later: Record {
    let stamp = Stamp(time: (1_700_000_060_000 as UInt64) << 16, writer: 7)
    return Record(HandedOffWrite(.copied(Record([9], stamp: stamp)), for: slot, since: .zero).encoded, stamp: stamp)
  }

  // B1, R19
  @Test("A listing of the journal that is not all of it is not taken for the whole: nothing is known until it is")
  func incomplete() async throws {
    let disk = Scripted("disk")
    let other = Scripted("other") { call in call.operation == .list && call.number <= 3 ? .error(.unavailable) : .ok }
    other.contents[HandedOffWrite.key(of: slot)] = later
    let journal = HandoffJournal(
      on: FirstSuccess {
        disk
        other
      })
    for read in ["pending", "drain", "get"] {
      let error = await #expect(throws: DriverError.self) {
        switch read {
        case "pending": _ = try await journal.pending(in: context)
        case "drain": try await journal.drain(in: context)
        default: _ = try await context.get(key, from: away.hintedHandoff(journal))
        }
      }
      #expect(error?.code == .unavailable && error?.effect == .unchanged)
      #expect(error?.message == "the handoff journal cannot be read in full: other did not answer")
    }
    #expect(try await journal.pending(in: context).map(\.stamp) == [later.stamp])
    #expect(away.calls.isEmpty)
  }

  // R19, R32
  @Test("Where the journal's store holds something newer, that is what is queued, and is sent")
  func superseded() async throws {
    let disk = Scripted("disk", ordering: .newestWins)
    let journal = HandoffJournal(on: disk)
    #expect(try await journal.pending(in: context).isEmpty)
    disk.contents[HandedOffWrite.key(of: slot)] = later
    _ = try await context.put(Record([1]), at: key, to: tree(journal))
    #expect(try await journal.pending(in: context).map(\.stamp) == [later.stamp])
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [later.stamp])
    #expect(away.contents[key]?.bytes == [9])
    #expect(disk.contents.isEmpty)
  }

  // R32
  @Test("A journal's store that says that it holds something newer, and holds nothing, has not queued the write")
  func supersededByNothing() async throws {
    let newer = try #require(later.stamp)
    let disk = Scripted("disk", ordering: .newestWins) { call in
      call.operation == .put ? .receipt(Receipt(.superseded(by: newer))) : .ok
    }
    let error = await #expect(throws: DriverError.self) {
      try await context.put(Record([1]), at: key, to: tree(HandoffJournal(on: disk)))
    }
    #expect(error?.code == .unavailable && error?.effect == .unknown)
    #expect(
      error?.message.hasSuffix("the handoff journal's own driver kept something newer, and does not find it") == true)
  }

  // R19
  @Test("An entry that another journal replaces in the moment of its removal stays")
  func replacedMeanwhile() async throws {
    let (entry, later) = (HandedOffWrite.key(of: slot), later)
    let disk = Mutex<Scripted?>(nil)
    let racing = Scripted("disk", ordering: .newestWins) { call in
      if call.operation == .delete { disk.withLock { $0 }?.contents[entry] = later }
      return .ok
    }
    disk.withLock { $0 = racing }
    let journal = HandoffJournal(on: racing)
    let old = try await context.put(Record([1]), at: key, to: tree(journal))
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [old.stamp])
    #expect(racing.contents[entry] == later)
    #expect(try await journal.pending(in: context).map(\.stamp) == [later.stamp])
    disk.withLock { $0 = nil }
    #expect(try await journal.drain(in: context).sent.map(\.stamp) == [later.stamp])
    #expect(away.contents[key]?.bytes == [9] && racing.contents.isEmpty)
  }
}
