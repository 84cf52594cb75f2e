import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ObserverTests {
  private let clock = ManualClock()
  private let recorder = Recorder()
  private let runtime: Runtime
  private let key = Key.mutable("k")

  init() { runtime = .manual(clock, observer: recorder) }

  /// An event as it is compared: path, places, what, how it ended, when it began and how long it took, in seconds.
  private func line(_ event: Event) -> String {
    func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }
    return
      "\(event.path.joined(separator: "/")) \(event.indices) \(event.operation) \(event.key.map { "\($0)" } ?? "-") "
      + "\(event.outcome) @\(seconds(event.start))+\(seconds(event.duration)) #\(event.attempt)"
  }

  @Test("The trace of a nested tree is complete: one event for each operation at each node")
  func nested() async throws {
    let a = Scripted("a", answers: [], then: .delay(.seconds(1)))
    let b = Scripted("b", answers: [], then: .delay(.seconds(2)))
    let c = Scripted("c")
    b.contents[key] = Record([1, 2, 3])
    let strategy = try Strategy("s", runtime: runtime) {
      FirstSuccess {
        Verified { a }
        Replicated(writes: .atLeast(1)) {
          b; c
        }.timeout(.seconds(10))
      }
    }
    let call = Task { try await strategy.get("k") }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    // The timer of the limit, and b.
    await clock.waitForSleepers(2)
    clock.advance(by: .seconds(2))
    _ = try await call.value
    #expect(
      recorder.events.map(line) == [
        "s/FirstSuccess/Verified/a [0, 0] get 'k' absent @0+1 #1",
        "s/FirstSuccess/Verified [0] get 'k' absent @0+1 #1",
        "s/FirstSuccess/Timeout/Replicated/b [1, 0, 0] get 'k' found 3 bytes @1+2 #1",
        "s/FirstSuccess/Timeout/Replicated [1, 0] get 'k' found 3 bytes @1+2 #1",
        "s/FirstSuccess/Timeout [1] get 'k' found 3 bytes @1+2 #1",
        "s/FirstSuccess [] get 'k' found 3 bytes @0+3 #1",
      ])
    await runtime.drain()
  }

  @Test("Every operation is told of, with how it ended at the leaf and above it")
  func operations() async throws {
    let leaf = RecordingDriver()
    let strategy = try Strategy("s", runtime: runtime) { leaf.verified() }
    try await strategy.open()
    try await strategy.put([1], at: "k")
    try await strategy.put([1], at: "k", if: .absent)
    try await strategy.delete("k")
    _ = try await strategy.get("k")
    _ = try await strategy.get(url: StorageURL("recording:x"))
    _ = try await strategy.list()
    try await strategy.close()
    let lines = [
      "open - opened", "put 'k' stored", "compareAndPut 'k' stored", "delete 'k' deleted", "get 'k' found 3 bytes",
      "get - found 3 bytes", "list - listed 1 keys", "close - done",
    ]
    #expect(
      recorder.events.map(line)
        == lines.flatMap { ["s/Verified/recording [0] \($0) @0+0 #1", "s/Verified [] \($0) @0+0 #1"] })
  }

  @Test("A failure is told of at each node it passes, and so is the attempt")
  func failures() async {
    let down = Scripted("down", answers: [], then: .error(.denied))
    var context = Context(runtime)
    context.attempt = 3
    await #expect(throws: DriverError.self) { try await down.required().verified().get(key, in: context) }
    // Without a strategy there are no names, only places.
    #expect(
      recorder.events.map(line) == [
        "0/0 [0] get 'k' failed, denied: scripted @0+0 #3", "0 [] get 'k' failed, denied at down: scripted @0+0 #3",
      ])
  }

  @Test("Children of one name are told apart in a path, as in an error")
  func sameNames() async throws {
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated { for _ in 1...3 { Scripted("x", answers: [], then: .error(.denied, effect: .unchanged)) } }
    }
    let error = await #expect(throws: DriverError.self) { try await strategy.get("k") }
    #expect(error?.outcomes.map(\.node) == ["x", "x#2", "x#3"])
    #expect(recorder.events.dropLast().map { $0.path.last } == ["x", "x#2", "x#3"])
  }

  // R24
  @Test("The result of a read that timed out is told of later, when it comes")
  func lateRead() async throws {
    let gate = Gate()
    let deaf = Scripted("deaf") { _ in .hang(gate, ignoringCancellation: true, then: .found(Record([1]))) }
    let strategy = try Strategy("s", runtime: runtime) { deaf.timeout(.seconds(1)) }
    let call = Task { try await strategy.get("k") }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    await #expect(throws: DriverError.self) { try await call.value }
    #expect(recorder.events.map(\.path) == [["s", "Timeout"]])
    clock.advance(by: .seconds(4))
    gate.open()
    await recorder.waitForEvents(2)
    #expect(recorder.events.last.map(line) == "s/Timeout/deaf [0] get 'k' found 1 bytes @0+5 #1")
    await runtime.drain()
  }

  // R6
  @Test("How a straggler ended is told of when it ended, after the write that did not wait for it")
  func straggler() async throws {
    let gate = Gate()
    let slow = Scripted("slow") { _ in .hang(gate, then: .error(.noSpace)) }
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated(writes: .atLeast(1)) {
        Scripted("a"); slow
      }
    }
    try await strategy.put([1], at: "k")
    #expect(recorder.events.map(\.path.last) == ["a", "Replicated"])
    gate.open()
    await runtime.drain()
    #expect(recorder.events.last.map(line) == "s/Replicated/slow [1] put 'k' failed, noSpace: scripted @0+0 #1")
  }

  @Test("Without an observer nothing is recorded")
  func nobody() async throws {
    let leaf = Scripted("a")
    let unseen = try Strategy("unseen", runtime: .manual()) { FirstSuccess { leaf } }
    let seen = try Strategy("seen", runtime: runtime) { FirstSuccess { leaf } }
    try await unseen.put([1], at: "k")
    try await seen.put([1], at: "k")
    #expect(recorder.events.map(\.path.first) == ["seen", "seen"])
  }

  @Test("A secret is in no event, error, receipt or outline")
  func secrets() async throws {
    var options = CallOptions()
    options.credentials["a"] = Secret("hunter2")
    let strategy = try Strategy("s", runtime: runtime) {
      Replicated { Scripted("a", answers: [.ok], then: .error(.denied)) }
    }
    let receipt = try await strategy.put([1], at: "k", options: options)
    let error = await #expect(throws: DriverError.self) { try await strategy.put([1], at: "k", options: options) }
    let texts =
      recorder.events.map(\.description) + ["\(receipt)", "\(String(describing: error))", "\(strategy)", "\(options)"]
    for text in texts { #expect(!text.contains("hunter2")) }
  }
}
