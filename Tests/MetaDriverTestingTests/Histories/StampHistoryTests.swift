import MetaDriver
import MetaDriverTesting
import Testing

/// Stamps that say less than they seem to: of clocks that are wrong, of other writes, and several for one put.
@Suite struct StampHistoryTests {
  private func kinds(_ history: History) throws -> Set<Guarantee> {
    Set(try history.violations(of: Guarantee.allCases).map(\.guarantee))
  }

  private func audited(_ history: History) -> History {
    var history = history
    history.operations[history.operations.count - 1].audit = "all are up"
    return history
  }

  // R32
  @Test func `A put that was told the stamp of the one it lost against hides nothing`() throws {
    var history = History()
    history.put(1, from: 10, to: 14, session: 1, stamp: stamp(5_010))
    history.put(2, from: 100, to: 104, stamp: stamp(5_010))
    history.get(1, from: 200, to: 204, stamp: stamp(5_010))
    #expect(try kinds(audited(history)) == [.linearizable, .regular, .readYourWrites, .durable])
    // Neither where nobody says under which stamp it was found.
    history.operations[2].stamp = nil
    #expect(try kinds(audited(history)) == [.linearizable, .regular, .readYourWrites, .durable])
    // Told that nobody knows, the same is no promise that was broken.
    history.operations[1].outcome = .unknown
    history.operations[1].stamp = nil
    #expect(try kinds(audited(history)) == [])
  }

  // R31
  @Test func `What ended before another write began is older, whatever the clocks say`() throws {
    var history = History()
    history.put(1, from: 0, to: 1, session: 1, stamp: stamp(9))
    history.put(2, from: 2, to: 3, stamp: stamp(5))
    history.get(1, from: 4, to: 5, stamp: stamp(9))
    #expect(try kinds(audited(history)) == [.linearizable, .regular, .readYourWrites, .durable])
    // The stamps alone contradict the time, and the read does besides.
    #expect(try history.violations(of: .regular).map(\.witness) == [[0, 1], [0, 1, 2]])
    // One that finds the newer one is in order.
    history.operations[2] = .init(id: 2, .get(2), invoked: 4, .ok(at: 5), stamp: stamp(5))
    #expect(try history.violations(of: .regular).map(\.witness) == [[0, 1]])
    #expect(try kinds(audited(history)) == [.linearizable, .regular])
  }

  @Test func `A session that goes from a newer value to an older one goes back, though its stamps go forward`() throws {
    var history = History()
    history.put(1, from: 0, to: 1, session: 1, stamp: stamp(9))
    history.put(2, from: 2, to: 3, session: 2, stamp: stamp(5))
    history.get(2, from: 4, to: 5, stamp: stamp(5))
    history.get(1, from: 6, to: 7, stamp: stamp(9))
    #expect(try history.violations(of: .monotonicReads).map(\.witness) == [[0, 1, 2, 3]])
    // The other way round it goes forward, though its stamps go back.
    history.operations[2].kind = .get(1)
    history.operations[2].stamp = stamp(9)
    history.operations[3].kind = .get(2)
    history.operations[3].stamp = stamp(5)
    #expect(try history.violations(of: .monotonicReads) == [])
  }

