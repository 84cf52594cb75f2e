import Foundation
import MetaDriverTesting
import Testing

@Suite struct CheckHistoryTests {
  private let example = Example(name: "check-history")

  private static func path(_ name: String, file: String = #filePath) -> String {
    URL(filePath: file).deletingLastPathComponent().appending(path: name).standardized.path
  }

  private let known = path("Expected/check-history.json")

  // S1-S10
  @Test func `Each history has a line of JSON, and those that are not linearizable make it end with 1`() async throws {
    let result = try await example.run([known], in: TemporaryFolder())
    #expect(result.output == (try expected("check-history")))
    #expect(result.errors == "")
    #expect(result.status == 1)
  }

  @Test func `Histories with verdicts of others get the same ones`() async throws {
    let path = Self.path("../MetaDriverTestingTests/Reference/histories.json")
    let entries = try HistoryFile(json: Array(Data(contentsOf: URL(filePath: path)))).entries
    let lines = try await example.run([path], in: TemporaryFolder()).output.split(separator: "\n")
    #expect(lines.count == 250)
    for (index, (line, entry)) in zip(lines, entries).enumerated() {
      let (isLinearizable, isRegular) = (entry.isLinearizable ?? false, entry.isRegular ?? false)
      #expect(
        line.hasPrefix("{\"history\":\(index),\"linearizable\":\(isLinearizable),\"weak_regular\":\(isRegular),"))
    }
  }

  @Test func `A summary has counts and the time, and standard input is a file too`() async throws {
    let text = try String(contentsOfFile: known, encoding: .utf8)
    let result = try await example.run(["--summary", "-"], input: text, in: TemporaryFolder())
    #expect(
      result.output.replacing(/judged in [0-9]+ ms/, with: "judged in … ms")
        == """
        histories: 11
        operations: 35
        linearizable: 3
        weakly regular: 6
        without read your writes: 3
        without monotonic reads: 2
        without monotonic writes: 1
        without writes follow reads: 1
        judged in … ms

        """)
    #expect(result.status == 1)
  }

  @Test func `Linearizable histories end with 0`() async throws {
    let input = #"[{"ops": [["w", 1, 0, 1, 0]]}, {"ops": []}]"#
    let result = try await example.run(["-"], input: input, in: TemporaryFolder())
    #expect(
      result.output == """
        {"history":0,"linearizable":true,"weak_regular":true,"sessions":[],"witness":[]}
        {"history":1,"linearizable":true,"weak_regular":true,"sessions":[],"witness":[]}

        """)
    #expect(result.status == 0)
  }

  @Test(arguments: [
    ([], "", 64, "check-history: which file?; --help says more\n"),
    (["a", "b"], "", 64, "check-history: one file, not 2; --help says more\n"),
    (["--sumary", "a"], "", 64, "check-history: there is no option '--sumary'; --help says more\n"),
    (["nowhere.json"], "", 66, "check-history: cannot read nowhere.json: No such file or directory\n"),
    (["."], "", 66, "check-history: cannot read .: Is a directory\n"),
    (
      ["-"], "", 65,
      "check-history: standard input: line 1, column 1: expected an object or a list of histories, and found the end of the file\n"
    ),
    (
      ["-"], "[\n{\"ops\": [[\"w\", 1, 5, 4, 0]]}]", 65,
      "check-history: standard input: line 2, column 10, histories[0].ops[0]: it ends at 4, before it begins at 5\n"
    ),
  ])
  func `A mistake is one line on standard error`(
    _ words: [String], _ input: String, _ status: Int32, _ message: String
  ) async throws {
    let result = try await example.run(words, input: input, in: TemporaryFolder())
    #expect(result.status == status)
    #expect(result.errors == message)
    #expect(result.output == "")
  }

  @Test func `Help goes to standard output`() async throws {
    let help = try await example.run(["--help"], in: TemporaryFolder())
    #expect(help.output.contains("check-history FILE            a line of JSON for each history"))
    #expect(help.status == 0)
  }
}
