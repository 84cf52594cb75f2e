#if HTTP
  import MetaDriver
  @testable import MetaDriverEtcd
  import Testing

  @Suite struct EtcdKeyspaceTests {
    private let keyspace = EtcdKeyspace(prefix: "p/")
    private let keys: [Key] = [
      "a", "a/b", "m/", "i/", "é", "e\u{301}", "\u{0}", "\u{10ffff}", .immutable(ContentHash(of: [])),
    ]

    @Test("Every key has one name, which leads back to it")
    func injective() {
      #expect(Set(keys.map(keyspace.key(of:))).count == keys.count)
      for key in keys { #expect(keyspace.datum(at: keyspace.key(of: key), key.kind) == key) }
    }

    @Test("What is not this store's is nobody's")
    func foreign() {
      for name in ["", "p", "p/", "p/m/", "p/i/ab", "q/m/a", "p/i/\(String(repeating: "AB", count: 32))"] {
        for kind in Key.Kind.allCases { #expect(keyspace.datum(at: Array(name.utf8), kind) == nil) }
      }
      #expect(keyspace.datum(at: Array("p/m/".utf8) + [0xff], .mutable) == nil)
    }

    @Test("A range has what the listing includes, and nothing else")
    func ranges() {
      for prefix in ["", "a", "a/", "é", "\u{10ffff}", "z"] {
        for cursor in [nil] + keys.map(Cursor.init(after:)) {
          for kind in Key.Kind.allCases where cursor.map({ $0.key.kind == kind }) ?? true {
            if let cursor, !cursor.key.name.utf8.starts(with: prefix.utf8) { continue }
            let request = ListRequest(kind, prefix: prefix, after: cursor)
            let (start, end) = keyspace.range(of: request)
            for key in keys {
              let name = keyspace.key(of: key)
              let isIn = !name.lexicographicallyPrecedes(start) && name.lexicographicallyPrecedes(end)
              #expect(isIn == request.includes(key), "\(key) in \(request)")
            }
          }
        }
      }
    }
  }
#endif
