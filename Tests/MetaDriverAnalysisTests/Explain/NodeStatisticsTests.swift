import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct NodeStatisticsTests {
  private let clock = ManualClock()

  /// An entry as it is compared.
  private func line(_ entry: NodeStatistics.Entry) -> String {
    "\(entry.path.joined(separator: "/")) \(entry.operation): \(entry.callCount) calls, \(entry.attemptCount) attempts, "
      + "\(entry.failedAttemptCount) failed, \(entry.failedCallCount) final, \(entry.cancelledCount) cancelled, "
      + "\(entry.lateCount) late, \(entry.pendingCount) pending, \(entry.latePendingCount) late pending"
  }

  @Test("Repeated attempts are one call, which failed when its last attempt did")
  func attempts() async throws {
    let statistics = NodeStatistics()
    let down = DriverError(.unavailable, "down")
    let flaky = Scripted("flaky") { call in [1, 2, 4, 5, 6].contains(call.number) ? .failure(down) : .ok }
    let strategy = try Strategy("s", runtime: .manual(observer: statistics)) { Repeating(base: flaky, attempts: 3) }
    _ = try await strategy.get("k")
    await #expect(throws: DriverError.self) { try await strategy.get("k") }
    _ = try await strategy.get("k")
    #expect(
      statistics.entries.map(line) == [
        "s/Repeating get: 3 calls, 3 attempts, 1 failed, 1 final, 0 cancelled, 0 late, 0 pending, 0 late pending",
        "s/Repeating/flaky get: 3 calls, 7 attempts, 5 failed, 1 final, 0 cancelled, 0 late, 0 pending, 0 late pending",
      ])
    #expect(statistics.entries.last?.latencies.count == 2)
  }

  @Test("What is under way is pending, late once the node above has answered, and then a late result")
  func pending() async throws {
    let statistics = NodeStatistics()
    let gate = Gate()
    let runtime = Runtime.manual(clock, observer: statistics)
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(writes: .atLeast(1)) {
        Scripted("a", answers: [.ok], then: .hang(gate)); Scripted("b", answers: [], then: .hang(gate))
      }
    }
    try await strategy.put([1], at: "k")
    let second = Task { try await strategy.put([2], at: "k") }
    while statistics.entries.last?.pendingCount != 2 { await Task.yield() }
    #expect(
      statistics.entries.map(line) == [
        "s/Replicated put: 1 calls, 1 attempts, 0 failed, 0 final, 0 cancelled, 0 late, 1 pending, 0 late pending",
        "s/Replicated/a put: 1 calls, 1 attempts, 0 failed, 0 final, 0 cancelled, 0 late, 1 pending, 0 late pending",
        "s/Replicated/b put: 0 calls, 0 attempts, 0 failed, 0 final, 0 cancelled, 0 late, 2 pending, 1 late pending",
      ])
    clock.advance(by: .milliseconds(20))
    gate.open()
    _ = try await second.value
    await runtime.drain()
    let last = try #require(statistics.entries.last)
    #expect(last.pendingCount == 0)
    #expect(last.attemptCount == 2)
    #expect((1...2).contains(last.lateCount))
    #expect(last.latencies.percentile(50) == .milliseconds(20))
  }

  @Test("The table shows the tree, with a line for each operation on a node")
  func table() async throws {
    let statistics = NodeStatistics()
    let runtime = Runtime.manual(clock, observer: statistics)
    let strategy = try Strategy("notes", runtime: runtime) {
      Replicated(writes: .atLeast(1)) {
        Scripted("a"); Scripted("b", answers: [], then: .error(.noSpace)).timeout(.seconds(1))
      }
    }
    try await strategy.put([1], at: "k")
    _ = try await strategy.get("k")
    #expect(
      "\(statistics)" == """
        node           asked  calls  attempts  failed  final  late  pending  p50  p99  max
        notes
        └─ Replicated  get        1         1       0      0     0        0  0 s  0 s  0 s
           │           put        1         1       0      0     0        0  0 s  0 s  0 s
           ├─ a        get        1         1       0      0     0        0  0 s  0 s  0 s
           │           put        1         1       0      0     0        0  0 s  0 s  0 s
           └─ Timeout  put        1         1       1      1     0        0    -    -    -
              └─ b     put        1         1       1      1     0        0    -    -    -
        """)
  }

  @Test("Losers of a race are cancelled, and have not failed")
  func cancelled() async throws {
    let statistics = NodeStatistics()
    let runtime = Runtime.manual(clock, observer: statistics)
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(writes: .atLeast(1), reads: .race) {
        Scripted("slow", answers: [], then: .delay(.seconds(1))); Scripted("a", answers: [], then: .found(Record([1])))
      }
    }
    _ = try await strategy.get("k")
    await runtime.drain()
    let slow = try #require(statistics.entries.first { $0.path.last == "slow" })
    #expect(slow.cancelledCount == 1)
    #expect(slow.failedAttemptCount == 0)
    #expect(slow.latencies.count == 0)
  }

  @Test("Beyond the limit nodes are not counted, and the table says so; a reset forgets what has ended")
  func limits() async throws {
    let statistics = NodeStatistics(entryLimit: 2)
    let strategy = try Strategy("s", runtime: .manual(observer: statistics)) {
      Replicated {
        Scripted("a"); Scripted("b"); Scripted("c")
      }
    }
    try await strategy.put([1], at: "k")
    #expect(statistics.entries.count == 2)
    #expect(statistics.uncountedCount == 2)
    #expect("\(statistics)".hasSuffix("and 2 operations on nodes beyond the limit"))
    statistics.reset()
    #expect(statistics.entries.isEmpty)
    #expect(statistics.uncountedCount == 0)
    _ = try await strategy.get("k")
    #expect(statistics.entries.allSatisfy { $0.pendingCount == 0 } == true)
  }

  @Test("Nothing is lost or counted twice when many calls run at once")
  func concurrent() async throws {
    let statistics = NodeStatistics()
    let strategy = try Strategy("s", runtime: Runtime(observer: statistics)) {
      Quorum(read: 2, write: 2) {
        MemoryDriver("a"); MemoryDriver("b").timeout(.seconds(60)); MemoryDriver("c")
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<250 {
            do {
              let id = try DataID("\(task)-\(number % 10)")
              try await strategy.put([1], at: id)
              _ = try await strategy.get(id)
            } catch { Issue.record(error) }
            if number % 50 == 0 { _ = statistics.entries }
          }
        }
      }
    }
    await strategy.drain()
    let entries = statistics.entries
    let asked = entries.filter { [["s", "Quorum"], ["s", "Quorum", "a"]].contains($0.path) }
    #expect(asked.filter { $0.operation != .repair }.map(\.attemptCount) == [2_000, 2_000, 2_000, 2_000])
    #expect(entries.map(\.pendingCount).reduce(0, +) == 0)
    let isComplete = entries.allSatisfy { entry in
      Int(entry.latencies.count) == entry.attemptCount - entry.failedAttemptCount - entry.cancelledCount
    }
    #expect(isComplete)
  }
}

/// Repeats a read that failed, at once.
private struct Repeating<Base: Driver>: Modifier {
  let base: Base
  let attempts: UInt8

  var outline: Outline { Outline(modifier: "Repeating", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    var context = context
    while true {
      do throws(DriverError) { return try await context.get(key, from: base) } catch {
        guard context.attempt < attempts else { throw error }
        context.attempt += 1
      }
    }
  }
}
