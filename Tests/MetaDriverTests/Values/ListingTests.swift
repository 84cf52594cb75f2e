import MetaDriver
import Testing

@Suite struct ListingTests {
  private static let hash = ContentHash(of: [1, 2, 3])
  private static var keys: [Key] {
    get throws {
      try DataIDTests.odd.map { .mutable(try DataID($0)) } + [.immutable(hash), Key(.mutable, name: "\(hash)")]
    }
  }

  private func isCursor(_ text: String) -> Bool {
    do throws(DriverError) {
      _ = try Cursor(text)
      return true
    } catch {
      #expect(error.code == .invalidKey)
      return false
    }
  }

  // A49
  @Test("A cursor comes back from its text, whatever the id")
  func cursorRoundTrip() throws {
    for key in try Self.keys {
      let text = Cursor(after: key).description
      #expect(try Cursor(text) == Cursor(after: key))
      #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "\(text) is printable ASCII")
    }
  }

  // A49
  @Test("A cursor with any one character changed, missing or added is an error")
  func cursorMutations() throws {
    let alphabet = Array("0123456789abcdefABCDEF.mi \u{301}é")
    for key in try [Key.mutable("a/é"), .immutable(Self.hash), Key(.mutable, name: "\(Self.hash)")] {
      let text = Array(Cursor(after: key).description)
      for place in text.indices {
        for character in alphabet where character != text[place] {
          var changed = text
          changed[place] = character
          #expect(!isCursor(String(changed)), "\(String(changed)) for \(String(text))")
        }
        var shorter = text
        shorter.remove(at: place)
        #expect(!isCursor(String(shorter)), "\(String(shorter)) for \(String(text))")
      }
      for place in 0...text.count {
        for character in alphabet {
          var longer = text
          longer.insert(character, at: place)
          #expect(!isCursor(String(longer)), "\(String(longer)) for \(String(text))")
        }
      }
    }
  }

  // A49
  @Test("Text that is no cursor is an error that names it")
  func cursorGarbage() {
    for text in ["", ".", "..", "m..", "m", "x.61.ca978112", "alice", "m.6.00000000", "m.ff.00000000"] {
      #expect(!isCursor(text))
    }
    let error = #expect(throws: DriverError.self) { try Cursor("alice\n") }
    #expect(error?.message == #"'alice\n' is not a cursor of a listing"#)
  }

  @Test("A request includes the keys of its kind that begin with its prefix and come after its cursor")
  func includes() {
    let request = ListRequest(prefix: "b/", after: Cursor(after: .mutable("b/2")))
    #expect(!request.includes(.mutable("b/1")))
    #expect(!request.includes(.mutable("b/2")))
    #expect(request.includes(.mutable("b/20")))
    #expect(request.includes(.mutable("b/3")))
    #expect(!request.includes(.mutable("b")))
    #expect(!request.includes(.mutable("bb/3")))
    #expect(!request.includes(.immutable(Self.hash)))
    #expect(ListRequest(.immutable).includes(.immutable(Self.hash)))
    #expect(!ListRequest(.immutable).includes(.mutable("a")))
  }

  // A49
  @Test("A prefix is a string of bytes, not a folder, and not a canonical spelling")
  func prefix() {
    #expect(ListRequest(prefix: "ali").includes(.mutable("alice/profile")))
    #expect(ListRequest(prefix: "alice/").includes(.mutable("alice/profile")))
    #expect(!ListRequest(prefix: "alice/").includes(.mutable("alice")))
    // The bytes of "e" begin those of "é" when it is spelled in two scalars, though no Character of it is "e".
    #expect(ListRequest(prefix: "e").includes(.mutable("e\u{301}")))
    #expect(!ListRequest(prefix: "e").includes(.mutable("\u{e9}")))
    #expect(!ListRequest(prefix: "\u{e9}").includes(.mutable("e\u{301}")))
  }

  @Test("Requests that list different keys differ")
  func requestEquality() {
    let request = ListRequest(prefix: "\u{e9}", after: Cursor(after: .mutable("a")), limit: 5)
    #expect(request == ListRequest(prefix: "\u{e9}", after: Cursor(after: .mutable("a")), limit: 5))
    let others = [
      ListRequest(prefix: "e\u{301}", after: request.cursor, limit: 5), ListRequest(prefix: "\u{e9}", limit: 5),
      ListRequest(prefix: "\u{e9}", after: request.cursor, limit: 6),
      ListRequest(.immutable, prefix: "\u{e9}", after: request.cursor, limit: 5),
    ]
    for other in others { #expect(request != other) }
    #expect(Set(others + [request]).count == 5)
  }

  @Test("A limit is lowered to the largest page")
  func limit() {
    #expect(ListRequest().limit == 1_000)
    #expect(ListRequest(limit: 1).limit == 1)
    #expect(ListRequest(limit: 10_000).limit == 10_000)
    #expect(ListRequest(limit: Int.max).limit == 10_000)
  }

  @Test("A limit below 1 stops the program")
  func limitZero() async {
    await #expect(processExitsWith: .failure) { _ = ListRequest(limit: 0) }
  }

  // A49, R30
  @Test("Pages of any size list every key once, in order, and end", arguments: 1...9)
  func paging(limit: Int) throws {
    let names = ["b", "a/1", "c", "a/2", "a", "é", "ab", "a/3"]
    let entries = try names.map { Page.Entry(.mutable(try DataID($0)), Stat(byteCount: 1)) }
    for prefix in ["", "a", "a/", "z"] {
      var seen: [String] = []
      var cursor: Cursor?
      for round in 0... {
        let page = Page(of: entries, for: ListRequest(prefix: prefix, after: cursor, limit: limit))
        #expect(page.entries.count <= limit)
        #expect(page.isComplete)
        seen += page.entries.map(\.key.name)
        // A page that is followed by none says so itself.
        #expect(page.next == nil || page.entries.count == limit)
        guard let next = page.next, round < 20 else { break }
        cursor = try Cursor(next.description)
      }
      let expected = names.filter { $0.utf8.starts(with: prefix.utf8) }.sorted {
        Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
      }
      #expect(seen == expected, "prefix \(prefix)")
    }
  }

  @Test("A page with drivers that did not answer is not complete")
  func incomplete() {
    #expect(Page([], next: nil).isComplete)
    #expect(!Page([], next: nil, unanswered: ["eu"]).isComplete)
  }
}
