private import Foundation

/// The documentation of this package.
enum Documentation {
  /// Every Swift block that this build can compile: of the Markdown files, and of the doc comments of the library.
  static func snippets() throws -> [Snippet] {
    try allSnippets().filter(BuiltModules.suffice)
  }

  private static func allSnippets() throws -> [Snippet] {
    try files().flatMap { file in
      let text = try text(of: file)
      return file.hasSuffix(".md")
        ? try SnippetScanner.snippets(ofMarkdown: text, file: file)
        : SnippetScanner.snippets(ofSource: text, file: file)
    }
  }

  /// What is in a file, whose path begins at the root of the package.
  static func text(of file: String) throws -> String {
    try String(contentsOfFile: "\(BuildFolder.package)/\(file)", encoding: .utf8)
  }

  /// The Markdown files of the package and the Swift files of the library, from the root of the package.
  static func files() throws -> [String] {
    let markdown = try ["Docs", "Examples", "Tests"].flatMap { try files(below: $0, ending: ".md") }
    return try ["README.md"] + markdown + files(below: "Sources", ending: ".swift")
  }

  private static func files(below folder: String, ending: String) throws -> [String] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: "\(BuildFolder.package)/\(folder)")
    return names.filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
  }
}
