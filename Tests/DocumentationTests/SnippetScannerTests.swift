import Testing

@Suite struct SnippetScannerTests {
  private func scan(_ page: String) throws -> [Snippet] {
    try SnippetScanner.snippets(ofMarkdown: page, file: "Page.md")
  }

  @Test("The trees of a block are those that it names, each with what comes before it")
  func trees() throws {
    let page = """
      <!-- snippet: prints, doubtful -->
      ```swift
      let a = MemoryDriver("a")  // {
      let one = try Strategy("one") { a }
      let two = try Strategy("two", needs: .put) {
        Quorum { a; b; c }
      }
      print(two)
      ```
      ```text
      two
      ```
      """
    let snippet = try #require(try SnippetScanner.snippets(ofMarkdown: page, file: "Docs/Page.md").first)
    #expect(snippet.trees.map(\.name) == ["one", "two"])
    #expect(snippet.trees.map(\.place) == ["Docs/Page.md:4", "Docs/Page.md:5"])
    #expect(snippet.trees.map(\.code.count) == [2, 5])
    #expect(snippet.isDoubtful && snippet.admitsDoubt)
  }

  @Test("A block begins in the line after its fence")
  func line() throws {
    #expect(
      try scan("text\n\n```swift\none\ntwo\n```\n")
        == [Snippet(file: "Page.md", line: 4, code: ["one", "two"], purpose: .compiles)])
  }

  @Test("A mark belongs to the next block, and to no other")
  func mark() throws {
    let page = "<!-- snippet: declarations -->\n\n```swift\none\n```\n\n```swift\ntwo\n```\n"
    #expect(try scan(page).map(\.purpose) == [.declares, .compiles])
    #expect(try scan("<!-- snippet: declarations -->\ntext\n```swift\none\n```\n").map(\.purpose) == [.compiles])
  }

  @Test("A block that prints takes the text block behind it, and must have one")
  func prints() throws {
    let page = "<!-- snippet: prints -->\n```swift\none\n```\nIt prints\n```text\n1\n2\n```\n"
    #expect(try scan(page).map(\.purpose) == [.prints("1\n2")])
    #expect(throws: SnippetScanner.Mistake.self) { try scan("<!-- snippet: prints -->\n```swift\none\n```\n") }
  }

  @Test("A mark that nobody knows is a mistake, and so is one before a block that is not Swift")
  func unknown() {
    #expect(throws: SnippetScanner.Mistake.self) { try scan("<!-- snippet: compile -->\n```swift\none\n```\n") }
    #expect(throws: SnippetScanner.Mistake.self) { try scan("<!-- snippet: declarations -->\n```text\none\n```\n") }
  }

  @Test("In a doc comment, an ellipsis stands for a body or for a driver")
  func docComments() {
    let source = """
        /// ```swift
        /// struct One {
        ///   …
        ///   func get() { … }
        /// }
        /// Quorum { … }     // two … of three
        /// let hash = "9f…" // a hash
        /// ```
        var x: Int
      """
    let expected = [
      "struct One {", "", "  func get() { fatalError() }", "}", "Quorum { disk }     // two … of three",
      "let hash = \"9f…\" // a hash",
    ]
    #expect(
      SnippetScanner.snippets(ofSource: source, file: "One.swift")
        == [Snippet(file: "One.swift", line: 2, code: expected, purpose: .compiles)])
  }
}
