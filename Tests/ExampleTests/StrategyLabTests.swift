import Foundation
import Testing

@Suite struct StrategyLabTests {
  private let example = Example(name: "strategy-lab")

  private static let reference = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../MetaDriverAnalysisTests/Reference/quorum_systems.json").standardized.path

  /// The numbers and fractions of a value, by where they are.
  private func figures(_ value: Any, at path: String = "") -> [String: Any] {
    if let values = value as? [String: Any] {
      return values.reduce(into: [:]) { $0.merge(figures($1.value, at: "\(path)/\($1.key)")) { $1 } }
    }
    return value is NSNumber || value is String ? [path: value] : [:]
  }

  @Test func `Systems have a line of JSON each, with the published figures`() async throws {
    let result = try await example.run(["systems", Self.reference], in: TemporaryFolder())
    #expect(result.status == 0 && result.errors == "")
    var lines: [String: [String: Any]] = [:]
    for line in result.output.split(separator: "\n") {
      let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      lines[try #require(entry["id"] as? String)] = figures(entry)
    }
    let file = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: Self.reference))) as? [String: Any])
    let systems = try #require(file["systems"] as? [[String: Any]])
    let others = try #require(file["not_quorum_systems"] as? [[String: Any]])
    #expect(lines.count == systems.count + others.count)
    for system in systems + others {
      let id = try #require(system["id"] as? String)
      let line = try #require(lines[id])
      // What the file says of itself is not computed; and its mark of duals tells how its author made a system.
      for (path, expected) in figures(system) where !["/note", "/writes_are_dual"].contains(path) {
        switch expected {
        case _ where path.hasPrefix("/f_resilient_load") && expected as? String == "skipped": break
        case let number as NSNumber:
          let found = try #require(line[path] as? NSNumber, "\(path) of \(id)")
          #expect(abs(found.doubleValue - number.doubleValue) <= 1e-6 * max(1, abs(number.doubleValue)), "\(path)")
        default: #expect(line[path] as? String == expected as? String, "\(path) of \(id)")
        }
      }
    }
  }

  @Test(
    "What is no system is refused, and named",
    arguments: [
      (
        #"{"systems": [{"id": "x", "reads": ["leaf", "q"], "writes": ["leaf", "q"]}], "heterogeneous": {"nodes": {}}}"#,
        "x: there are no figures of the leaf 'q'"
      ),
      (
        #"{"systems": [{"id": "x", "reads": ["leaf", "q"], "writes": ["leaf", "q"]}], "#
          + #""heterogeneous": {"nodes": {"q": [-1, 1, 1]}}}"#,
        "x: the read capacity of 'q' is -1.0, and must be above zero"
      ),
      (
        #"{"systems": [{"id": "x", "reads": ["most", ["leaf", "q"]], "writes": ["leaf", "q"]}]}"#,
        "file.json: systems[0].reads: 'most' is none of leaf, any, all and atLeast"
      ),
    ])
  func refused(text: String, message: String) async throws {
    let folder = try TemporaryFolder()
    try text.write(toFile: "\(folder.path)/file.json", atomically: false, encoding: .utf8)
    let result = try await example.run(["systems", "file.json"], in: folder)
    #expect(result.status == 1 && result.output == "")
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func `Anything else shows how it is used`() async throws {
    let result = try await example.run(["dance"], in: TemporaryFolder())
    #expect(result.status == 2 && result.errors.hasPrefix("usage: strategy-lab [--seeds NUMBER]"))
  }

  private static let leaves = [
    "--leaf", "eu,read=4000,write=2000,latency=3ms", "--leaf", "us,read=4000,write=2000,latency=8ms", "--leaf",
    "disk,read=9000,write=3000,latency=1ms",
  ]

  @Test func `A search prints the best trees as they are written`() async throws {
    let result = try await example.run(
      ["search", "--reads", "0.9", "--survives", "1"] + Self.leaves, in: TemporaryFolder())
    #expect(result.status == 0 && result.errors == "")
    #expect(
      result.output.hasPrefix(
        """
        Quorum(read: 2, write: 2) {
          eu
          us
          disk
        }

        operations        3636.36 a second, of 7272.73 attainable
        messages          3 for an operation
        latency           3 ms on average
        of reads          3 ms on average, 3 ms at p99
        of writes         3 ms on average, 3 ms at p99

        reads survive     1 failure, but not this: {eu, us} fail
        writes survive    1 failure, but not this: {eu, us} fail

        """), "\(result.output)")
  }

  @Test func `A search that finds nothing says so`() async throws {
    let result = try await example.run(
      ["search", "--reads", "0.9", "--survives", "2"] + Self.leaves, in: TemporaryFolder())
    #expect(result.status == 0 && result.output == "no tree of eu, us, disk survives that many failures\n")
  }

  @Test(
    "A search for what is none is refused",
    arguments: [
      (["--reads", "0.9"], "a search needs leaves, and there are none"),
      (["--leaf", "a"], "--reads is missing: the share of operations that are reads"),
      (["--leaf", "a", "--reads"], "--reads needs a share of reads, from 0 to 1"),
      (["--leaf", "a", "--reads", "most"], "--reads: 'most' is not a share of reads, from 0 to 1"),
      (["--leaf", "a", "--reads", "2"], "a read fraction is from 0 to 1, and not 2.0"),
      (["--leaf", "a,read=-1", "--reads", "1"], "the read capacity of 'a' is -1.0, and must be above zero"),
      (
        ["--leaf", "a,latency=3", "--reads", "1"],
        "--leaf a: 'latency=3' is none of read=NUMBER, write=NUMBER and latency=TIME, such as 3ms"
      ),
      (["--leaf", "a", "--reads", "1", "--best", "price"], "--best: 'price' is not load, latency or network"),
      (["--leaf", "a", "--leaf", "a", "--reads", "1"], "two leaves are called 'a'"),
      (["--dance"], "'--dance' is no option of search"),
    ])
  func searchRefused(words: [String], message: String) async throws {
    let result = try await example.run(["search"] + words, in: TemporaryFolder())
    #expect(result.status == 2 && result.output == "")
    #expect(result.errors == "strategy-lab search: \(message)\n")
  }
}
