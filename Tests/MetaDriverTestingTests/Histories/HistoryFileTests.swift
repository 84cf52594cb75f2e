import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct HistoryFileTests {
  private func read(_ text: String) throws(HistoryFileError) -> [HistoryFile.Entry] {
    try HistoryFile(json: Array(text.utf8)).entries
  }

  @Test(arguments: [
    #"{"histories": [{"ops": [["w", 1, 0, 5, 0], ["r", 0, 6, null, 1], ["d", null, 7, 8, 2, 4]]}]}"#,
    #"[{"ops": [["w",1,0,5,0],["r",null,6,null,1,null],["d",0,7,8,2,4]]}]"#,
    " {\"ops\":\r\n\t[[\"\\u0077\",1,0,5,0] ,[\"r\",0,6,null,1] , [\"d\", 0, 7, 8, 2, 4] ] } \n",
  ])
  func `A file, a list of histories and one history are read alike`(_ text: String) throws {
    let entries = try read(text)
    #expect(
      entries.map(\.history) == [
        History([
          History.Operation(id: 0, session: 0, .put(1), invoked: 0, .ok(at: 5)),
          History.Operation(id: 1, session: 1, .get(nil), invoked: 6, .unknown),
          History.Operation(id: 2, session: 2, .delete, invoked: 7, .ok(at: 8), stamp: stamp(4)),
        ])
      ])
  }

  @Test func `Keys, verdicts, texts and the ends of what numbers can be`() throws {
    let entries = try read(
      #"""
      {"format": "x", "verdicts": "y", "histories": [
        {"key": "a\"\\\/\u00e9\ud83d\ude00\n", "linearizable": true, "weak_regular": false, "ops": []},
        {"ops": [["w", -9223372036854775808, -9223372036854775807, 9223372036854775806, 9223372036854775807, 0]],
         "key": "b"}
      ]}
      """#)
    #expect(entries.map(\.isLinearizable) == [true, nil])
    #expect(entries.map(\.isRegular) == [false, nil])
    let operation = try #require(entries[1].history.operations.first)
    #expect(operation.key == "b" && operation.kind == .put(.min) && operation.session == .max)
    #expect(entries[0].history.operations.isEmpty)
    #expect(try read("[]").isEmpty)
  }

  @Test(arguments: [
    ("", "line 1, column 1: expected an object or a list of histories, and found the end of the file"),
    ("7", "line 1, column 1: expected an object or a list of histories, and found the number 7"),
    ("{}", "line 1, column 1: the history has no field \"ops\""),
    (#"{"ops": [], "histories": []}"#, "line 1, column 1: the object has neither \"histories\" alone, as a file, nor"),
    (#"{"histories": [], "linearizable": true}"#, "line 1, column 1: the object has neither \"histories\" alone"),
    ("[]\n ]", "line 2, column 2: expected the end of the file, and found ']'"),
    ("[7]", "line 1, column 2, histories[0]: expected an object, and found the number 7"),
    ("[{}]", "line 1, column 2, histories[0]: the history has no field \"ops\""),
    ("[{\"ops\": [],\n  \"ops\": []}]", "line 2, column 3, histories[0]: the field \"ops\" is there twice"),
    (#"[{"oops": []}]"#, "line 1, column 3, histories[0]: there is no field \"oops\"; there are key, linearizable,"),
    (#"[{"ops": {}}]"#, "line 1, column 10, histories[0].ops: expected a list of operations, and found an object"),
    (#"{"ops": 1}"#, "line 1, column 9, ops: expected a list of operations, and found the number 1"),
    (
      #"{"ops": [1]}"#,
      "line 1, column 10, ops[0]: expected an operation, as [kind, value, invoked, ended, session], and"
    ),
    (
      #"{"ops": [["w", 1, 2, 3, 4], ["x"]]}"#,
      "line 1, column 30, ops[1][0]: expected \"w\", \"r\" or \"d\", and found \"x\""
    ),
    (#"{"ops": [["w", 1, 2, 3]]}"#, "line 1, column 23, ops[0][3]: expected \",\", as an operation has at least five"),
    (
      #"{"ops": [["w", 1, 2, 3, 4, 5, 6]]}"#,
      "line 1, column 29, ops[0]: expected \"]\", as an operation has at most six"
    ),
    (
      #"{"ops": [["w", 1, null, 3, 4]]}"#,
      "line 1, column 19, ops[0][2]: expected when the operation was invoked, and found 'null'"
    ),
    (
      #"{"ops": [["w", 1, 2, "3", 4]]}"#,
      "line 1, column 22, ops[0][3]: expected when the operation ended, or null, and found the string \"3\""
    ),
    (
      #"{"ops": [["w", 1.5, 2, 3, 4]]}"#,
      "line 1, column 16, ops[0][1]: expected a value, and found a number that is not written as a whole one"
    ),
    (
      #"{"ops": [["w", 01, 2, 3, 4]]}"#,
      "line 1, column 16, ops[0][1]: expected a value, and found a number that is not JSON"
    ),
    (
      #"{"ops": [["w", -, 2, 3, 4]]}"#,
      "line 1, column 16, ops[0][1]: expected a value, and found a number that is not JSON"
    ),
    (
      #"{"ops": [["w", 9223372036854775808, 2, 3, 4]]}"#,
      "line 1, column 16, ops[0][1]: the number 9223372036854775808 does not fit in 64 bits"
    ),
    (
      #"{"ops": [["w", 0, 2, 3, 4]]}"#,
      "line 1, column 16, ops[0][1]: a put has a value that is not 0, which stands for nothing"
    ),
    (#"{"ops": [["d", 3, 2, 3, 4]]}"#, "line 1, column 16, ops[0][1]: a delete has the value 0 or null, and not 3"),
    (#"{"ops": [["w", 1, 2, 3, 4, -1]]}"#, "line 1, column 28, ops[0][5]: a stamp is a number from 0"),
    (
      "{\"ops\": [[\"w\", 1, 2, 3, 4],\n[\"w\", 1, 2, 3, 4]]}",
      "line 2, column 1, ops[1]: it puts 1 at 'x', and so does operation 0"
    ),
    (#"[{"ops": [["r", 1, 3, 2, 4]]}]"#, "line 1, column 11, histories[0].ops[0]: it ends at 2, before it begins at 3"),
    (
      #"{"ops": [], "linearizable": 1}"#,
      "line 1, column 29, linearizable: expected true or false, and found the number 1"
    ),
    (#"{"ops": [], "key": ""}"#, "line 1, column 20, key: an id cannot be empty"),
    (#"{"ops": [], "key": "a"#, "line 1, column 20, key: the string has no end"),
    (#"{"ops": [], "key": "\x"}"#, "line 1, column 21, key: the escape in the string is not JSON"),
    (#"{"ops": [], "key": "\ud800"}"#, "line 1, column 21, key: the escape in the string is not JSON"),
    (
      "{\"ops\": [], \"key\": \"\t\"}",
      "line 1, column 20, key: the string holds a control character that is not escaped"
    ),
    (#"{"ops": [] "key": "a"}"#, "line 1, column 12: expected \",\" or \"}\", and found the string \"key\""),
    ("\u{FEFF}[]", "line 1, column 1: expected an object or a list of histories, and found the byte 0xef"),
  ])
  func `A mistake is named with its line, its column, its field, and what was expected`(
    _ text: String, _ message: String
  ) {
    let error = #expect(throws: HistoryFileError.self) { try read(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func `A string that is not UTF-8 is refused`() {
    let bytes = Array(#"{"ops": [], "key": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    let error = #expect(throws: HistoryFileError.self) { try HistoryFile(json: bytes) }
    #expect(error?.message == "the string is not UTF-8")
  }

  @Test func `Deep nesting is refused where it begins, whatever its depth`() {
    for text in [String(repeating: "[", count: 1_000_000), String(repeating: "{\"histories\":", count: 100_000)] {
      #expect(throws: HistoryFileError.self) { try read(text) }
    }
  }

  @Test func `What is written is read as the same histories`() throws {
    let file = try HistoryFile(json: ReferenceTests.bytes())
    #expect(try HistoryFile(json: Array(file.json.utf8)) == file)
    var history = History()
    history.put(1, from: 0, to: 1, key: "b\"\u{1}é\\", stamp: Stamp(time: 1 << 60, writer: 9))
    history.delete(from: 2, to: nil, key: "b\"\u{1}é\\", stamp: Stamp(time: 1 << 60, writer: 10))
    history.get(nil, from: 3, to: 4, session: 2, key: "a")
    history.operations.append(History.Operation(id: 3, key: "a", .put(3), invoked: 0, .failed))
    let json = HistoryFile([HistoryFile.Entry(history, isLinearizable: true)]).json
    #expect(
      json == """
        {"histories": [
        {"key": "a", "ops": [["r", 0, 3, 4, 2]]},
        {"key": "b\\"\\u0001é\\\\", "ops": [["w", 1, 0, 1, 0, 0], ["d", 0, 2, null, 0, 1]]}
        ]}

        """)
    #expect(try read(json).map(\.history.operations.count) == [1, 2])
    #expect(HistoryFile([]).json == "{\"histories\": [\n]}\n")
  }

  /// `SEED=…` in the environment goes through one.
  @Test func `A damaged file is read or refused, and never ends the process`() throws {
    let whole = try HistoryFile(Array(HistoryFile(json: ReferenceTests.bytes()).entries.prefix(3))).json
    var refused = 0
    for seed in RandomHistory.seeds(4_000) {
      var generator = SeededGenerator(seed: seed)
      var bytes = Array(whole.utf8)
      let pieces = [
        "[", "]", "{", "}", ",", ":", "\"", "null", "-", "0", "9", "99999999999999999999", "\\", "\n", "\u{0}",
      ]
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0...4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(contentsOf: pieces.randomElement(using: &generator)!.utf8, at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &generator)))
        case 3: bytes.removeSubrange(place...)
        default: bytes.replaceSubrange(place...place, with: pieces.randomElement(using: &generator)!.utf8)
        }
        if bytes.isEmpty { bytes = [UInt8(ascii: "[")] }
      }
      do throws(HistoryFileError) {
        for entry in try HistoryFile(json: bytes).entries {
          #expect(throws: Never.self, "seed \(seed)") { try entry.history.violations(of: Guarantee.allCases) }
        }
      } catch {
        refused += 1
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        #expect((1...lines.count).contains(error.line), "seed \(seed): \(error)")
        #expect((1...lines[error.line - 1].count + 1).contains(error.column), "seed \(seed): \(error)")
        #expect(!error.message.isEmpty && !error.description.contains("\n"), "seed \(seed): \(error)")
      }
    }
    #expect(RandomHistory.seeds(2).count == 1 || (2_000..<4_000).contains(refused), "\(refused) were refused")
  }
}
