import MetaDriver
import MetaDriverTesting
import Testing

/// What the checkers say at the edges, and what they refuse.
@Suite struct HistoryTests {
  @Test func `A read that ends when its write begins has seen it; one that ends before has seen the future`() throws {
    for (begin, isRegular) in [(5, true), (6, false)] {
      var history = History()
      history.get(1, from: 0, to: 5)
      history.put(1, from: begin, to: 9, session: 1)
      #expect(try history.violations(of: .linearizable, .regular).isEmpty == isRegular)
    }
  }

  @Test func `A value that nobody wrote, or that was put without effect, is no mistake of the history but a violation`()
    throws
  {
    var history = History()
    history.get(7, from: 0, to: 1)
    history.operations.append(History.Operation(id: 1, .put(8), invoked: 2, .failed))
    history.get(8, from: 3, to: 4)
    for guarantee in [Guarantee.linearizable, .regular] {
      let violations = try history.violations(of: guarantee)
      #expect(violations.map(\.witness) == [[0], [1, 2]])
      #expect(
        violations.map(\.reason) == [
          "operation 0 (get by session 0, 0 to 1) found 7, which nobody wrote",
          "operation 2 (get by session 0, 3 to 4) found 8, but operation 1 (put 8 by session 0, from 2, failed) "
            + "certainly had no effect",
        ])
    }
  }

  @Test func `Keys are judged apart, sorted, whatever the order of the guarantees`() throws {
    var history = History()
    for key in ["b", "a"] as [Key] {
      history.put(1, from: 0, to: 1, key: key)
      history.get(nil, from: 2, to: 3, key: key)
    }
    let violations = try history.violations(of: .readYourWrites, .linearizable)
    #expect(
      violations.map { "\($0.key) \($0.guarantee)" } == [
        "'a' linearizable", "'a' read your writes", "'b' linearizable", "'b' read your writes",
      ])
    #expect(violations.map(\.witness) == [[2, 3], [2, 3], [0, 1], [0, 1]])
  }

  @Test func `The sentence for two values that each come before the other names the operations`() throws {
    let history = KnownHistoryTests.all[1].history
    let violation = try #require(try history.violations(of: .linearizable).first)
    #expect(violation.witness == [0, 1, 2, 3])
    #expect(
      violation.description
        == "linearizable violated for 'x': there is no order: 2 comes before 1, as operation 2 (get by session 1, 3 to 4) "
        + "had ended before operation 3 (get by session 2, 5 to 6) began; but 1 comes before 2, as operation 0 (put 1 by "
        + "session 0, 0 to 1) had ended before operation 2 (get by session 1, 3 to 4) began")
  }

  // R13
  @Test func `Three values can contradict each other where no two do, through a stamp`() throws {
    var history = History()
    history.put(1, from: 0, to: 6, stamp: stamp(9))
    history.put(2, from: 0, to: 1, session: 1)
    history.get(2, from: 10, to: 20, session: 2)
    history.put(3, from: 5, to: 20, session: 3, stamp: stamp(4))
    let violation = try #require(try history.violations(of: .linearizable).first)
    #expect(violation.witness == [0, 1, 3, 2])
    #expect(violation.reason.contains("3 comes before 1, as its stamp is smaller"))
    history.operations[3].stamp = nil
    #expect(try history.violations(of: .linearizable).isEmpty)
  }

  @Test func `A value found under another stamp than it was put under is a violation, unless two writes share one`()
    throws
  {
    var history = History()
    history.put(1, from: 0, to: 1, stamp: stamp(5))
    history.get(1, from: 2, to: 3, stamp: stamp(6))
    #expect(try history.violations(of: .linearizable, .regular).map(\.witness) == [[0, 1], [0, 1]])
    // R18
    history.put(2, from: 0, to: 4, session: 1, stamp: stamp(5))
    #expect(try history.violations(of: .linearizable, .regular).isEmpty)
  }

  @Test func `The stamp of a write that nobody has seen, and that may never have happened, contradicts nothing`() throws
  {
    var history = History()
    history.put(1, from: 0, to: 1, stamp: stamp(9))
    history.put(2, from: 2, to: nil, stamp: stamp(4))
    #expect(try history.violations(of: Guarantee.allCases).isEmpty)
    history.get(2, from: 3, to: 4, session: 1)
    let violated = try history.violations(of: Guarantee.allCases).map(\.guarantee)
    #expect(Set(violated) == [.linearizable, .regular, .monotonicWrites])
  }

  @Test func `A stamp tells which delete a get has seen`() throws {
    var history = History()
    history.put(1, from: 0, to: 1, stamp: stamp(1))
    history.delete(from: 2, to: 3, stamp: stamp(2))
    history.put(2, from: 4, to: 5, stamp: stamp(3))
    history.delete(from: 6, to: 20, session: 1, stamp: stamp(4))
    history.get(nil, from: 7, to: 8, session: 2, stamp: stamp(4))
    #expect(try history.violations(of: Guarantee.allCases).isEmpty)
    history.operations[4].stamp = stamp(2)
    #expect(try history.violations(of: .linearizable, .regular).map(\.witness) == [[1, 2, 4], [1, 2, 4]])
    history.operations[4].stamp = stamp(3)
    #expect(try history.violations(of: .regular).first?.reason.contains("found nothing under the stamp") == true)
    history.operations[4].stamp = nil
    #expect(try history.violations(of: Guarantee.allCases).isEmpty)
  }

  @Test func `Gets of nothing that may be any delete's are put in order by a search`() throws {
    var history = History()
    history.put(1, from: 0, to: 1)
    history.delete(from: 2, to: 30, session: 1)
    history.get(nil, from: 3, to: 4, session: 2)
    history.put(2, from: 5, to: 6)
    #expect(try history.violations(of: .linearizable).isEmpty)
    history.get(1, from: 5, to: 6, session: 3)
    let violation = try #require(try history.violations(of: .linearizable).first)
    #expect(violation.reason.hasPrefix("no order of the operations explains what they found"))
    #expect(violation.isCertain)
    #expect(try history.violations(of: .regular).isEmpty)
  }

  @Test(arguments: [
    (
      History.Operation(id: 0, .get(1), invoked: 5, .ok(at: 6)),
      "operation 0: another operation before it has the same id"
    ),
    (
      History.Operation(id: 3, .put(1), invoked: 5, .ok(at: 6)),
      "operation 3: it puts 1 at 'x', and so does operation 0"
    ),
    (History.Operation(id: 3, .put(2), invoked: 5, .failed), "operation 3: it puts 2 at 'x', and so does operation 1"),
    (History.Operation(id: 3, .put(3), invoked: 5, .ok(at: 4)), "operation 3: it ends at 4, before it begins at 5"),
    (History.Operation(id: 3, .put(0), invoked: 5, .unknown), "operation 3: its value is 0, which stands for nothing"),
    (History.Operation(id: 3, .get(0), invoked: 5, .unknown), "operation 3: its value is 0, which stands for nothing"),
    (
      History.Operation(id: 3, .delete, invoked: .min, .unknown),
      "operation 3: it begins at \(Int.min), which stands for"
    ),
    (
      History.Operation(id: 3, .delete, invoked: 3, .ok(at: .max)),
      "operation 3: it ends at \(Int.max), which stands for"
    ),
    (History.Operation(id: 3, .delete, invoked: 3, .failed, audit: ""), "operation 3: it is an audit, and not a get"),
  ])
  func `A history that makes no sense is refused, naming the operation`(_ wrong: History.Operation, _ message: String) {
    var history = History()
    history.put(1, from: 0, to: 1)
    history.operations.append(History.Operation(id: 1, .put(2), invoked: 0, .failed))
    history.operations.append(wrong)
    let error = #expect(throws: HistoryError.self) { try history.violations(of: .regular) }
    #expect(error?.operation == wrong.id)
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    #expect(throws: HistoryError.self) { try history.check() }
  }

  @Test func `An empty history violates nothing, and no guarantee asked for is none violated`() throws {
    #expect(try History().violations(of: Guarantee.allCases).isEmpty)
    #expect(try KnownHistoryTests.all[0].history.violations().isEmpty)
  }
}
