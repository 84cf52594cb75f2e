import Foundation
import Testing

@Suite struct StrategyLabStalenessTests {
  private let example = Example(name: "strategy-lab")

  private func run(_ text: String) async throws -> Example.Result {
    let folder = try TemporaryFolder()
    try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/" + "questions.json"))
    return try await example.run(["staleness", "questions.json"], in: folder)
  }

  @Test("Each question has a line of JSON") func answers() async throws {
    let none = #"[[1, "constant", 0]]"#
    let result = try await run(
      """
      [{"id": "exact", "replicas": 3, "read": 1, "write": 1, "W": [[1, "exponential", 1]], "A": \(none),
        "R": [[1, "exponential", 1]], "S": \(none), "at": [0, 0.5, 5], "trials": 10, "seed": 1},
       {"id": "far", "replicas": 3, "read": 1, "write": 1, "W": [[0.5, "pareto", 1, 3], [0.5, "constant", 2]],
        "A": \(none), "R": \(none), "S": \(none), "at": [0, 60], "trials": 2000, "seed": 1, "home_delay_ms": 50}]
      """)
    #expect(result.status == 0 && result.errors == "")
    let lines = try result.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    try #require(lines.count == 2)
    let exact = try #require(lines[0]["p_consistent"] as? [String: Double])
    #expect(Set(exact.keys) == ["0", "0.5", "5"] && abs((exact["0"] ?? 0) - 0.5) < 1e-9)
    #expect(abs((lines[0]["t_visibility_p999"] as? Double ?? 0) - 6.214608098422191) < 1e-6)
    #expect(abs((lines[0]["Lr_p999"] as? Double ?? 0) - 2.302585092994046) < 1e-6)
    // A read near another replica than the write sees it only when it has come all the way.
    let far = try #require(lines[1]["p_consistent"] as? [String: Double])
    #expect(abs((far["0"] ?? 0) - 1 / 3.0) < 0.05 && (far["60"] ?? 0) > 0.99)
    #expect(lines[1]["Lw_p50"] as? Double ?? 0 < 3)
  }

  @Test(
    "What is no question is refused, and named",
    arguments: [
      (#""replicas": 0"#, "x: there are 1 to 100 replicas, and not 0"),
      (#""read": 4"#, "x: read is from 1 to 3, and not 4"),
      (#""W": [[0.5, "constant", 1]]"#, "x: W: the probabilities of a mixture of 1 add up to 0.5, and not to 1"),
      (#""W": [[1, "normal", 1]]"#, "[0].W[0]: 'normal' is none of exponential, pareto and constant"),
      (#""W": [[1, "exponential", -1]]"#, "[0].W[0]: the lambda of a exponential is from 1e-09 to 1e9, and not -1.0"),
      (#""trials": 0"#, "x: a prediction is made of 1 to 10000000 trials, and not of 0"),
      (#""at": [-1]"#, "x: a time in 'at' is not below zero: -1.0"),
      (#""home_delay_ms": -5"#, "x: home_delay_ms is not below zero: -5.0"),
    ])
  func refused(field: String, message: String) async throws {
    let none = #"[[1, "constant", 0]]"#
    var fields = [
      #""id": "x""#, #""replicas": 3"#, #""read": 1"#, #""write": 1"#, #""W": \#(none)"#, #""A": \#(none)"#,
      #""R": \#(none)"#, #""S": \#(none)"#, #""at": [0]"#, #""trials": 10"#, #""seed": 1"#,
    ]
    let name = field.prefix { $0 != ":" }
    fields.removeAll { $0.hasPrefix(name) }
    let result = try await run("[{\((fields + [field]).joined(separator: ", "))}]")
    #expect(
      result.status == 1 && result.output == "" && result.errors == "questions.json: \(message)\n", "\(result.errors)")
  }
}
