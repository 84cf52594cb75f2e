#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import Testing

  struct HTTPLayoutTests {
    private static let names = [
      "a", "A", "a/b", "a%2Fb", "a b", "a+b", "é", "e\u{301}", "a?b", "a#b", "..a", "a..", "%", "%41", "~", "a.json",
      "{name}", "{kind}",
      String(repeating: "0f", count: 32), "mutable/a", "a\\b", "a\u{1}b",
    ]

    // A1, B30.
    @Test(
      "Every key has a path of its own, which leads back to it",
      arguments: ["{name}", "{kind}/{name}.json", "x?n={name}&k={kind}"])
    func injective(template: String) throws {
      let layout = HTTPLayout.template(template)
      var seen: [String: Key] = [:]
      for kind in [Key.Kind.mutable, .immutable] {
        for name in Self.names {
          guard let key = try? Key(kind, name: name), let path = layout.path(of: key) else { continue }
          #expect(seen.updateValue(key, forKey: path) == nil, "\(path)")
          #expect(layout.key(at: path) == key, "\(path)")
          #expect(path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        }
      }
      #expect(seen.count >= Self.names.count)
    }

    @Test(
      "Names that servers take for another's have no place",
      arguments: ["a//b", "/a", "a/", ".", "..", "a/../b", "./a"])
    func ambiguous(name: String) throws {
      let key = try Key(.mutable, name: name)
      #expect(HTTPLayout.names.path(of: key) == nil)
      #expect(HTTPLayout.folder.path(of: key) != nil)
    }

    @Test("A mutable name that looks like a hash has a place only where the kind is part of it")
    func hashes() throws {
      let key = try Key(.mutable, name: String(repeating: "0f", count: 32))
      #expect(HTTPLayout.names.path(of: key) == nil)
      #expect(HTTPLayout.template("{kind}/{name}").path(of: key) != nil)
    }

    @Test(
      "A template that cannot be used says so",
      arguments: ["", "x", "{name}{name}", "{name}/{other}", "a b{name}", "{name}#x"])
    func mistakes(template: String) {
      #expect(HTTPLayout.template(template).mistake != nil)
      let outline = HTTPDriver(at: "https://a.example", layout: .template(template)).outline
      #expect(outline.remarks.contains { $0.severity == .error })
    }
  }
#endif
