import MetaDriver
import MetaDriverTesting
import Testing

/// Durability, and what was deleted.
@Suite struct DurabilityTests {
  private func history(_ audit: History.Operation, _ build: (inout History) -> Void) -> History {
    var history = History()
    build(&history)
    history.operations.append(audit)
    return history
  }

  private func audit(_ outcome: History.Operation.Outcome, found value: Int? = nil) -> History.Operation {
    History.Operation(id: 9, session: 9, .get(value), invoked: 100, outcome, audit: "a is down")
  }

  @Test func `An audit that finds the last acknowledged write, or one that is concurrent with it, is well`() throws {
    for value in [2, 3] {
      let history = history(audit(.ok(at: 101), found: value)) {
        $0.put(1, from: 0, to: 1)
        $0.put(2, from: 2, to: 5)
        $0.put(3, from: 3, to: 6)
      }
      #expect(try history.violations(of: .durable).isEmpty)
    }
  }

  @Test func `An audit that finds what nobody acknowledged is well, when that may have happened`() throws {
    let history = history(audit(.ok(at: 101), found: 2)) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: nil)
    }
    #expect(try history.violations(of: .durable).isEmpty)
  }

  @Test func `An audit that finds an older value names itself and the acknowledged write that is lost`() throws {
    let history = history(audit(.ok(at: 101), found: 1)) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: 3)
    }
    let violations = try history.violations(of: .durable)
    #expect(violations.map(\.witness) == [[1, 9]])
    #expect(
      violations.map(\.reason) == [
        "operation 9 (get by session 9, 100 to 101, audit: a is down) found 1, and not the newer operation 1 (put 2 by "
          + "session 0, 2 to 3), which was acknowledged"
      ])
  }

  @Test
  func `An audit that finds nothing after an acknowledged put, or a value after an acknowledged delete, is not well`()
    throws
  {
    let lost = history(audit(.ok(at: 101))) { $0.put(1, from: 0, to: 1) }
    #expect(try lost.violations(of: .durable).map(\.witness) == [[0, 9]])
    let back = history(audit(.ok(at: 101), found: 1)) {
      $0.put(1, from: 0, to: 1)
      $0.delete(from: 2, to: 3)
    }
    #expect(try back.violations(of: .durable).map(\.witness) == [[1, 9]])
  }

  @Test(arguments: [History.Operation.Outcome.failed, .unknown])
  func `An audit without an answer is a violation`(_ outcome: History.Operation.Outcome) throws {
    let history = history(audit(outcome)) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: 4)
    }
    #expect(try history.violations(of: .durable).map(\.witness) == [[1, 9]])
    #expect(try history.violations(of: .linearizable, .regular).isEmpty)
  }

  @Test
  func `An audit that finds what nobody wrote is a violation, and an ordinary get is none of durability's concern`()
    throws
  {
    let history = history(audit(.ok(at: 101), found: 7)) {
      $0.put(1, from: 0, to: 1)
      $0.get(nil, from: 2, to: 3)
    }
    #expect(try history.violations(of: .durable).map(\.witness) == [[9]])
  }

  // A35, B7
  @Test func `What comes back after its delete is a resurrection`() throws {
    var history = History()
    history.put(1, from: 0, to: 1)
    history.delete(from: 2, to: 3, session: 1)
    history.get(1, from: 4, to: 5, session: 2)
    let violations = try history.violations(of: .noResurrection)
    #expect(violations.map(\.witness) == [[0, 1, 2]])
    #expect(
      violations.map(\.description) == [
        "no resurrection violated for 'x': operation 2 (get by session 2, 4 to 5) found 1, which operation 0 (put 1 by "
          + "session 0, 0 to 1) wrote, after operation 1 (delete by session 1, 2 to 3) had deleted it"
      ])
  }

  @Test func `No resurrection is a get during the delete, a put during it, a put after it, or one of unknown outcome`()
    throws
  {
    var history = History()
    history.put(1, from: 0, to: 2)
    history.delete(from: 2, to: 4)
    history.get(1, from: 4, to: 5)
    history.put(2, from: 0, to: nil)
    history.get(2, from: 9, to: 10)
    history.put(3, from: 11, to: 12)
    history.get(3, from: 13, to: 14)
    #expect(try history.violations(of: .noResurrection).isEmpty)
    history.get(1, from: 5, to: 6)
    #expect(try history.violations(of: .noResurrection).isEmpty, "the put ended when the delete began: concurrent")
  }

  // A36, R31
  @Test func `A put that ended before the delete began is resurrected whatever their stamps say, and no other is`()
    throws
  {
    for (end, put, count) in [(1, 9, 1), (1, 1, 1), (2, 9, 0), (2, 1, 0)] {
      var history = History()
      history.put(1, from: 0, to: end, stamp: stamp(put))
      history.delete(from: 2, to: 3, stamp: stamp(5))
      history.get(1, from: 4, to: 5)
      #expect(try history.violations(of: .noResurrection).count == count)
    }
  }
}
