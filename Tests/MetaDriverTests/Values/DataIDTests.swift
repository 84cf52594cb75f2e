import MetaDriver
import Testing

@Suite struct DataIDTests {
  /// Ids that stores have confused: each differs from each.
  static let odd = [
    "a", "A", "a b", " a", "a ", "a/b", "/a", "a/", "//", ".", "..", "a.b", "'", "\"", "\\", ":", "%", "%2F", "%2f",
    "*",
    "\0", "\u{1}", "\n", "\r\n", "\u{7f}", "\u{e9}", "e\u{301}", "\u{212b}", "\u{c5}", "A\u{30a}", "ß", "ss", "İ", "i̇",
    "\u{202e}abc", "\u{feff}", "日本", "👩‍👩‍👧", "CON", "nul", "~", "-rf", "&", "?", "#",
  ]

  private func code(_ text: String) -> DriverError.Code? {
    do throws(DriverError) {
      _ = try DataID(text)
      return nil
    } catch { return error.code }
  }

  // A1
  @Test("Ids are equal only when their bytes are, and equal ids hash alike")
  func byteEquality() throws {
    let ids = try Self.odd.map { try DataID($0) }
    for (i, left) in ids.enumerated() {
      for (j, right) in ids.enumerated() {
        #expect((left == right) == (i == j), "\(Self.odd[i].debugDescription) and \(Self.odd[j].debugDescription)")
      }
      // A string that was put together differently, in other storage.
      let twin = try DataID(String(decoding: Array(Self.odd[i].utf8), as: UTF8.self))
      #expect(twin == left)
      #expect(twin.hashValue == left.hashValue)
      #expect(Array(left.string.utf8) == Array(Self.odd[i].utf8))
      #expect("\(left)".utf8.elementsEqual(Self.odd[i].utf8))
    }
    #expect(Set(ids).count == Self.odd.count)
  }

  @Test("Canonically equivalent spellings, which String holds for equal, are two ids")
  func normalisation() throws {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    #expect(composed == decomposed)
    #expect(try DataID(composed) != DataID(decomposed))
  }

  @Test("Ids are ordered by their bytes")
  func order() throws {
    let ids = try Self.odd.map { try DataID($0) }
    for left in ids {
      for right in ids {
        #expect((left < right) == Array(left.string.utf8).lexicographicallyPrecedes(Array(right.string.utf8)))
      }
    }
    // Where the order of bytes and the order of strings disagree.
    #expect(DataID("z") < DataID("\u{e9}"))
    #expect(DataID("e\u{301}") < DataID("f"))
  }

  @Test("An id has 1 to 4096 bytes of UTF-8, counted in bytes")
  func limits() {
    #expect(code("") == .invalidKey)
    #expect(code("a") == nil)
    #expect(code(String(repeating: "a", count: 4_096)) == nil)
    #expect(code(String(repeating: "a", count: 4_097)) == .invalidKey)
    #expect(code(String(repeating: "é", count: 2_048)) == nil)
    #expect(code(String(repeating: "é", count: 2_048) + "a") == .invalidKey)
  }

  @Test("The error of an id that is too long names it, cut, and both sizes")
  func message() {
    let error = #expect(throws: DriverError.self) { try DataID(String(repeating: "x", count: 5_000)) }
    #expect(
      error?.message == "the id '\(String(repeating: "x", count: 80))…' has 5000 bytes, the limit is 4096")
  }

  @Test("A literal is an id, and a part of a string can be one")
  func literals() throws {
    let id: DataID = "alice/profile"
    #expect(id == (try DataID("xalice/profile".dropFirst())))
  }

  @Test("A literal that is no id stops the program")
  func emptyLiteral() async {
    await #expect(processExitsWith: .failure) {
      let id: DataID = ""
      print(id)
    }
  }
}
