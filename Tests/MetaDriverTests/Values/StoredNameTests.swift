import MetaDriverTesting
import Testing

@testable import MetaDriver

@Suite struct StoredNameTests {
  private static let odd = [
    "a", "A", "con", "CON", "con.txt", "console", "com1", "com1.tar.gz", "com", "com10", "lpt9", "nul", "nul.", "aux.h",
    ".", "..", "...", ".hidden", "end.", "end ", " ", "a/b", "/a", "a/", "../../etc/passwd", "%41", "=41", "a=b", "a+",
    "+",
    "a\\b", "a:b", "a*?\"<>|", "\u{0}", "\n", "\u{7f}", "é", "e\u{301}", "ﬁ", "İ", "ı", "ß", "K", "\u{10ffff}", "~",
    "foo~1", "-",
    "_", "-rf", "mutable", "tmp", "locks",
  ]

  // B30, A1
  @Test("No two keys have one path, though the file system fold case")
  func injective() throws {
    var keys: [String: Key] = [:]
    func note(_ name: some StringProtocol) throws {
      let key = try Key(.mutable, name: name)
      let path = StoredName(key).path
      let other = keys.updateValue(key, forKey: path.lowercased())
      #expect(other == nil || other == key, "\(key) and \(String(describing: other)) are both \(path)")
      #expect(StoredName.key(at: path) == key)
    }
    for name in Self.odd { try note(name) }
    // Every one of one and two bytes of ASCII, exhaustively.
    for first in 0..<128 as Range<UInt8> {
      try note(String(decoding: [first], as: UTF8.self))
      for second in 0..<128 as Range<UInt8> { try note(String(decoding: [first, second], as: UTF8.self)) }
    }
    let seed = UInt64.random(in: 0...UInt64.max)
    print("StoredNameTests seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let letters = Array("aAcCoOnN.1=+/ %\u{e9}\u{301}-").map(String.init)
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...8, using: &generator)
      try note((0..<count).map { _ in letters.randomElement(using: &generator)! }.joined())
    }
    for _ in 0..<300 {
      let count = Int.random(in: 150...700, using: &generator)
      let letters = Array(letters.shuffled(using: &generator).prefix(2))
      try note((0..<count).map { _ in letters.randomElement(using: &generator)! }.joined())
    }
  }

  // A1
  @Test("Every part of a path is a name that every common file system takes", arguments: odd + longNames)
  func portable(name: String) throws {
    for key in [Key.mutable(try DataID(name)), .immutable(ContentHash(of: Array(name.utf8)))] {
      let path = StoredName(key).path
      #expect(StoredName.key(at: path) == key)
      for part in path.split(separator: "/", omittingEmptySubsequences: false) {
        #expect(!part.isEmpty && part.utf8.count <= 255)
        #expect(part.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-_.=+".contains($0) })
        #expect(part.first != "." && part.last != ".")
        let base = part.prefix { $0 != "." }
        let isPort = base.count == 4 && ["com", "lpt"].contains(base.prefix(3)) && base.last!.isNumber
        #expect(!["con", "prn", "aux", "nul"].contains(base) && !isPort)
      }
    }
  }

  private static let longNames = ["a", "A", ".", "é", "con.", "/"].flatMap { unit in
    [199, 200, 201, 400, 401, 4_096].map { String(repeating: unit, count: $0 / unit.utf8.count) }
  }

  @Test("A path that no key is written as is somebody else's")
  func foreign() {
    let right = StoredName(.mutable("alice/profile")).path
    #expect(StoredName.key(at: right) == .mutable("alice/profile"))
    let stripe = StoredName(.mutable("alice/profile")).stripe
    for path in [
      "", "/", "mutable", "mutable/\(stripe)", "mutable/\(stripe)/", "mutable/00/alice=2fprofile", "/" + right,
      right + "/",
      "mutable/\(stripe)/alice=2Fprofile", "mutable/\(stripe)/=61lice=2fprofile", "mutable/\(stripe)/alice=2",
      "mutable/\(stripe)/alice=2fprofile~", "mutable/\(stripe)/alice+/=2fprofile", "mutable/\(stripe)/alice/profile",
      "immutable/\(stripe)/alice=2fprofile", "other/\(stripe)/alice=2fprofile", "mutable/\(stripe)/=ff",
      "mutable/\(stripe)/../\(stripe)/alice=2fprofile",
    ] { #expect(StoredName.key(at: path) == nil, "\(path)") }
  }

  @Test("Immutable data lies under the first byte of its hash")
  func immutable() {
    let hash = ContentHash(of: [])
    #expect(StoredName(.immutable(hash)).path == "immutable/e3/\(hash)")
  }
}