  @Test
  func `A session whose clock was set back writes below its own write, and its delete does not hide what it deleted`()
    throws
  {
    var history = History()
    history.put(1, from: 0, to: 1, stamp: stamp(9))
    history.delete(from: 2, to: 3, stamp: stamp(5))
    history.get(1, from: 4, to: 5, session: 1, stamp: stamp(9))
    #expect(
      try kinds(audited(history)) == [.linearizable, .regular, .monotonicWrites, .durable, .noResurrection])
  }

  // R32
  @Test func `A put that is stored again above another one is seen before it, and after it`() throws {
    var history = History()
    history.put(1, from: 0, to: 20, stamp: stamp(8))
    history.put(2, from: 1, to: 20, session: 1, stamp: stamp(7))
    for (number, (value, rank)) in [(1, 5), (2, 7), (1, 8)].enumerated() {
      history.get(value, from: 3 + 4 * number, to: 5 + 4 * number, session: 2, stamp: stamp(rank))
    }
    // A register that is only regular may do so; no order of the values explains it.
    #expect(try kinds(history) == [.linearizable])
    // The copy below the other one, after it, goes back.
    history.operations[4].stamp = stamp(5)
    #expect(try kinds(history) == [.linearizable, .monotonicReads])
  }

  @Test func `A copy that was replaced before the read began is stale, although its value comes back`() throws {
    var history = History()
    history.put(1, from: 0, to: 20, stamp: stamp(8))
    history.put(2, from: 1, to: 2, session: 1, stamp: stamp(7))
    history.get(1, from: 3, to: 4, session: 1, stamp: stamp(5))
    #expect(try kinds(history) == [.regular, .readYourWrites])
    // The last copy is the newest there is.
    history.operations[2].stamp = stamp(8)
    #expect(try kinds(history) == [])
    history.operations[2].stamp = nil
    #expect(try kinds(history) == [])
  }

  @Test func `A copy below the last stamp of an acknowledged put may be found, and one above it may not`() throws {
    for (rank, isPossible) in [(4, true), (5, true), (6, false)] {
      var history = History()
      history.put(1, from: 0, to: 1, stamp: stamp(5))
      history.get(1, from: 2, to: 3, stamp: stamp(rank))
      #expect(try history.violations(of: .regular).isEmpty == isPossible, "\(rank)")
    }
  }

  @Test func `A value under the stamp of a put that had ended before its own began was never stored so`() throws {
    var history = History()
    history.put(1, from: 0, to: 1, stamp: stamp(3))
    history.put(2, from: 2, to: 9, session: 1, stamp: stamp(5))
    history.get(2, from: 10, to: 11, session: 2, stamp: stamp(3))
    #expect(try history.violations(of: .regular).map(\.witness) == [[0, 1, 2]])
    // Of a put that was under way, it may have been told.
    history.operations[0].outcome = .ok(at: 2)
    #expect(try history.violations(of: .regular) == [])
  }

  // MARK: Tombstones

  @Test func `A tombstone of which nobody knows whether it was written is seen by its stamp`() throws {
    for isStamped in [false, true] {
      var history = History()
      history.put(1, from: 0, to: 1, stamp: stamp(3))
      history.delete(from: 2, to: nil, session: 1)
      history.get(nil, from: 3, to: 4, session: 2, stamp: isStamped ? stamp(4) : nil)
      #expect(try kinds(history) == [], "\(isStamped)")
      // What was there before comes back: only whoever has seen that it was gone can say so.
      history.get(1, from: 5, to: 6, session: 2, stamp: stamp(3))
      history.get(1, from: 5, to: 6, session: 3, stamp: stamp(3))
      #expect(try history.violations(of: .monotonicReads).map(\.witness.last) == [3], "\(isStamped)")
      #expect(try kinds(history) == [.linearizable, .monotonicReads], "\(isStamped)")
      // Another put, wholly after it was seen, replaces it.
      history.operations.removeLast(2)
      history.put(2, from: 7, to: 8, session: 3, stamp: stamp(6))
      history.get(nil, from: 9, to: 10, session: 3, stamp: isStamped ? stamp(4) : nil)
      #expect(
        try kinds(history) == (isStamped ? [.linearizable, .regular, .readYourWrites] : [.linearizable]),
        "\(isStamped)")
      // Where the clock of that put was behind, the tombstone may have been late.
      history.operations[3].stamp = stamp(2)
      #expect(try history.violations(of: .readYourWrites, .noResurrection, .monotonicReads) == [], "\(isStamped)")
    }
  }

  @Test func `A tombstone that no delete can have left is a violation`() throws {
    var history = History()
    history.get(nil, from: 0, to: 1, stamp: stamp(4))
    history.delete(from: 2, to: nil)
    #expect(try history.violations(of: .regular).map(\.witness) == [[0]])
    history.operations[1].invoked = 1
    #expect(try history.violations(of: .regular) == [])
    // An acknowledged one may have been stored below its last stamp, and not above.
    history.operations[1] = .init(id: 1, .delete, invoked: 1, .ok(at: 3), stamp: stamp(5))
    #expect(try history.violations(of: .regular) == [])
    history.operations[1].stamp = stamp(3)
    #expect(try history.violations(of: .regular).map(\.witness) == [[0]])
  }
}
