private import Foundation
import Testing

/// The documentation is compiled, and where a page shows what a block prints, run.
@Suite(.serialized) struct SnippetTests {
  @Test("Every Swift block of the documentation compiles, and prints what its page says")
  func documentation() async throws {
    let snippets = try Documentation.snippets().filter { if case .fails = $0.purpose { false } else { true } }
    #expect(snippets.count > 50, "the blocks are not where they were: \(snippets.count) were found")
    try await withProgram(of: snippets) { program in
      let (succeeded, output) = try await program.compile(isLinked: true)
      try #require(succeeded, "\(output)")
      let outputs = try await program.outputs()
      let printing = program.printing
      try #require(outputs.count == printing.count, "\(outputs.last ?? "")")
      for (output, (snippet, expected)) in zip(outputs, printing) {
        #expect(output == expected, "\(snippet.place) prints something else")
      }
      // Readers build the trees that a page shows.
      #expect(snippets.flatMap(\.trees).count > 20)
      let doubts = try await program.doubts()
      #expect(
        doubts.isEmpty,
        "a page shows trees of which composing warns, and says nothing:\n\(doubts.joined(separator: "\n"))")
    }
  }

  @Test("A block that shows a mistake is refused by the compiler, for the reason that its page gives")
  func mistakes() async throws {
    let snippets = try Documentation.snippets()
    let declarations = snippets.filter { $0.purpose == .declares }
    let mistakes = snippets.filter { if case .fails = $0.purpose { true } else { false } }
    #expect(!mistakes.isEmpty)
    try await withProgram(of: declarations + mistakes) { program in
      let (succeeded, output) = try await program.compile(isLinked: false)
      #expect(!succeeded)
      for snippet in mistakes {
        guard case .fails(let message) = snippet.purpose else { continue }
        let lines = snippet.line..<snippet.line + snippet.code.count
        let isFound = output.split(separator: "\n").contains { text in
          lines.contains { text.contains("\(snippet.file):\($0):") } && text.contains("error: ")
            && text.contains(message)
        }
        #expect(isFound, "\(snippet.place) is not refused with \"\(message)\":\n\(output)")
      }
    }
  }

  @Test("A block that does not compile is named with its file and line")
  func broken() async throws {
    let page = """
      # A page

      ```swift
      let count = 1
      let text: String = count
      ```
      """
    let snippets = try SnippetScanner.snippets(ofMarkdown: page, file: "Docs/Page.md")
    try await withProgram(of: snippets) { program in
      let (succeeded, output) = try await program.compile(isLinked: false)
      #expect(!succeeded)
      #expect(output.contains("Docs/Page.md:5:"), "\(output)")
    }
  }

  private func withProgram(of snippets: [Snippet], _ body: (SnippetProgram) async throws -> Void) async throws {
    let folder = URL.temporaryDirectory.appending(path: "metadriver-snippets-\(UUID())").resolvingSymlinksInPath()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(SnippetProgram(snippets, in: folder))
  }
}
