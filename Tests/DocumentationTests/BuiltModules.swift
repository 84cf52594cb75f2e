/// The modules of the library that this build has: those behind traits only where their trait is on.
enum BuiltModules {
  /// All that are built, in the order in which they stand on each other.
  static var all: [String] {
    ["MetaDriver", "MetaDriverDisk", "MetaDriverAnalysis", "MetaDriverTesting"] + guarded.map(\.name)
  }

  /// Those behind traits, with the system's libraries that they stand on.
  static var guarded: [(name: String, libraries: [String])] {
    var modules: [(String, [String])] = []
    #if SQLite
      modules.append(("MetaDriverSQLite", ["CMetaDriverSQLite"]))
    #endif
    #if HTTP
      modules.append(("MetaDriverHTTP", ["CMetaDriverCurl"]))
      modules += [("MetaDriverWebDAV", []), ("MetaDriverS3", ["CMetaDriverCrypto"]), ("MetaDriverEtcd", [])]
    #endif
    return modules
  }

  private static let behindTraits = [
    "MetaDriverSQLite", "MetaDriverHTTP", "MetaDriverWebDAV", "MetaDriverS3", "MetaDriverEtcd",
  ]

  /// Whether a block can be compiled: neither the module it belongs to, nor one that it imports, is left out.
  static func suffice(for snippet: Snippet) -> Bool {
    behindTraits.filter { !all.contains($0) }.allSatisfy { module in
      !snippet.file.hasPrefix("Sources/\(module)/") && !snippet.file.hasPrefix("Docs/\(module)/")
        && !snippet.code.contains("import \(module)")
    }
  }
}
