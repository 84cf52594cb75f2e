#if HTTP
  import MetaDriver
  @testable import MetaDriverS3
  import MetaDriverTesting
  private import Foundation
  import Testing

  @Suite struct S3KeyTests {
    /// Characters at the edges of every range that the encoding tells apart.
    private static let edges: [String] = [
      "\u{0}", "\u{1f}", " ", "!", "%", "+", ",", "-", ".", "/", "0", "9", ":", "=", "@", "A", "Z", "[", "_", "`", "a",
      "z", "{", "~", "\u{7f}", "\u{80}", "é", "\u{7ff}", "日", "\u{ffff}", "\u{1f469}", "\u{10ffff}",
    ]

    // A1, B30
    @Test("Names of objects are in the order of the ids, and no two are equal")
    func order() {
      var names = [""]
      for length in 1...3 {
        let last = names.filter { $0.unicodeScalars.count == length - 1 }
        names += last.flatMap { start in Self.edges.map { start + $0 } }
      }
      names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      #expect(names.count == 1 + 32 + 32 * 32 + 32 * 32 * 32)
      let paths = names.map { Array(S3Key.path(.mutable, prefix: $0).utf8) }
      let isOrdered = zip(paths, paths.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
      #expect(isOrdered)
    }

    @Test("Long names of objects are in the order of the ids, wherever they are cut")
    func longOrder() throws {
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<4_000 {
        let start = String(repeating: "x", count: Int.random(in: 190...205, using: &generator))
        let pair = (0..<2).map { _ in
          start + (0..<Int.random(in: 0...12, using: &generator)).map { _ in edge(&generator) }.joined()
        }
        let paths = pair.map { Array(S3Key.path(.mutable, prefix: $0).utf8) }
        let names = pair.map { Array($0.utf8) }
        let isOrdered =
          names[0].lexicographicallyPrecedes(names[1]) == paths[0].lexicographicallyPrecedes(paths[1])
          && (names[0] == names[1]) == (paths[0] == paths[1])
        try #require(isOrdered, "\(pair), SEED=\(seed)")
        let isBeginning = names[1].starts(with: names[0]) == paths[1].starts(with: paths[0])
        try #require(isBeginning, "\(pair), SEED=\(seed)")
      }
    }

    @Test("The name of an object leads back to its key")
    func backAgain() throws {
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<4_000 {
        let name = (0..<Int.random(in: 1...300, using: &generator)).map { _ in edge(&generator) }.joined()
        guard name.utf8.count <= DataID.maximumByteCount else { continue }
        let key = try Key(.mutable, name: name)
        try #require(S3Key.key(at: S3Key.path(of: key)) == key, "SEED=\(seed)")
      }
      let hash = Key.immutable(ContentHash(of: [1]))
      #expect(S3Key.key(at: S3Key.path(of: hash)) == hash)
    }

    // What a server on a folder refuses, or mistakes for something else.
    @Test("Names of objects have no empty segment, none of dots, none that is too long, and none that is a folder's")
    func segments() throws {
      let ids = [
        "/", "//", ".", "..", "a/", "a//b", "a/../b", "a\\b", "CON", String(repeating: ".", count: 300),
        String(repeating: "x", count: 200), String(repeating: "x", count: 201), String(repeating: "x", count: 400),
        String(repeating: "x", count: 401),
      ]
      var files: Set<String> = []
      var folders: Set<String> = []
      for id in ids {
        let parts = S3Key.path(of: try Key(.mutable, name: id)).split(separator: "/", omittingEmptySubsequences: false)
        for (number, part) in parts.enumerated() {
          #expect(!part.isEmpty && !part.allSatisfy { $0 == "." } && part.utf8.count <= 255, "\(part)")
          let path = parts[...number].joined(separator: "/")
          if number < parts.count - 1 { folders.insert(path) } else { files.insert(path) }
        }
      }
      #expect(files.count == ids.count)
      #expect(files.isDisjoint(with: folders))
    }

    @Test(
      "Ordinary ids are readable",
      arguments: [
        ("alice/profile", "mutable/alice.2fprofile"), ("notes-2026.txt", "mutable/notes-2026.2etxt"),
        ("Alice", "mutable/Alice"), ("a b", "mutable/a!20b"), ("é", "mutable/~c3~a9"), ("a:b_c", "mutable/a=3ab_5fc"),
      ])
    func readable(id: String, path: String) throws {
      #expect(S3Key.path(of: try Key(.mutable, name: id)) == path)
    }

    @Test(
      "What no key is written as is somebody else's",
      arguments: [
        "mutable", "mutable/", "mutable/.", "mutable/a/b", "mutable/a.2F", "mutable/a.61", "mutable/a!2",
        "mutable/a!2f",
        "mutable/a_", "mutable/~ff", "other/a", "immutable/ab", "", "/", "mutable//a", "mutable/a/", "mutable/a\u{0}",
        "mutable/" + String(repeating: "x", count: 201), "mutable/" + String(repeating: "x", count: 199) + "-/a",
      ])
    func foreign(path: String) { #expect(S3Key.key(at: path) == nil) }

    private func edge(_ generator: inout SeededGenerator) -> String {
      Self.edges.randomElement(using: &generator) ?? ""
    }
  }

  /// The seed of random tests: `SEED` of the environment, or a new one, which every failure prints.
  let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
#endif
