private import Foundation
import Testing

@Suite struct LandingPageTests {
  @Test(
    "The landing page of a module names each of its public types",
    arguments: BuiltModules.all)
  func topics(module: String) throws {
    let page = try Documentation.text(of: "Docs/\(module)/\(module).docc/\(module).md")
    let sources = try Documentation.files().filter { $0.hasPrefix("Sources/\(module)/") && $0.hasSuffix(".swift") }
    // Behind a trait, a file is in a condition, and indented by it.
    let indentation = BuiltModules.guarded.contains { $0.name == module } ? "  " : ""
    let types = try sources.flatMap { file in
      try Documentation.text(of: file).matches(of: declaration).filter { $0.1 == indentation }.map { String($0.2) }
    }
    #expect(!types.isEmpty)
    for type in types {
      let isNamed = page.contains("- ``\(type)``")
      #expect(isNamed, "\(type) is in no topic")
    }
  }

  /// A public type, and how far it is indented.
  private var declaration: Regex<(Substring, Substring, Substring)> {
    /^( *)public (?:indirect |final )*(?:struct|class|enum|protocol|actor) (\w+)/.anchorsMatchLineEndings()
  }
}
