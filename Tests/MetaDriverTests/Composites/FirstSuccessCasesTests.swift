import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct FirstSuccessCasesTests {
  private let a = Scripted("a"), b = Scripted("b"), c = Scripted("c")
  private let key = Key.mutable("k")
  private let runtime = Runtime.manual()
  private var context: Context { Context(runtime) }
  private var tree: FirstSuccess {
    FirstSuccess {
      a
      b
      c
    }
  }

  // A10
  @Test("The first driver answers, and the second is not asked")
  func firstAnswers() async throws {
    a.contents[key] = Record([1])
    b.contents[key] = Record([2])
    #expect(try await tree.get(key, in: context) == Record([1]))
    #expect(b.calls.isEmpty && c.calls.isEmpty)
  }

  // A11
  @Test(
    "First driver down, absent or damaged: the second answers, and the third is not asked",
    arguments: [Scripted.Answer.error(.unavailable), .error(.denied), .absent, .corrupt])
  func secondAnswers(answer: Scripted.Answer) async throws {
    let first = Scripted("first", answers: [], then: answer)
    b.contents[key] = Record([2])
    let tree = FirstSuccess {
      first
      b
      c
    }
    #expect(try await tree.get(key, in: context) == Record([2]))
    #expect(first.calls.count == 1)
    #expect(c.calls.isEmpty)
  }

  // A11
  @Test("The order is the caller's", arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
  func order(order: [Int]) async throws {
    let drivers = [a, b, c]
    for (index, driver) in drivers.enumerated() { driver.contents[key] = Record([UInt8(index)]) }
    let tree = FirstSuccess { for index in order { drivers[index] } }
    #expect(try await tree.get(key, in: context) == Record([UInt8(order[0])]))
  }

  // A15, R1
  @Test("All unreachable, all absent and all damaged are three different results, each naming every driver")
  func threeResults() async throws {
    func tree(_ answer: Scripted.Answer) -> FirstSuccess {
      FirstSuccess { for name in ["x", "y", "z"] { Scripted(name, answers: [], then: answer) } }
    }
    #expect(try await tree(.absent).get(key, in: context) == nil)
    let down = await #expect(throws: DriverError.self) { try await tree(.error(.unavailable)).get(key, in: context) }
    #expect(down?.code == .unavailable)
    let damaged = await #expect(throws: DriverError.self) { try await tree(.corrupt).get(key, in: context) }
    #expect(damaged?.code == .corrupt)
    for error in [down, damaged] { #expect(error?.outcomes.map(\.node) == ["x", "y", "z"]) }
    #expect(
      down?.description
        == "unavailable: 3 of 3 drivers asked for 'k' failed, and no other has it "
        + "[x: failed, unavailable: scripted; y: failed, unavailable: scripted; z: failed, unavailable: scripted]")
  }

  // B6, R1
  @Test("An absence from the last child does not hide the failure of the first", arguments: 0..<3)
  func noHiding(failing: Int) async {
    let tree = FirstSuccess {
      for index in 0..<3 {
        Scripted("\(index)", answers: [], then: index == failing ? .error(.unavailable) : .absent)
      }
    }
    let error = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
    #expect(error?.code == .unavailable)
    #expect(error?.outcomes.map { "\($0.result)" }.count { $0 == "absent" } == 2)
  }

  // B5
  @Test("An answer does not wait for a child that hangs behind it")
  func noDraining() async throws {
    let gate = Gate()
    a.contents[key] = Record([1])
    let tree = FirstSuccess {
      a
      Scripted("hung") { _ in .hang(gate, ignoringCancellation: true) }
    }
    #expect(try await tree.get(key, in: context) == Record([1]))
  }

  // A12
  @Test("By URL only drivers that claim one are asked, each for what it claims, drivers in order, URLs in order")
  func urls() async throws {
    let x = Scripted("x", scheme: "x", script: { _ in .absent }), y = Scripted("y", scheme: "y")
    let other = Scripted("other", scheme: "other")
    let tree = FirstSuccess {
      a
      x
      other
      y
    }
    y.contents[.mutable("1")] = Record([1])
    let urls = [
      try #require(y.url(for: .mutable("1"))), try #require(x.url(for: .mutable("2"))),
      try #require(y.url(for: .mutable("3"))), try #require(x.url(for: .mutable("4"))),
    ]
    #expect(try await tree.get(urls, in: context) == Record([1]))
    #expect(x.calls.map(\.urls) == [[urls[1], urls[3]]])
    #expect(y.calls.map(\.urls) == [[urls[0], urls[2]]])
    #expect(a.calls.isEmpty && other.calls.isEmpty)
  }

  // A13
  @Test("URLs that nobody claims are unroutable, not absent")
  func unroutable() async throws {
    let tree = FirstSuccess {
      Scripted("x", scheme: "x")
      b
    }
    let error = await #expect(throws: DriverError.self) { try await tree.get([StorageURL("y:1")], in: context) }
    #expect(error?.description == "unroutable: no driver here answers for y:1")
    #expect(b.calls.isEmpty)
  }

  // A7, R3
  @Test("A driver that claims URLs it cannot read does not break its siblings")
  func lyingPredicate() async throws {
    let liar = Scripted("liar", scheme: "x") { call in .error(.unsupported) }
    let honest = Scripted("honest", scheme: "x")
    honest.contents[key] = Record([1])
    let tree = FirstSuccess {
      liar
      honest
    }
    let url = try #require(honest.url(for: key))
    #expect(try await tree.get([url], in: context) == Record([1]))
    #expect(liar.calls.count == 1)
  }

  // R1
  @Test("A node none of whose children can be read refuses to read, instead of answering that nothing is there")
  func noReader() async {
    let trees: [any Driver] = [
      FirstSuccess { a.writeOnly() },
      Replicated { a.writeOnly() },
      Replicated(reads: .race) { a.writeOnly() },
      Quorum(read: 1, write: 1) { a.writeOnly() },
    ]
    for tree in trees {
      for isStat in [false, true] {
        let error = await #expect(throws: DriverError.self) {
          isStat ? try await tree.stat(key, in: context) != nil : try await tree.get(key, in: context) != nil
        }
        #expect(error?.code == .unsupported, "\(tree.outline)")
      }
    }
    #expect(a.calls.isEmpty)
  }

  // R1
  @Test("Where one child cannot describe, nothing is described: its copy would be called absent")
  func partialStat() async {
    let blind = Scripted("blind", capabilities: .basic)
    for tree: any Driver in [
      FirstSuccess {
        a; blind
      },
      Replicated {
        a; blind
      },
    ] {
      #expect(!tree.outline.capabilities.contains(.stat))
      let error = await #expect(throws: DriverError.self) { try await tree.stat(key, in: context) }
      #expect(error?.message.hasSuffix("has no stat, because blind has none") == true)
    }
    #expect(a.calls.isEmpty)
  }

  // B7, R9
  @Test("A delete reaches every child that can be read, and fails when one keeps its copy")
  func delete() async throws {
    let failing = Scripted("failing") { call in
      call.operation == .delete ? .error(.unavailable, effect: .unchanged) : .ok
    }
    a.contents[key] = Record([1])
    failing.contents[key] = Record([1])
    let tree = FirstSuccess {
      a
      failing
    }
    let error = await #expect(throws: DriverError.self) { try await tree.delete(key, proof: nil, in: context) }
    #expect(
      error?.description
        == "quorumNotMet: delete of 'k' has 1 of 2 acknowledgements needed; without tombstones a delete must reach every "
        + "copy, or one would come back: repeat it [a: deleted; failing: failed, unavailable: scripted]")
    #expect(error?.effect == .unknown)
  }

  // B29, R9
  @Test("Where no child can delete, a delete is refused, and does not succeed at no copy at all")
  func noDeleter() async {
    let writer = Scripted("writer", capabilities: [.get, .put])
    for tree: any Driver in [FirstSuccess { writer.writeOnly() }, Replicated { writer.writeOnly() }] {
      #expect(!tree.outline.capabilities.contains(.delete))
      let error = await #expect(throws: DriverError.self) { try await tree.delete(key, proof: nil, in: context) }
      #expect(error?.code == .unsupported)
    }
    #expect(writer.calls.isEmpty)
  }

  @Test("A write goes on after an error only; one child holds the new copy, and the receipt says what became of each")
  func put() async throws {
    let down = Scripted("down", answers: [.lostReply()])
    let tree = FirstSuccess {
      down
      b
      c
    }
    let receipt = try await tree.put(Record([1]), at: key, in: context)
    #expect(
      receipt.description == """
        stored
        ├─ down: unknown, unavailable: scripted: the reply was lost
        ├─ b: stored
        └─ c: skipped, b accepted the write
        """)
  }

  // R25
  @Test("Cancelling the caller ends the search: no further child is asked, and the error says so")
  func cancellation() async {
    // A child that answers a cancellation with whatever error it likes.
    let gate = Gate()
    let rude = Scripted("rude") { _ in .hang(gate, ignoringCancellation: true, then: .error(.unavailable)) }
    let tree = FirstSuccess {
      rude
      b
    }
    let call = Task { [key, context] in try await tree.get(key, in: context) }
    await rude.waitForCalls()
    call.cancel()
    gate.open()
    let error = await #expect(throws: DriverError.self) { try await call.value }
    #expect(error?.code == .cancelled)
    #expect(error?.isRetryable == false)
    #expect(error?.outcomes.last?.description == "b: skipped, the caller was cancelled")
    #expect(b.calls.isEmpty)
  }

  // R26
  @Test("What a retry below has given up on is not begun again above, whatever node stands between")
  func exhausted() async {
    func child(_ name: String, _ isExhausted: Bool) -> Scripted {
      Scripted(name, answers: [], then: .failure(DriverError(.unavailable, "gave up", isExhausted: isExhausted)))
    }
    for second in [true, false] {
      let (x, y) = (child("x", true), child("y", second))
      let trees: [any Driver] = [
        FirstSuccess {
          x; y
        },
        Replicated {
          x; y
        },
        Replicated(reads: .race) {
          x; y
        },
        Quorum {
          x; y
        },
      ]
      for tree in trees {
        let read = await #expect(throws: DriverError.self) { try await tree.get(key, in: context) }
        let write = await #expect(throws: DriverError.self) { try await tree.put(Record([1]), at: key, in: context) }
        await runtime.drain()
        for error in [read, write] {
          // A quorum may be lost with the first failure, before the second is known.
          let known = (error?.outcomes ?? []).compactMap(\.result.error)
          #expect(!known.isEmpty)
          #expect(error?.isExhausted == known.allSatisfy(\.isExhausted), "\(tree.outline)")
        }
      }
    }
  }
}
