import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct StrategyTests {
  private let a = Scripted("a", scheme: "a"), b = Scripted("b", scheme: "b")
  private let clock = ManualClock()
  private let runtime: Runtime
  private let bytes: [UInt8] = Array("immutable".utf8)
  private var hash: ContentHash { ContentHash(of: bytes) }

  init() { runtime = .manual(clock) }

  private func strategy(@DriverBuilder _ root: () -> [any Driver]) throws -> Strategy {
    try Strategy("s", runtime: runtime, root)
  }

  // MARK: Every call, both kinds

  @Test("Put, get and delete of both kinds; a delete of what is absent succeeds and says so")
  func bothKinds() async throws {
    let strategy = try strategy {
      Quorum {
        MemoryDriver("x"); MemoryDriver("y"); MemoryDriver("z")
      }
    }
    #expect(try await strategy.get("k") == nil)
    #expect(try await strategy.put([1], at: "k").result.isAcknowledged)
    #expect(try await strategy.get("k")?.bytes == [1])
    #expect("\(try await strategy.delete("k").result)" == "deleted")
    // A tombstone is not an answer.
    #expect(try await strategy.get("k") == nil)
    #expect("\(try await strategy.delete("never").result)" == "already absent")

    let (hash, receipt) = try await strategy.putImmutable(bytes)
    #expect(hash == self.hash)
    #expect(receipt.result.isAcknowledged)
    #expect(try await strategy.getImmutable(hash)?.bytes == bytes)
    #expect("\(try await strategy.deleteImmutable(hash).result)" == "deleted")
    #expect(try await strategy.getImmutable(hash) == nil)
  }

  // A48
  @Test("A conditional put: create only, and overwrite only what was read")
  func conditional() async throws {
    let strategy = try strategy { MemoryDriver("memory").timeout(.seconds(1)) }
    try await strategy.put([1], at: "k", if: .absent)
    var error = await #expect(throws: DriverError.self) { try await strategy.put([2], at: "k", if: .absent) }
    #expect(error?.code == .conflict)
    let seen = try #require(try await strategy.get("k"))
    try await strategy.put([3], at: "k", if: .unchanged(since: seen))
    error = await #expect(throws: DriverError.self) {
      try await strategy.put([4], at: "k", if: .unchanged(since: seen))
    }
    #expect(error?.code == .conflict)
    #expect(try await strategy.get("k")?.bytes == [3])
  }

  @Test("Hints, identity, credentials and the proof reach the driver")
  func options() async throws {
    var options = CallOptions(identity: Identity("alice"))
    options.hints[TransactionHint.self] = "tx"
    options.credentials["a"] = Secret("s")
    let strategy = try strategy { a.timeout(.seconds(1)) }
    try await strategy.delete("k", proof: DeletionProof([1]), options: options)
    let call = try #require(a.calls.first)
    #expect(call.context.identity?.name == "alice")
    #expect(call.context.hints[TransactionHint.self] == "tx")
    #expect(call.context.credentials["a"]?.value == "s")
    #expect(call.proof == DeletionProof([1]))
  }

  // A19
  @Test("A driver left out of a call receives none; left out and required at once is an error before any call")
  func omitted() async throws {
    let strategy = try strategy {
      Replicated(writes: .atLeast(1), remainder: .await) {
        a.required(); b
      }
    }
    let receipt = try await strategy.put([1], at: "k", options: CallOptions(omitting: ["b"]))
    #expect(receipt.children.map(\.description) == ["a: stored", "b: skipped, the caller left it out"])
    #expect(b.calls.isEmpty)
    let error = await #expect(throws: DriverError.self) {
      try await strategy.put([2], at: "k", options: CallOptions(omitting: ["a"]))
    }
    #expect(error?.effect == .unchanged)
    #expect(error?.outcomes.first?.description == "a: skipped, the caller left it out")
    #expect(a.calls.count == 1 && b.calls.isEmpty)
  }

  @Test("The path of every error begins with the strategy's name and ends at the node that failed")
  func errorPaths() async throws {
    let down = Scripted("down", scheme: "down") { _ in .error(.denied) }
    let strategy = try Strategy("profiles", runtime: runtime) { down.timeout(.seconds(1)).required() }
    let url = try StorageURL("down:1")
    let calls: [() async throws -> Void] = [
      { _ = try await strategy.get("k") },
      { try await strategy.put([1], at: "k") },
      { try await strategy.put([1], at: "k", if: .absent) },
      { try await strategy.delete("k") },
      { _ = try await strategy.getImmutable(hash) },
      { try await strategy.putImmutable(bytes) },
      { try await strategy.deleteImmutable(hash) },
      { _ = try await strategy.list() },
      { _ = try await strategy.get(url: url) },
      { try await strategy.open() },
    ]
    for (number, call) in calls.enumerated() {
      let error = await #expect(throws: DriverError.self) { try await call() }
      #expect(error?.path == ["profiles", "Required", "Timeout", "down"], "call \(number)")
      #expect(error?.description == "denied at profiles/Required/Timeout/down: scripted", "call \(number)")
    }
    let unroutable = await #expect(throws: DriverError.self) { try await strategy.get(url: StorageURL("other:1")) }
    #expect(unroutable?.description == "unroutable at profiles: no driver answers for other:1")
  }

  // R24
  @Test("The caller's time limit holds over a driver that ignores cancellation, for reads and for writes")
  func timeLimit() async throws {
    let gate = Gate()
    let deaf = Scripted("deaf") { _ in .hang(gate, ignoringCancellation: true) }
    let strategy = try strategy { deaf }
    let read = Task { try await strategy.get("k", options: CallOptions(timeout: .seconds(2))) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(2))
    var error = await #expect(throws: DriverError.self) { try await read.value }
    #expect(error?.description == "timedOut at s: get of 'k' had no answer within 2.0 seconds")
    let write = Task { try await strategy.put([1], at: "k", options: CallOptions(timeout: .seconds(2))) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(2))
    error = await #expect(throws: DriverError.self) { try await write.value }
    #expect(error?.effect == .unknown)
    gate.open()
    await runtime.drain()
    #expect(deaf.contents[.mutable("k")] != nil)
  }

  // MARK: URLs and hints

  // A2
  @Test(
    "A URL may be made before the put, is the same when made twice, and finds what was put, in every tree that makes one"
  )
  func urls() async throws {
    let key = Key.mutable("a/b c")
    let trees: [any Driver] = [
      a, a.verified().timeout(.seconds(1)).required(),
      FirstSuccess {
        a; b
      },
      Replicated {
        a; b
      },
      ByKind {
        a
      } immutable: {
        b
      },
      Replicated {
        FirstSuccess { a }; b.localOnly()
      },
      Quorum {
        a; b
      }, a.readYourWrites(), a.writeOnly(),
    ]
    for tree in trees {
      let strategy = try strategy { tree }
      let url = strategy.url(for: key)
      #expect(url == strategy.url(for: key))
      #expect((url != nil) == strategy.outline.capabilities.contains(.makeURL))
      try await strategy.put([1, 2], at: "a/b c")
      guard let url else { continue }
      #expect(try await strategy.get(url: url)?.bytes == [1, 2], "\(tree.outline)")
      // A4
      try await strategy.delete("a/b c")
      #expect(try await strategy.get(url: url) == nil)
    }
  }

  // A12
  @Test("URLs go to the drivers that claim them, drivers in order, URLs in order")
  func urlOrder() async throws {
    let strategy = try strategy {
      FirstSuccess {
        a; b
      }
    }
    b.contents[.mutable("1")] = Record([1])
    let urls = ["1", "2"].flatMap { name in
      [b.url(for: .mutable(DataID(stringLiteral: "x"))), a.url(for: .mutable(DataID(stringLiteral: "y")))].compactMap {
        $0
      }
        + (name == "1" ? [b.url(for: .mutable("1"))].compactMap { $0 } : [])
    }
    _ = try await strategy.get(urls: urls)
    #expect(a.calls.map(\.urls) == [urls.filter { $0.scheme == "a" }])
    #expect(b.calls.map(\.urls) == [urls.filter { $0.scheme == "b" }])
  }

  // A13
  @Test("A URL that nobody claims is unroutable, also of several, and no driver is asked")
  func unroutable() async throws {
    let strategy = try strategy {
      FirstSuccess {
        a; b
      }
    }
    let error = await #expect(throws: DriverError.self) {
      try await strategy.get(urls: [StorageURL("x:1"), StorageURL("y:2")])
    }
    #expect(error?.description == "unroutable at s: no driver answers for x:1, y:2")
    #expect(a.calls.isEmpty && b.calls.isEmpty)
  }

  // A14
  @Test(
    "A location hint is tried first; a wrong hash, an absence, a failure or a URL that nobody claims does not end the search",
    arguments: [Scripted.Answer.found(Record([9])), .absent, .error(.denied), .error(.cancelled), .corrupt])
  func hints(answer: Scripted.Answer) async throws {
    let mirror = Scripted("mirror", scheme: "mirror") { _ in answer }
    let strategy = try strategy {
      FirstSuccess {
        b
        mirror
      }
    }
    b.contents[.immutable(hash)] = Record(bytes)
    var options = CallOptions()
    options.hints[LocationsHint.self] = [
      try StorageURL("nobody:1"), try StorageURL("mirror:1"), try StorageURL("mirror:2"),
    ]
    #expect(try await strategy.getImmutable(hash, options: options)?.bytes == bytes)
    #expect(mirror.calls.map { $0.urls.map(\.string) } == [["mirror:1"], ["mirror:2"]])
  }

  // A14
  @Test("A good copy at a hinted URL is the answer, and nothing else is asked")
  func goodHint() async throws {
    let strategy = try strategy {
      FirstSuccess {
        a; b
      }
    }
    b.contents[.immutable(hash)] = Record(bytes)
    var options = CallOptions()
    options.hints[LocationsHint.self] = [try #require(b.url(for: .immutable(hash)))]
    #expect(try await strategy.getImmutable(hash, options: options)?.bytes == bytes)
    #expect(a.calls.isEmpty)
  }

  @Test("The time limit covers the hints and the tree together")
  func hintsAndTime() async throws {
    let gate = Gate()
    let hung = Scripted("hung", scheme: "hung") { _ in .hang(gate) }
    let strategy = try strategy { hung }
    var options = CallOptions(timeout: .seconds(2))
    options.hints[LocationsHint.self] = [try StorageURL("hung:1"), try StorageURL("hung:2")]
    let call = Task { [hash, options] in try await strategy.getImmutable(hash, options: options) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(2))
    let error = await #expect(throws: DriverError.self) { try await call.value }
    #expect(error?.code == .timedOut)
    #expect(clock.elapsed == .seconds(2))
    gate.open()
  }

  // A6, R2
  @Test("getImmutable never returns other bytes, whatever the tree is made of")
  func neverWrongBytes() async throws {
    let liar = Scripted("liar", answers: [], then: .found(Record([6, 6, 6])))
    for tree: any Driver in [
      liar,
      FirstSuccess {
        liar; b
      }, Replicated(reads: .race) { liar }, Quorum { liar },
    ] {
      let error = await #expect(throws: DriverError.self) { try await strategy { tree }.getImmutable(hash) }
      #expect(error?.code == .corrupt)
      #expect(error?.path.first == "s")
    }
  }

  // MARK: Listings

  // A49, R30
  @Test("A listing hides what was deleted and pages to the end, although a page may be empty")
  func listing() async throws {
    let strategy = try strategy {
      Quorum {
        MemoryDriver("x"); MemoryDriver("y")
      }
    }
    let names = (0..<20).map { "k/\($0)" }
    for name in names { try await strategy.put([1], at: DataID(name)) }
    for name in names.dropFirst(5) { try await strategy.delete(DataID(name)) }
    try await strategy.put([1], at: "k")
    for limit in [1, 3, 50] {
      var request = ListRequest(prefix: "k/", limit: limit)
      var found: [String] = []
      while true {
        let page = try await strategy.list(request)
        #expect(page.isComplete)
        #expect(!page.entries.contains { $0.stat.isTombstone })
        found += page.entries.map(\.key.name)
        guard let next = page.next else { break }
        request = ListRequest(prefix: "k/", after: next, limit: limit)
      }
      #expect(found == names.prefix(5).sorted())
    }
  }

  // B1, R30
  @Test("A listing that a driver is missing from says which")
  func incompleteListing() async throws {
    let down = Scripted("down", answers: [], then: .error(.unavailable))
    a.contents[.mutable("k")] = Record([1])
    let page = try await strategy {
      FirstSuccess {
        a; down
      }
    }.list()
    #expect(page.entries.map(\.key.name) == ["k"])
    #expect(page.unanswered == ["down"])
    #expect(!page.isComplete)
  }

  // A49
  @Test("A cursor that nobody printed is an error")
  func badCursor() {
    #expect(throws: DriverError.self) { try Cursor("page 2") }
    #expect(throws: DriverError.self) { try Cursor("m.6b.00000000") }
  }

  // B30
  @Test("Ids that look alike are different data, through a tree and its URLs")
  func likeIds() async throws {
    let names = [
      "k", "K", " k", "k ", "k/", "/k", "k/../k", "k%2F", "k\u{0}", "\u{e9}", "e\u{301}", "k:1", "k.", "'k'", "\"k\"",
    ]
    let strategy = try strategy {
      Replicated {
        a; MemoryDriver("memory")
      }
    }
    for (index, name) in names.enumerated() { try await strategy.put([UInt8(index)], at: DataID(name)) }
    for (index, name) in names.enumerated() {
      #expect(try await strategy.get(DataID(name))?.bytes == [UInt8(index)], "\(name)")
      let url = try #require(strategy.url(for: .mutable(DataID(name))))
      #expect(try await strategy.get(url: url)?.bytes == [UInt8(index)], "\(name)")
    }
    #expect(try await strategy.list().entries.count == names.count)
  }

  // MARK: Open, drain, close

  // B27
  @Test("A strategy opens degraded when an optional driver is misconfigured, and says who is missing")
  func degradedOpen() async throws {
    let broken = Scripted("broken") { call in call.operation == .open ? .error(.denied) : .ok }
    let strategy = try strategy {
      Replicated(writes: .atLeast(1), remainder: .await) {
        a.required()
        broken
      }
    }
    let receipt = try await strategy.open()
    #expect(
      receipt.description == """
        opened
        ├─ a: opened
        └─ broken: failed, denied: scripted
        """)
    try await strategy.put([1], at: "k")
    #expect(a.contents.count == 1)
  }

  @Test("When no driver opens, opening fails, and names all")
  func nothingOpens() async throws {
    let strategy = try strategy {
      Replicated(writes: .atLeast(1)) {
        for name in ["x", "y"] { Scripted(name, answers: [], then: .error(.denied)) }
      }
    }
    let error = await #expect(throws: DriverError.self) { try await strategy.open() }
    #expect(
      error?.description
        == "unavailable at s/Replicated: none of 2 drivers could be opened "
        + "[x: failed, denied: scripted; y: failed, denied: scripted]")
  }

  // A20
  @Test("A required driver that failed to open: no other is touched by a write; opening again heals")
  func requiredNotOpen() async throws {
    let healthy = Mutex(false)
    let needed = Scripted("needed") { call in
      call.operation == .open && !healthy.withLock { $0 } ? .error(.unavailable, effect: .unchanged) : .ok
    }
    let strategy = try strategy {
      Replicated(writes: .atLeast(2)) {
        a
        needed.required()
      }
    }
    try await strategy.open()
    let error = await #expect(throws: DriverError.self) { try await strategy.put([1], at: "k") }
    #expect(error?.code == .unavailable)
    #expect(error?.effect == .unchanged)
    await #expect(throws: DriverError.self) { try await strategy.delete("k") }
    #expect(a.calls.map(\.operation) == [.open])
    healthy.withLock { $0 = true }
    try await strategy.open()
    try await strategy.put([1], at: "k")
    #expect(needed.calls.last?.operation == .put)
  }

  @Test("drain waits for stragglers, and says whether all ended in time")
  func drain() async throws {
    let gate = Gate()
    let slow = Scripted("slow") { _ in .hang(gate, ignoringCancellation: true) }
    let strategy = try strategy {
      Replicated(writes: .atLeast(1)) {
        a; slow
      }
    }
    #expect(await strategy.drain())
    try await strategy.put([1], at: "k")
    let impatient = Task { await strategy.drain(timeout: .seconds(1)) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(1))
    #expect(await impatient.value == false)
    let patient = Task { await strategy.drain() }
    gate.open()
    #expect(await patient.value)
    #expect(slow.contents.count == 1)
  }

  @Test("close waits for the writes under way, closes every driver, and later calls throw closed")
  func close() async throws {
    let gate = Gate()
    let slow = Scripted("slow") { call in call.operation == .put ? .hang(gate) : .ok }
    let strategy = try strategy {
      Replicated(writes: .atLeast(1)) {
        a; slow
      }
    }
    try await strategy.put([1], at: "k")
    let closing = Task { try await strategy.close() }
    await clock.waitForSleepers()
    let error = await #expect(throws: DriverError.self) { try await strategy.get("k") }
    #expect(error?.description == "closed at s: get of 'k' came after the strategy was closed")
    #expect(!slow.calls.contains { $0.operation == .close })
    gate.open()
    try await closing.value
    #expect(slow.contents.count == 1)
    #expect([a, slow].allSatisfy { $0.calls.last?.operation == .close })

    // Twice is once.
    try await strategy.close()
    #expect(a.calls.count { $0.operation == .close } == 1)
    let calls: [() async throws -> Void] = [
      { try await strategy.put([1], at: "k") }, { try await strategy.delete("k") }, { _ = try await strategy.list() },
      { try await strategy.open() }, { _ = try await strategy.getImmutable(hash) },
    ]
    for call in calls {
      let error = await #expect(throws: DriverError.self) { try await call() }
      #expect(error?.code == .closed)
    }
  }

  @Test("close gives up waiting at its limit: the drivers are closed all the same, and the error says what was left")
  func closeInTime() async throws {
    let gate = Gate()
    let hung = Scripted("hung") { call in call.operation == .put ? .hang(gate, ignoringCancellation: true) : .ok }
    let strategy = try strategy {
      Replicated(writes: .atLeast(1)) {
        a; hung
      }
    }
    try await strategy.put([1], at: "k")
    let closing = Task { try await strategy.close(timeout: .seconds(3)) }
    await clock.waitForSleepers()
    clock.advance(by: .seconds(3))
    let error = await #expect(throws: DriverError.self) { try await closing.value }
    #expect(error?.description == "timedOut at s: closed while 1 operations were still under way")
    #expect(hung.calls.last?.operation == .close)
    gate.open()
    await runtime.drain()
  }

  // MARK: Descriptions

  @Test("A strategy prints its name, its tree and what the checks warn of")
  func description() throws {
    let strategy = try Strategy("profiles") {
      ReadYourWrites(onStale: .fail) {
        ByKind {
          Quorum(read: 1, write: 2, sloppy: true) {
            Scripted("disk", ordering: .newestWins, domain: "device").localOnly()
            Scripted("eu", ordering: .newestWins, domain: "eu-west").timeout(.seconds(2)).required()
            Scripted("us", ordering: .newestWins, domain: "us-east").timeout(.milliseconds(500))
          }
        } immutable: {
          FirstSuccess(onMiss: .stop) {
            MemoryDriver("cache", capacity: 1024).verified()
            Scripted("cdn").readOnly().verified(by: { _, _, _ in true })
          }
        }
      }
    }
    #expect(
      strategy.description == """
        profiles
          ReadYourWrites (on stale: fail)
          └─ ByKind (mutable, immutable)
             ├─ Quorum (read: 1 of 3, write: 2 of 3, sloppy)
             │  ├─ LocalOnly
             │  │  └─ Scripted "disk" (domain: device)
             │  ├─ Required
             │  │  └─ Timeout (2.0 seconds)
             │  │     └─ Scripted "eu" (domain: eu-west)
             │  └─ Timeout (0.5 seconds)
             │     └─ Scripted "us" (domain: us-east)
             └─ FirstSuccess (on miss: stop)
                ├─ Verified
                │  └─ MemoryDriver "cache" (capacity: 1024 bytes)
                └─ Verified (hashes and signatures)
                   └─ ReadOnly
                      └─ Scripted "cdn"
        warning: profiles/ReadYourWrites: a read can miss an acknowledged write: written to {disk, eu}, read from {us}. \
        Require more drivers for a write, or use a Quorum whose read and write overlap.
        """)
  }
}
