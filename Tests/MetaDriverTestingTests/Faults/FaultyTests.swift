import MetaDriver
import Synchronization
import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct FaultyTests {
  private let key: Key = "alice/profile"

  private func leaf(_ journey: Journey, ordering: PutOrdering = .none) -> (Faulty, ManualNetwork) {
    let network = ManualNetwork(journey)
    return (Faulty("eu", ordering: ordering, network: network), network)
  }

  private func put(_ bytes: [UInt8], in leaf: Faulty) -> StartedCall<Receipt> {
    StartedCall { [key] () throws(DriverError) in try await leaf.put(Record(bytes), at: key, in: Context()) }
  }

  private func get(_ leaf: Faulty) -> StartedCall<Record?> {
    StartedCall { [key] () throws(DriverError) in try await leaf.get(key, in: Context()) }
  }

  // MARK: Without faults

  @Test(
    "Without faults it is a sound leaf that answers without suspending",
    arguments: [PutOrdering.none, .fifo, .newestWins])
  func sound(ordering: PutOrdering) throws {
    let eu = Faulty("eu", ordering: ordering)
    // The runtime starts a task on the calling thread, and it goes on there up to its first suspension.
    let answers = Mutex<[String]>([])
    Runtime().start { [key] in
      do throws(DriverError) {
        let context = Context()
        _ = try await eu.open(in: context)
        let put = try await eu.put(Record([1, 2]), at: key, in: context)
        let stat = try await eu.stat(key, in: context)
        let page = try await eu.list(ListRequest(), in: context)
        let found = try await eu.get(key, in: context)
        let changed = try await eu.put(Record([3]), at: key, if: .unchanged(since: Record([1, 2])), in: context)
        let deleted = try await eu.delete(key, proof: nil, in: context)
        let again = try await eu.delete(key, proof: nil, in: context)
        let gone = try await eu.get(key, in: context)
        try await eu.close(in: context)
        answers.withLock {
          $0 = [
            "\(put)", "\(stat?.byteCount ?? 0)", "\(page.entries.map(\.key))", "\(found?.bytes ?? [])", "\(changed)",
            "\(deleted)", "\(again)", "\(gone == nil)",
          ]
        }
      } catch { answers.withLock { $0 = ["\(error)"] } }
    }
    #expect(
      answers.withLock { $0 } == [
        "stored", "2", "['alice/profile']", "[1, 2]", "stored", "deleted", "already absent", "true",
      ])
  }

  @Test("Its outline says what it is and what it can do") func outline() {
    let outline = Faulty("eu", ordering: .newestWins, domain: "europe").outline
    #expect("\(outline)" == "Faulty \"eu\" (domain: europe)")
    #expect(outline.capabilities == [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete])
    #expect(outline.leaf?.ordering == .newestWins)
  }

  // MARK: The journey

  @Test("A request and a reply each take their time, and the store changes when the request arrives") func delays() {
    let (eu, network) = leaf(Journey(request: .milliseconds(10), reply: .milliseconds(5)))
    let call = put([1], in: eu)
    network.advance(by: .milliseconds(9))
    #expect(eu.contents.isEmpty)
    network.advance(by: .milliseconds(1))
    #expect(eu.contents[key]?.bytes == [1])
    network.advance(by: .milliseconds(4))
    #expect(call.result == nil)
    #expect(network.waiting == ["eu: put 1"])
    network.advance(by: .milliseconds(1))
    #expect(call.answer?.result.isAcknowledged == true)
    #expect(network.waiting.isEmpty)
  }

  @Test("Only a request, or only a reply, may take time") func oneWay() {
    for journey in [Journey(request: .milliseconds(10)), Journey(reply: .milliseconds(10))] {
      let (eu, network) = leaf(journey)
      let call = put([1], in: eu)
      network.advance(by: .milliseconds(9))
      #expect(call.result == nil)
      network.advance(by: .milliseconds(1))
      #expect(call.answer?.result.isAcknowledged == true, "\(journey)")
    }
  }

  @Test("A write is carried out in the order in which requests arrive") func overtaking() {
    let network = ManualNetwork { call, _ in Journey(request: .milliseconds(call.number == 1 ? 20 : 10)) }
    let eu = Faulty("eu", ordering: .none, network: network)
    let (first, second) = (put([1], in: eu), put([2], in: eu))
    network.advance(by: .milliseconds(20))
    #expect(first.answer != nil && second.answer != nil)
    #expect(eu.contents[key]?.bytes == [1])
  }

  @Test("The calls of one step are numbered by operation, whichever handle makes them") func numbers() {
    let calls = Mutex<[String]>([])
    let network = ManualNetwork { call, _ in
      calls.withLock { $0.append("\(call)") }
      return Journey()
    }
    let eu = Faulty("eu", network: network)
    var options = CallOptions()
    options.hints[StepHint.self] = 7
    let context = Context(options: options)
    let other = eu.handle()
    let call = StartedCall { [key] () throws(DriverError) in
      _ = try await eu.get(key, in: Context())
      _ = try await eu.get(key, in: context)
      _ = try await other.get(key, in: context)
      _ = try await eu.put(Record([1]), at: key, in: context)
      _ = try await eu.get(key, in: Context())
    }
    #expect(call.answer != nil)
    #expect(
      calls.withLock { $0 } == [
        "eu: get 1", "eu: get 1 of step 7", "eu: get 2 of step 7", "eu: put 1 of step 7", "eu: get 2",
      ])
  }

  // R28.
  @Test("A handle is the same store and the same leaf, with turns of its own") func handles() {
    let (eu, network) = leaf(Journey(request: .milliseconds(1)), ordering: .fifo)
    let other = eu.handle()
    #expect(other.leaf?.identity == eu.leaf?.identity && other.leaf !== eu.leaf)
    #expect(other.outline == eu.outline)
    let calls = [eu, eu, other].map { leaf in
      StartedCall { [key] () throws(DriverError) in try await leaf.put([1], at: key) }
    }
    // The second put through one handle waits for its turn there; the other process knows nothing of it.
    #expect(network.messageCount == 2)
    network.advance(by: .milliseconds(1))
    #expect(calls[0].answer != nil && calls[2].answer != nil)
    #expect(calls[1].result == nil)
    network.advance(by: .milliseconds(1))
    #expect(calls[1].answer != nil)
    other.isDown = true
    #expect(eu.isDown)
  }

  // MARK: Faults

  @Test(
    "Refused, throttled and full calls fail and change nothing",
    arguments: [
      (Fault.refused, "unavailable", "refuses the call", true),
      (.throttled, "throttled", "asks to be left alone for a second", true),
      (.full, "noSpace", "is full", false),
    ])
  func refusal(fault: Fault, code: String, reason: String, isRetryable: Bool) {
    let (eu, _) = leaf(Journey(fault: fault))
    let error = put([1], in: eu).error
    #expect(error?.description == "\(code): injected: eu \(reason)")
    #expect(error?.effect == .unchanged && error?.isRetryable == isRetryable)
    #expect(error?.retryAfter == (fault == .throttled ? .seconds(1) : nil))
    #expect(eu.contents.isEmpty)
  }

  // R5.
  @Test("A call that fails after its effect says of a write that nobody knows, and of a read that nothing changed")
  func failedAfterEffect() {
    let (eu, _) = leaf(Journey(fault: .failedAfterEffect))
    let error = put([1], in: eu).error
    #expect(error?.code == .unavailable && error?.effect == .unknown)
    #expect(eu.contents[key]?.bytes == [1])
    let read = get(eu).error
    #expect(read?.code == .unavailable && read?.effect == .unchanged)
  }

  // A7.
  @Test(
    "A call whose reply is lost took effect, one that hangs did not, and both wait until they are cancelled",
    arguments: [(Fault.lostReply, true), (.hang, false)], [Duration.zero, .milliseconds(1)])
  func noAnswer(fault: (Fault, hasEffect: Bool), delay: Duration) {
    let (eu, network) = leaf(Journey(request: delay, reply: delay, fault: fault.0))
    let call = put([1], in: eu)
    network.advance(by: .seconds(1_000))
    #expect(call.result == nil)
    #expect(eu.contents.isEmpty != fault.hasEffect)
    #expect(network.waiting == ["eu: put 1"])
    call.cancel()
    #expect(call.error?.code == .cancelled && call.error?.effect == .unknown)
    #expect(network.waiting.isEmpty)
  }

  @Test("A fault that does not apply to an operation changes nothing about it") func inapplicable() {
    let (eu, _) = leaf(Journey(fault: .staleRead))
    #expect(put([1], in: eu).answer != nil)
    let (us, _) = leaf(Journey(fault: .tornWrite))
    #expect(get(us).answer == .some(nil))
  }

  @Test("A put that takes effect late does so on the network's time", arguments: [true, false])
  func late(isDuplicated: Bool) {
    let delay = Duration.milliseconds(40)
    let network = ManualNetwork { call, _ in
      Journey(fault: call.number == 1 ? (isDuplicated ? .duplicated(delay) : .reordered(delay)) : nil)
    }
    let eu = Faulty("eu", ordering: .none, network: network)
    #expect(put([1], in: eu).answer != nil)
    #expect(eu.contents[key]?.bytes == (isDuplicated ? [1] : nil))
    #expect(put([2], in: eu).answer != nil)
    network.advance(by: .milliseconds(39))
    #expect(eu.contents[key]?.bytes == [2])
    network.advance(by: .milliseconds(1))
    #expect(eu.contents[key]?.bytes == [1])
    #expect(network.notes.last == "put 1: the put of 'alice/profile' lands late: stored")
  }

  @Test("A damaged copy is corrupt to every reader") func corrupt() {
    let network = ManualNetwork { call, _ in Journey(fault: call.operation == .put ? .bitFlipAtRest : nil) }
    let eu = Faulty("eu", ordering: .none, network: network)
    let record = Record([1, 2, 3], stamp: Stamp(time: 1, writer: 1))
    let call = StartedCall { [key] () throws(DriverError) in try await eu.put(record, at: key, in: Context()) }
    #expect(call.answer != nil)
    #expect(get(eu).error?.code == .corrupt)
    let stat = StartedCall { [key] () throws(DriverError) in try await eu.stat(key, in: Context()) }
    #expect(stat.error?.code == .corrupt)
  }

  // MARK: Cancelled callers

  // R6.
  @Test(
    "The request of a cancelled caller arrives all the same, unless it can be called back", arguments: [true, false])
  func cancelled(isCancellable: Bool) {
    let (eu, network) = leaf(Journey(request: .milliseconds(10), isCancellable: isCancellable))
    let call = put([1], in: eu)
    call.cancel()
    #expect(call.error?.code == .cancelled)
    #expect(call.error?.effect == (isCancellable ? .unchanged : .unknown))
    network.advance(by: .milliseconds(10))
    #expect(eu.contents.isEmpty == isCancellable)
  }

  @Test("A request that has arrived cannot be called back", arguments: [Duration.zero, .milliseconds(10)])
  func cancelledLate(request: Duration) {
    let (eu, network) = leaf(Journey(request: request, reply: .milliseconds(10), isCancellable: true))
    let call = put([1], in: eu)
    network.advance(by: request)
    call.cancel()
    #expect(call.error?.code == .cancelled && call.error?.effect == .unknown)
    #expect(eu.contents[key]?.bytes == [1])
    network.advance(by: .milliseconds(10))
    #expect(call.error?.code == .cancelled)
  }

  @Test("A cancelled read changed nothing") func cancelledRead() {
    let (eu, _) = leaf(Journey(request: .milliseconds(10)))
    let call = get(eu)
    call.cancel()
    #expect(call.error?.code == .cancelled && call.error?.effect == .unchanged)
  }

  @Test("A caller that was cancelled before it called sends nothing") func cancelledBefore() {
    let (eu, network) = leaf(Journey(request: .milliseconds(10)))
    let call = StartedCall { [key] () throws(DriverError) in
      cancelCurrentTask()
      return try await eu.put(Record([1]), at: key, in: Context())
    }
    #expect(call.error?.description == "cancelled: the caller was cancelled before it asked eu")
    #expect(call.error?.effect == .unchanged && network.messageCount == 0)
  }

  @Test("Abandoned callers are cancelled, in the order in which they called") func abandoned() {
    let (eu, network) = leaf(Journey(fault: .hang))
    let executor = ManualExecutor()
    let ended = Mutex<[Int]>([])
    let calls = (1...20).map { number in
      StartedCall(on: executor) { [key] () throws(DriverError) in
        defer { ended.withLock { $0.append(number) } }
        return try await eu.get(key, in: Context())
      }
    }
    #expect(network.waiting == (1...20).map { "eu: get \($0)" })
    network.abandon()
    #expect(calls.allSatisfy { $0.error?.code == .cancelled })
    #expect(ended.withLock { $0 } == Array(1...20))
  }

  @Test("A process that does not run sends nothing and hears nothing; what it had sent arrives") func deadProcess() {
    let (eu, network) = leaf(Journey(request: .milliseconds(10), reply: .milliseconds(10)))
    let early = put([1], in: eu)
    network.isRunning = false
    let late = put([2], in: eu)
    network.advance(by: .seconds(1))
    #expect(early.result == nil && late.result == nil)
    #expect(eu.contents[key]?.bytes == [1])
  }

  // MARK: Partitions and disasters

  @Test("Without a connection when the request arrives, nothing happens and nobody answers") func partition() {
    let (eu, network) = leaf(Journey(request: .milliseconds(10), reply: .milliseconds(10)))
    network.isConnected = false
    let call = put([1], in: eu)
    network.advance(by: .milliseconds(10))
    network.isConnected = true
    network.advance(by: .seconds(100))
    #expect(call.result == nil && eu.contents.isEmpty)
    #expect(network.notes == ["put 1: the request is lost: no connection"])
    call.cancel()
    #expect(call.error?.effect == .unknown)
  }

  @Test("Without a connection when the reply arrives, the write took effect and nobody answers")
  func partitionedReply() {
    let (eu, network) = leaf(Journey(request: .milliseconds(10), reply: .milliseconds(10)))
    let call = put([1], in: eu)
    network.advance(by: .milliseconds(10))
    network.isConnected = false
    network.advance(by: .milliseconds(10))
    #expect(call.result == nil && eu.contents[key]?.bytes == [1])
    #expect(network.notes.last == "put 1: the reply is lost: no connection")
    call.cancel()
    #expect(call.error?.effect == .unknown)
  }

  @Test("A store that is down refuses what arrives, and answers again when it is up") func down() {
    let (eu, network) = leaf(Journey(request: .milliseconds(10)))
    let (early, late) = (put([1], in: eu), get(eu))
    eu.isDown = true
    network.advance(by: .milliseconds(10))
    #expect(early.error?.description == "unavailable: injected: eu is down" && early.error?.effect == .unchanged)
    #expect(late.error?.effect == .unchanged)
    eu.isDown = false
    let again = put([1], in: eu)
    network.advance(by: .milliseconds(10))
    #expect(again.answer != nil)
  }

  @Test("A crash leaves every call under way without an answer, and requests under way do not arrive") func crash() {
    let network = ManualNetwork { call, _ in
      Journey(request: .milliseconds(call.number == 1 ? 10 : 30), reply: .milliseconds(30))
    }
    let eu = Faulty("eu", ordering: .none, network: network)
    let (arrived, travelling) = (put([1], in: eu), put([2], in: eu))
    network.advance(by: .milliseconds(20))
    eu.crash()
    network.advance(by: .seconds(100))
    #expect(arrived.result == nil && travelling.result == nil)
    #expect(eu.contents[key]?.bytes == [1])
    #expect(
      network.notes.suffix(2) == ["put 2: the request is lost: eu crashed", "put 1: the reply is lost: eu crashed"])
    let next = get(eu)
    network.advance(by: .milliseconds(60))
    #expect(next.answer??.bytes == [1])
  }

  @Test("A lazy store loses in a crash what it did not sync, and only that") func lazy() {
    let network = ManualNetwork()
    let eu = Faulty("eu", ordering: .none, network: network)
    eu.faults.durability = .lazy(every: .milliseconds(100))
    #expect(put([1], in: eu).answer != nil)
    network.advance(by: .milliseconds(99))
    #expect(put([2], in: eu).answer != nil)
    network.advance(by: .milliseconds(1))
    #expect(put([3], in: eu).answer != nil)
    network.advance(by: .milliseconds(99))
    eu.crash()
    #expect(eu.contents[key]?.bytes == [2])
    #expect(put([4], in: eu).answer != nil)
    network.advance(by: .milliseconds(100))
    eu.crash()
    #expect(eu.contents[key]?.bytes == [4])
  }

  @Test("A wiped store comes back empty and works") func wipe() {
    let eu = Faulty("eu")
    #expect(put([1], in: eu).answer != nil)
    eu.wipe()
    #expect(get(eu).answer == .some(nil))
    #expect(put([2], in: eu).answer != nil)
    #expect(get(eu).answer??.bytes == [2])
  }

  // MARK: Switching, and time

  @Test("Faults are switched while it runs, for every copy of the value") func switching() {
    let eu = Faulty("eu")
    let copy = eu
    #expect(put([1], in: copy).answer != nil)
    eu.faults[.failedAfterEffect, on: .put] = 1
    #expect(put([2], in: copy).error?.code == .unavailable)
    #expect(get(copy).answer??.bytes == [2])
    eu.faults = .none
    #expect(put([3], in: copy).answer != nil)
  }

  @Test("What goes wrong is the same for the same seed, and something else for another") func seeds() {
    func run(_ seed: UInt64) -> [Bool] {
      let eu = Faulty("eu", seed: seed)
      eu.faults[.refused] = 0.5
      return (0..<64).map { _ in put([1], in: eu).error != nil }
    }
    #expect(run(7) == run(7))
    #expect(run(7) != run(8))
  }

  @Test("Without a network of its own its messages travel on the clock of the caller's runtime") func runtime() async {
    let clock = ManualClock()
    let executor = ManualExecutor()
    let runtime = Runtime.manual(clock, executor: executor)
    let eu = Faulty("eu", ordering: .none)
    eu.faults.delay = .constant(.milliseconds(10))
    let call = StartedCall(on: executor) { [key] () throws(DriverError) in
      try await eu.put(Record([1]), at: key, in: Context(runtime))
    }
    #expect(call.result == nil && clock.sleeperCount == 1)
    clock.advance(by: .milliseconds(10))
    #expect(call.result == nil && eu.contents[key]?.bytes == [1])
    clock.advance(by: .milliseconds(10))
    #expect(call.answer != nil)
    #expect(runtime.taskCount == 0)
  }

  // MARK: Under a tree

  // R4, R5.
  @Test("A quorum over leaves that lose replies reports them as unknown, and what they hold may be there") func quorum()
  {
    let clock = ManualClock()
    let executor = ManualExecutor()
    let runtime = Runtime.manual(clock, executor: executor)
    let leaves = ["a", "b", "c"].map { Faulty($0) }
    for leaf in leaves.dropFirst() { leaf.faults[.lostReply, on: .put] = 1 }
    let call = StartedCall(on: executor) { [key] () throws(DriverError) in
      let quorum = Quorum(read: 2, write: 2) { for leaf in leaves { leaf.timeout(.seconds(1)) } }
      return try await Context(runtime).put(Record([1]), at: key, to: quorum)
    }
    #expect(call.result == nil)
    clock.advance(by: .seconds(1))
    #expect(call.error?.code == .quorumNotMet && call.error?.effect == .unknown)
    #expect(
      call.error?.outcomes.map { "\($0)".prefix { $0 != "," } } == ["a: stored", "b: unknown", "c: unknown"],
      "\(call.error?.description ?? "no error")")
    #expect(leaves.allSatisfy { $0.contents[key]?.bytes == [1] })
  }
}
