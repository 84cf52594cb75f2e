import MetaDriver
import Testing

/// `replicate-folder scrub` over folders with missing, older and damaged copies.
@Suite struct ReplicateFolderScrubTests {
  private let example = Example(name: "replicate-folder")
  private let folder: TemporaryFolder
  private let from = ["--from", "A", "--from", "B", "--from", "C"]

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Example.Result {
    try await example.run(arguments.flatMap { $0 == "ABC" ? from : [$0] }, in: folder)
  }

  private func put(_ files: [String: String], to stores: String...) async throws {
    try folder.make(
      Dictionary(uniqueKeysWithValues: files.map { (Array($0.key.utf8), Array($0.value.utf8)) }), below: "source")
    let to = stores.flatMap { ["--to", $0] } + ["--write", "\(stores.count)"]
    #expect(try await example.run(["put", "--from", "source"] + to, in: folder).status == 0)
    try folder.remove("source")
  }

  /// The stored file of an id.
  private func path(of id: String, in store: String) throws -> String {
    let path = try folder.files(below: store).keys.first {
      $0.starts(with: "mutable/".utf8) && $0.ends(with: "/\(id)".utf8)
    }
    return "\(store)/\(String(decoding: try #require(path), as: UTF8.self))"
  }

  private func change(_ id: String, in store: String, _ change: (inout [UInt8]) -> Void) throws {
    let path = try path(of: id, in: store)
    var bytes = try RawFile(Array("\(folder.path)/\(path)".utf8)).contents()
    change(&bytes)
    try folder.make([Array(path.utf8): bytes], below: ".")
  }

  /// Six files in three folders: one damaged, one missing, one older, one whose delete a folder missed, one lost, one good.
  private func disturb() async throws {
    let names = ["damaged", "deleted", "good", "lost", "missing", "old"]
    try await put(Dictionary(uniqueKeysWithValues: names.map { ($0, "the \($0) file") }), to: "A", "B", "C")
    try await put(["old": "the new version"], to: "A", "C")
    #expect(try await run("delete", "--from", "A", "--from", "B", "--prefix", "deleted").status == 0)
    try change("damaged", in: "C") { $0[$0.count - 3] ^= 4 }
    try folder.remove(try path(of: "missing", in: "A"))
    for store in ["A", "B", "C"] { try change("lost", in: store) { $0.removeLast(4) } }
  }

  /// The text with the stamps, which differ from run to run, left out.
  private func withoutStamps(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.contains("@") && word.first?.isNumber == true ? "STAMP" : String(word)
    }.joined(separator: " ")
  }

  // A33, A35, B18
  @Test func `A scrub says what it would do, does it, and finds nothing more to do`() async throws {
    try await disturb()
    let before = try ["A", "B", "C"].map(folder.files)
    let planned = try await run("scrub", "ABC")
    #expect(withoutStamps(planned.output) == (try expected("replicate-folder-scrub")))
    #expect(planned.status == 1, "one file is lost")
    #expect(try ["A", "B", "C"].map(folder.files) == before, "a plan changes nothing")
    #expect(try ScrubPlan(planned.output).repairs.count == 4)

    let applied = try await run("scrub", "ABC", "--apply")
    #expect(applied.status == 1)
    #expect(applied.output.hasPrefix("scrubbed 4 of 4 files, "))
    #expect(
      applied.output.contains(
        """
          A: missing and repaired 1
          B: older and repaired 1
          C: damaged and repaired 1, older and deletion noted 1
        1 problem:
          lost: no good copy is left of it, only damaged ones

        """))
    let again = try await run("scrub", "ABC")
    #expect(
      again.output.contains("# A: nothing to do\n# B: nothing to do\n# C: nothing to do\n# no good copy is left of 1"))
    let got = try await run("get", "ABC", "--into", "target", "--read", "3")
    #expect(got.output.contains("1 more had been deleted"))
    #expect(
      try folder.files(below: "target").map {
        (String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))
      }
      .sorted { $0.0 < $1.0 }.map { "\($0.0): \($0.1)" }
        == ["damaged: the damaged file", "good: the good file", "missing: the missing file", "old: the new version"])
  }

  @Test func `A plan is saved, reviewed and carried out, and only what is left in it is done`() async throws {
    try await disturb()
    let plan = try await run("scrub", "ABC").output.split(separator: "\n").filter { !$0.hasPrefix("copy      \"old\"") }
    try folder.make([Array("plan".utf8): Array(plan.joined(separator: "\n").utf8)], below: ".")
    let applied = try await run("scrub", "ABC", "--plan", "plan")
    #expect(applied.output.hasPrefix("scrubbed 3 of 3 files, "))
    #expect(try await run("scrub", "ABC").output.contains("# B: older 1\n"))
    let torn = plan.prefix(6).joined(separator: "\n")
    try folder.make([Array("plan".utf8): Array(torn.utf8)], below: ".")
    let refused = try await run("scrub", "ABC", "--plan", "plan")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("plan is no plan: line "))
    #expect(refused.errors.contains("of the scrub plan 1: the text ends too early: it was cut off"))
  }

  // B1, B18
  @Test func `A folder that is away is named and left alone`() async throws {
    try await put(["file": "text"], to: "A", "B", "C")
    try folder.remove(try path(of: "file", in: "A"))
    try folder.block("C")
    let planned = try await run("scrub", "ABC")
    #expect(planned.status == 1)
    #expect(planned.output.contains("store     \"C\" listed 0, unanswered \"unavailable: "))
    #expect(
      planned.output.hasSuffix(
        """
        # A: missing 1
        # B: nothing to do
        # C: it did not answer in full, and is left alone
        # to repair 1: scrub --apply, or save this and say scrub --plan FILE

        """))
    let applied = try await run("scrub", "ABC", "--apply")
    #expect(applied.status == 1)
    #expect(applied.output.contains("  A: missing and repaired 1\n  B: not asked\n"))
    #expect(try path(of: "file", in: "A") != "")
  }

  @Test(arguments: [
    ("scrub --from A --compare names", "--compare is stamps or content, not 'names'"),
    ("scrub --from A --plan p --apply", "--plan says all that is to be done, and goes without --apply"),
    ("scrub", "scrub needs --from"),
  ])
  func `A mistake in the command line is named`(_ line: String, _ message: String) async throws {
    let result = try await example.run(line.split(separator: " ").map(String.init), in: folder)
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("replicate-folder: \(message)\n"))
  }

  @Test func `One folder alone has nothing to be compared with`() async throws {
    try await put(["file": "text"], to: "A")
    let result = try await run("scrub", "--from", "A")
    #expect(result.status == 1)
    #expect(
      result.errors == "replicate-folder: unsupported: a scrub is not possible: it compares stores, and was given 1\n")
  }
}
