internal import Foundation
private import TestSupport

/// A program of documentation blocks: one function for each, all in one run of the compiler.
struct SnippetProgram {
  /// The names that a block may use without declaring them.
  static let names = """
    import MetaDriver
    import MetaDriverDisk
    import MetaDriverTesting

    let bytes: [UInt8] = Array("hello".utf8)
    let photo: [UInt8] = [0xff, 0xd8]
    let (cache, folder, service, token, userInput) = ("/data/cache", "/data/folder", "profiles", "secret", "alice")
    let online = true
    let disk = DiskDriver(at: "/data/disk", name: "disk")
    let (eu, us, cloud, cdn) = (MemoryDriver("eu"), MemoryDriver("us"), MemoryDriver("cloud"), MemoryDriver("cdn"))
    let (archive, s3, dropbox) = (MemoryDriver("archive"), MemoryDriver("s3"), MemoryDriver("dropbox"))
    let (a, b, c) = (MemoryDriver("a"), MemoryDriver("b"), MemoryDriver("c"))
    let mirrors = [MemoryDriver("first mirror"), MemoryDriver("second mirror")]
    let profiles = try! Strategy("profiles") { Quorum(read: 2, write: 2) { disk; eu; us } }
    let leaf = Leaf("keychain")
    let base = MemoryDriver("base")
    let children = [a.outline, b.outline]
    var world: Simulation.World { fatalError("for blocks that only compile") }
    var scenario: Scenario { fatalError("for blocks that only compile") }
    func show(_ value: some Any) {}
    struct Printer: Observer { func record(_ event: Event) { print(event) } }
    func composed(_ strategy: Strategy, _ place: String) { for warning in strategy.warnings { print("doubt:", place, warning) } }
    """

  /// Stands before the output of each block that is run.
  private static let separator = "\u{1e}"

  let snippets: [Snippet]
  /// A folder of the program's own; blocks call it `/data`.
  let folder: URL

  init(_ snippets: [Snippet], in folder: URL) {
    self.snippets = snippets
    self.folder = folder
  }

  /// Writes the program and runs the compiler.
  ///
  /// - Parameter isLinked: Whether to make a program that can be run.
  /// - Returns: Whether it compiles, and what the compiler says.
  func compile(isLinked: Bool) async throws -> (succeeded: Bool, output: String) {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var files = ["names.swift": located(Self.names), "main.swift": located(main)]
    for (index, snippet) in snippets.enumerated() { files["snippet\(index).swift"] = source(snippet, index) }
    for (name, text) in files { try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8) }
    let build = try BuildFolder.find()
    var arguments = [
      "swiftc", "-swift-version", "6", "-whole-module-optimization", "-module-name", "Snippets", "-suppress-warnings",
    ]
    arguments += build.importFlags
    arguments += files.keys.sorted().map { folder.appending(path: $0).path }
    arguments += isLinked ? try build.objects + ["-o", program.path] : ["-typecheck"]
    return try await run("/usr/bin/env", arguments)
  }

  /// Runs the linked program.
  ///
  /// - Returns: What each block that prints has printed, in their order.
  func outputs() async throws -> [String] {
    let (succeeded, output) = try await run(program.path, [])
    guard succeeded else { return [output] }
    return output.replacing(folder.resolvingSymlinksInPath().path, with: "/data").split(separator: Self.separator)
      .map { $0.trimmingCharacters(in: .newlines) }
  }

  /// Runs the linked program up to each strategy that is composed.
  ///
  /// - Returns: What is said against a tree that the pages show without a word, a line each with the place.
  func doubts() async throws -> [String] {
    let lines = try await run(program.path, ["compose"]).output.split(separator: "\n").map(String.init)
    return lines.filter { $0.hasPrefix("doubt: ") }
  }

  /// The blocks that print, in their order.
  var printing: [(snippet: Snippet, expected: String)] {
    snippets.compactMap { snippet in
      guard case .prints(let expected) = snippet.purpose else { return nil }
      return (snippet, expected)
    }
  }

  private var program: URL { folder.appending(path: "program") }

  private var main: String {
    let calls = snippets.indices.compactMap { index -> String? in
      guard case .prints = snippets[index].purpose else { return nil }
      return """
        print("\\u{1e}", terminator: "")
        do { try await snippet\(index)() } catch { print(error) }
        """
    }
    let trees = snippets.filter { !$0.admitsDoubt }.flatMap(\.trees).enumerated().map { number, tree in
      """
      nonisolated func compose\(number)() async throws {
      \(tree.code.filter { !$0.hasPrefix("import ") }.joined(separator: "\n"))
      composed(\(tree.name), "\(tree.place)")
      }
      if isComposing { do { try await compose\(number)() } catch { print("doubt: \(tree.place)", error) } }
      """
    }
    let imports = Set(
      snippets.flatMap(\.code).filter { $0.hasPrefix("import ") } + BuiltModules.all.map { "import \($0)" })
    return """
      \(imports.sorted().joined(separator: "\n"))
      let isComposing = CommandLine.arguments.contains("compose")
      if !isComposing {
      \(calls.joined(separator: "\n"))
      }
      \(trees.joined(separator: "\n"))
      """
  }

  private func source(_ snippet: Snippet, _ index: Int) -> String {
    let imports = snippet.code.filter { $0.hasPrefix("import ") }
    // In their place stays an empty line, so that the compiler counts as the page does.
    let code = snippet.code.map { $0.hasPrefix("import ") ? "" : $0 }.joined(separator: "\n")
    let located = "#sourceLocation(file: \"\(snippet.file)\", line: \(snippet.line))\n\(code)\n#sourceLocation()"
    let modules = BuiltModules.all.map { "import \($0)" }
    let text = (modules + imports).joined(separator: "\n")
    if case .declares = snippet.purpose { return self.located("\(text)\n\(located)\n") }
    return self.located("\(text)\nnonisolated func snippet\(index)() async throws {\n\(located)\n}\n")
  }

  private func located(_ code: String) -> String { code.replacing("\"/data", with: "\"\(folder.path)") }

  /// Runs a program without holding up the thread of a test, which others need meanwhile.
  private func run(_ path: String, _ arguments: [String]) async throws -> (succeeded: Bool, output: String) {
    let program = try await Command.run([path] + arguments, in: folder.path, joinsErrors: true)
    return (program.status == 0, String(decoding: program.output, as: UTF8.self))
  }
}
