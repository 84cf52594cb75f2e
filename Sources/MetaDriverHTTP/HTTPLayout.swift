#if HTTP
  public import MetaDriver

  /// Where below a base address the datum of a key is.
  ///
  /// ```swift
  /// HTTPDriver(at: "https://cdn.example/data", layout: .folder)                    // a folder that DiskDriver writes
  /// HTTPDriver(at: "https://cdn.example/users", layout: .template("{name}.json"))  // …/users/alice.json
  /// HTTPDriver(at: "https://cdn.example/blobs", layout: .custom { key in key.kind == .immutable ? key.name : nil })
  /// ```
  public struct HTTPLayout: Sendable {
    enum Rule: Sendable {
      case folder
      case template(String)
      case custom(@Sendable (Key) -> String?)
    }

    let rule: Rule

    /// The layout of a `DiskDriver`'s folder, or a WebDAV store: every key has a place, and no two share one on any server.
    public static let folder = HTTPLayout(rule: .folder)

    /// The name, percent-encoded but for its slashes: what people put on the web by hand.
    public static let names = HTTPLayout.template("{name}")

    /// A path with `{name}` where the name of the key goes, percent-encoded but for its slashes, and `{kind}` where its kind
    /// may go, `mutable` or `immutable`.
    ///
    /// Keys whose place servers take for another's have none: names with an empty segment, `.` or `..`; and, without
    /// `{kind}`, mutable names that look like a content hash. Servers that fold case make one of names that differ by it.
    public static func template(_ template: String) -> HTTPLayout { HTTPLayout(rule: .template(template)) }

    /// A path made by a closure, which has to percent-encode it, and to give no two keys one path; `nil` for keys that are
    /// not there.
    public static func custom(_ path: @escaping @Sendable (Key) -> String?) -> HTTPLayout {
      HTTPLayout(rule: .custom(path))
    }
  }

  extension HTTPLayout {
    /// What is wrong with it; `nil` when nothing is.
    var mistake: String? {
      guard case .template(let template) = rule else { return nil }
      if template.pieces(around: "{name}").count != 2 { return "the template '\(template)' has not one {name}" }
      let rest = template.pieces(around: "{name}").joined().pieces(around: "{kind}").joined()
      if rest.contains(where: { $0 == "{" || $0 == "}" || $0 == "#" }) || !rest.isAddressText {
        return "the template '\(template)' has more than {name}, {kind} and what an address can have"
      }
      return nil
    }

    /// The path of a key, without a slash in front; `nil` when it has none.
    func path(of key: Key) -> String? {
      switch rule {
      case .folder: return StoredName(key).path
      case .custom(let path): return path(key)
      case .template(let template):
        let segments = key.name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard !segments.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) })
        else { return nil }
        let (kinds, name) = (template.pieces(around: "{kind}"), PercentEncoding.encode(key.name))
        if kinds.count == 1, key.kind == .mutable, (try? ContentHash(hex: key.name)) != nil { return nil }
        return kinds.joined(separator: key.kind.rawValue).pieces(around: "{name}").joined(separator: name)
      }
    }

    /// The key whose path this is; `nil` when none can be told.
    func key(at path: String) -> Key? {
      switch rule {
      case .folder: return StoredName.key(at: path)
      case .custom: return nil
      case .template(let template):
        for kind in [Key.Kind.mutable, .immutable] {
          let ends = template.pieces(around: "{kind}").joined(separator: kind.rawValue).pieces(around: "{name}")
          guard ends.count == 2, path.utf8.count >= ends[0].utf8.count + ends[1].utf8.count,
            path.hasPrefix(ends[0]), path.hasSuffix(ends[1]),
            let name = PercentEncoding.decode(path.dropFirst(ends[0].count).dropLast(ends[1].count)),
            let key = try? Key(kind, name: name), self.path(of: key) != nil
          else { continue }
          return key
        }
        return nil
      }
    }
  }

  extension String {
    /// What stands before and behind each occurrence of a word.
    fileprivate func pieces(around word: String) -> [String] {
      split(separator: word, omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether it is made of what an address can have.
    fileprivate var isAddressText: Bool { utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") } }
  }
#endif
