import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite struct SessionTokenTests {
  private let key = Key.mutable("k")
  private let store = Scripted("store")
  private let context = Context(.manual())

  private func nodes(_ session: Session) -> any Driver {
    MonotonicReads(session, onStale: .fail) { ReadYourWrites(session, onStale: .fail) { store } }
  }

  @Test("Another process that resumes a session misses nothing of it", arguments: [true, false])
  func resumes(isDurable: Bool) async throws {
    let session = isDurable ? Session(journal: MemoryDriver("journal"), keyLimit: 1) : Session()
    let tree = nodes(session)
    store.contents = [.mutable("read"): Record([9], stamp: context.runtime.nextStamp())]
    _ = try await tree.get(.mutable("read"), in: context)
    _ = try await tree.put(Record([1]), at: key, in: context)
    _ = try await tree.delete(.mutable("deleted"), proof: nil, in: context)
    let token = try await session.token(in: context)

    store.contents = [:]
    let resumed = nodes(Session(resuming: try SessionToken("\(token)")))
    for name: DataID in ["read", "k"] {
      let error = await #expect(throws: DriverError.self) { try await resumed.get(.mutable(name), in: context) }
      #expect(error?.code == .stale, "\(name)")
    }
    // Nothing is what a delete leaves behind, sooner or later.
    #expect(try await resumed.get(.mutable("deleted"), in: context)?.isTombstone == true)
    #expect(try await resumed.get(.mutable("other"), in: context) == nil)
    // The other process's clock is behind, and its writes rank above all the same.
    let behind = Context(.manual(wallStart: .seconds(1_700_000_000 - 30)))
    let receipt = try await resumed.put(Record([2]), at: key, in: behind)
    let floor = try #require(token.entries.first { $0.key == key }?.entry.floor(.readYourWrites))
    #expect(try #require(receipt.stamp) > floor)
  }

  @Test("A token reads back as it was written")
  func text() async throws {
    for count in [0, 1, 50] {
      let session = Session()
      for number in 0..<count {
        _ = try await nodes(session).put(Record([1, 2]), at: .mutable(try DataID("é/\(number)")), in: context)
      }
      let token = try await session.token()
      let again = try SessionToken(token.description)
      #expect(again == token)
      #expect(again.entries.map(\.entry) == token.entries.map(\.entry))
      #expect(again.entries.count == count)
      #expect(try SessionToken(token.description.dropFirst("session-".count).uppercased().addingMark) == token)
    }
  }

  @Test("Every cut and every changed digit of a token is found out")
  func damage() async throws {
    let session = Session()
    _ = try await nodes(session).put(Record([1]), at: key, in: context)
    let text = try await session.token().description
    for index in text.indices {
      let error = #expect(throws: DriverError.self) { try SessionToken(text[..<index]) }
      #expect(error?.code == .corrupt)
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "7" ? "8" : "7")
      #expect(throws: DriverError.self) { try SessionToken(changed) }
    }
    for other in ["", "session-", "session-zz", "session-0", "hello", text + "00", text + " "] {
      #expect(throws: DriverError.self) { try SessionToken(other) }
    }
  }

  // R29
  @Test("A token that would be too large is refused, and so is a text that is")
  func size() async throws {
    let name = String(repeating: "x", count: 4_000)
    var floors = SessionFloors(keyLimit: 1_000, byteLimit: 0)
    for number in 0..<200 {
      floors.see(Stat(byteCount: 1, stamp: Stamp(time: 1, writer: 1)), at: .mutable(try DataID("\(number)\(name)")))
    }
    var error = #expect(throws: DriverError.self) { try SessionToken(floors.entries) }
    #expect(error?.code == .tooLarge)
    #expect(error?.message.hasPrefix("the session knows 200 keys") == true)
    error = #expect(throws: DriverError.self) {
      try SessionToken("session-" + String(repeating: "0", count: SessionToken.maximumByteCount))
    }
    #expect(error?.code == .tooLarge)
  }

  @Test("A session whose journal cannot be listed in full gives no token")
  func incompleteJournal() async throws {
    let session = Session(
      journal: Scripted("journal", capabilities: [.get, .put]) { $0.operation == .list ? .error(.unsupported) : .ok })
    let error = await #expect(throws: DriverError.self) { try await session.token(in: context) }
    #expect(error?.code == .unsupported)
  }
}

extension String {
  fileprivate var addingMark: String { "session-" + self }
}
