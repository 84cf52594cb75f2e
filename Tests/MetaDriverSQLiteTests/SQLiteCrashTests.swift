#if SQLite
  private import Foundation
  import MetaDriver
  import MetaDriverSQLite
  import MetaDriverTesting
  import TestSupport
  import Testing

  @testable import CrashWriter

  /// Several processes at one file, some of which die.
  @Suite(.serialized) struct SQLiteCrashTests {
    private let folder: TemporaryFolder
    private var store: String { "sqlite:" + folder.store }

    init() throws { folder = try TemporaryFolder() }

    // A9
    @Test("A writer killed 100 times leaves no torn value, and loses no acknowledged put")
    func killed() async throws {
      let seed = ProcessInfo.processInfo.environment["SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
      print("SQLiteCrashTests.killed SEED=\(seed)")
      var generator = SeededGenerator(seed: seed)
      var acknowledged: [Substring: Int] = [:]
      var interrupted = 0
      for round in 0..<100 {
        let isDurable = round.isMultiple(of: 2)
        var begun: [Substring: Set<Int>] = [:]
        // An odd number of lines: the last line is the beginning of a put.
        let wanted = 2 * Int.random(in: 0..<(isDurable ? 3 : 12), using: &generator) + 1
        let spin = Int.random(in: 0..<(1 << Int.random(in: 10...22, using: &generator)), using: &generator)
        let store = store
        let lines = try await apart {
          let child = try Child(writer: "write", store, round, isDurable ? 1 : 0)
          var lines: [String] = []
          while lines.count < wanted { lines.append(try #require(child.line(), "the writer died of its own")) }
          var rest = spin
          while rest > 0 { rest -= 1 }
          return lines + child.killed()
        }
        for line in lines {
          let words = line.split(separator: " ")
          let number = try #require(Int(words[2]))
          if words[0] == "done" {
            acknowledged[words[1]] = number
            begun[words[1]] = []
          } else {
            begun[words[1], default: []].insert(number)
          }
        }
        if lines.last?.hasPrefix("begin") == true { interrupted += 1 }
        let driver = SQLiteDriver(at: folder.store, durability: .none, checksIntegrity: true)
        for name in "01234567".map({ Substring("\($0)") }) {
          let record = try await driver.get(Key(.mutable, name: "key \(name)"))
          let value = try record.map { try #require(CrashValue($0.bytes), "torn in round \(round)") }
          let isRight =
            value?.number == acknowledged[name] || value.map { begun[name, default: []].contains($0.number) } ?? false
          #expect(isRight, "round \(round), key \(name): \(value?.number ?? -1), not \(acknowledged[name] ?? -1)")
          if let value { acknowledged[name] = value.number }
        }
        // Left open every third time: the next writer finds the log of the dead one, and a living reader.
        if !round.isMultiple(of: 3) { try await driver.close(in: Context()) }
      }
      print("SQLiteCrashTests.killed: \(interrupted) of 100 kills hit a put")
      // Else the test would have shown nothing.
      #expect(interrupted > 0)
    }

    // A48
    @Test("Two processes and this one count to 600 by compare-and-put")
    func counter() async throws {
      let store = store
      async let ends = apart {
        let children = try (0..<2).map { _ in try Child(writer: "count", store, 200) }
        return children.map { $0.line() }
      }
      try await CrashWriter.count(on: folder.sqlite(), increments: 200)
      #expect(try await ends == ["done", "done"])
      #expect(try await folder.sqlite().get(.mutable("counter")) == Record(Array("600".utf8)))
    }

    // R8, R11, R13
    @Test("Newest wins across processes that make the file together")
    func newestWins() async throws {
      let store = store
      let ends = try await apart {
        let children = try (1...3).map { try Child(writer: "stamp", store, $0, 300) }
        return children.map { $0.line() }
      }
      #expect(ends == ["done", "done", "done"])
      let expected = Record(Array("300 by 3".utf8), stamp: Stamp(time: 300, writer: 3))
      #expect(try await folder.sqlite().get(.mutable("stamped"), in: Context()) == expected)
    }

    /// Whether system calls can be counted here.
    static let isTraceable: Bool = (try? Child.run("strace", "-o", "/dev/null", "true")) == 0

    // A9
    @Test(
      "A durable put waits for the device, the others do not",
      .enabled(if: isTraceable, "strace is needed to count system calls: install it"))
    func synchronizations() async throws {
      var counts: [Int] = []
      for level in 0...2 {
        let (trace, store) = ("\(folder.path)/trace-\(level)", "\(store)-\(level)")
        let status = try await apart {
          try Child.run(
            "strace", "-f", "-e", "trace=fsync,fdatasync", "-o", trace, Child.writer, "sync", store, "\(level)", "200")
        }
        #expect(status == 0)
        let calls = String(decoding: try File.read(trace), as: UTF8.self).split(separator: "\n")
        counts.append(calls.count { $0.contains("sync(") })
      }
      print("SQLiteCrashTests.synchronizations: \(counts) of 200 puts at none, ordered, full")
      #expect(counts[0] == 0)
      #expect(counts[1] < 20)
      #expect(counts[2] >= 200)
    }
  }
#endif
