import MetaDriver
import Testing

@Suite struct KeyTests {
  private let hash = ContentHash(of: Array("abc".utf8))

  @Test("A key is made again of its kind and its name")
  func roundTrip() throws {
    for id in DataIDTests.odd {
      let key = Key.mutable(try DataID(id))
      #expect(try Key(key.kind, name: key.name) == key)
    }
    let photo = Key.immutable(hash)
    #expect(photo.name == "\(hash)")
    #expect(try Key(.immutable, name: photo.name) == photo)
    #expect(try Key(.immutable, name: photo.name.uppercased()) == photo)
  }

  @Test("A name that is not one of its kind is an invalid key")
  func invalid() {
    for (kind, name) in [(Key.Kind.mutable, ""), (.immutable, "abc"), (.immutable, "")] {
      let error = #expect(throws: DriverError.self) { try Key(kind, name: name) }
      #expect(error?.code == .invalidKey)
    }
  }

  @Test("Two kinds never share a key, whatever the name")
  func kinds() throws {
    let mutable = try Key(.mutable, name: "\(hash)")
    let immutable = Key.immutable(hash)
    #expect(mutable.name == immutable.name)
    #expect(mutable != immutable)
    #expect(Set([mutable, immutable]).count == 2)
    #expect(mutable.description != immutable.description)
  }

  @Test("Mutable keys come before immutable ones, then bytes decide")
  func order() throws {
    let keys: [Key] = try [
      .mutable(DataID("\u{1}")), .mutable(DataID("Z")), .mutable(DataID("a")), .mutable(DataID("a\0")),
      .mutable(DataID("aa")), .mutable(DataID("e\u{301}")), .mutable(DataID("\u{e9}")),
      .immutable(ContentHash(hex: String(repeating: "0", count: 64))), .immutable(hash),
      .immutable(ContentHash(hex: String(repeating: "f", count: 64))),
    ]
    for (i, left) in keys.enumerated() {
      for (j, right) in keys.enumerated() { #expect((left < right) == (i < j), "\(left) and \(right)") }
    }
  }

  @Test("A key prints in quotes, escaped and cut, and a hash with its algorithm")
  func description() throws {
    #expect("\(Key.mutable("alice/profile"))" == "'alice/profile'")
    #expect("\(Key.immutable(hash))" == "sha256:\(hash)")
    #expect("\(Key.mutable("a\n\u{7}b'\\"))" == #"'a\n\u{07}b\'\\'"#)
    #expect("\(Key.mutable("é日"))" == "'é日'")
    #expect("\(Key.mutable("\u{85}\u{2028}\u{202e}x"))" == #"'\u{0085}\u{2028}\u{202E}x'"#)
    let long = try DataID(String(repeating: "x", count: 81))
    #expect("\(Key.mutable(long))" == "'\(String(repeating: "x", count: 80))…'")
    #expect("\(Key.mutable(try DataID(String(repeating: "x", count: 80))))".count == 82)
  }

  @Test("There are two kinds, and they print their names")
  func kindNames() {
    #expect(Key.Kind.allCases.map(\.description) == ["mutable", "immutable"])
  }
}
