private import Foundation
import Testing

@Suite struct LandingPageTests {
  @Test(
    "The landing page of a module names each of its public types",
    arguments: ["MetaDriver", "MetaDriverDisk", "MetaDriverTesting"])
  func topics(module: String) throws {
    let page = try Documentation.text(of: "Docs/\(module)/\(module).docc/\(module).md")
    let sources = try Documentation.files().filter { $0.hasPrefix("Sources/\(module)/") && $0.hasSuffix(".swift") }
    let types = try sources.flatMap { file in
      try Documentation.text(of: file).matches(of: declaration).map { String($0.1) }
    }
    #expect(!types.isEmpty)
    for type in types {
      let isNamed = page.contains("- ``\(type)``")
      #expect(isNamed, "\(type) is in no topic")
    }
  }

  /// A public type at the top of a file: not indented.
  private var declaration: Regex<(Substring, Substring)> {
    /^public (?:indirect |final )*(?:struct|class|enum|protocol|actor) (\w+)/.anchorsMatchLineEndings()
  }
}
