import MetaDriver
import MetaDriverTesting
import Testing

/// Short histories whose verdicts are known, each for its own reason.
@Suite struct KnownHistoryTests {
  struct Known: CustomTestStringConvertible, Sendable {
    let id: String
    let isLinearizable: Bool
    let isRegular: Bool
    let sessions: [Guarantee]
    let history: History

    init(
      _ id: String, linearizable: Bool, regular: Bool, sessions: [Guarantee] = [], _ build: (inout History) -> Void
    ) {
      (self.id, isLinearizable, isRegular, self.sessions) = (id, linearizable, regular, sessions)
      var history = History()
      build(&history)
      self.history = history
    }

    var testDescription: String { id }
  }

  static let all = [
    Known("S1", linearizable: false, regular: false, sessions: [.readYourWrites]) {
      $0.put(1, from: 0, to: 1)
      $0.get(nil, from: 2, to: 3)
    },
    Known("S2", linearizable: false, regular: true) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: 20)
      $0.get(2, from: 3, to: 4, session: 1)
      $0.get(1, from: 5, to: 6, session: 2)
    },
    Known("S2b", linearizable: false, regular: true, sessions: [.monotonicReads]) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: 20)
      $0.get(2, from: 3, to: 4, session: 1)
      $0.get(1, from: 5, to: 6, session: 1)
    },
    Known("S3", linearizable: true, regular: true) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: nil)
      $0.get(1, from: 5, to: 6, session: 1)
      $0.get(2, from: 7, to: 8, session: 1)
    },
    Known("S5", linearizable: false, regular: false, sessions: [.readYourWrites]) {
      $0.put(1, from: 0, to: 1)
      $0.delete(from: 2, to: 3)
      $0.get(1, from: 4, to: 5)
    },
    // The first value reached a third replica late, over the second one, which two others had acknowledged.
    Known("S6", linearizable: false, regular: false, sessions: [.readYourWrites]) {
      $0.put(1, from: 0, to: 1)
      $0.put(2, from: 2, to: 3)
      $0.get(1, from: 4, to: 5)
    },
    Known("S7", linearizable: true, regular: true) {
      $0.put(1, from: 0, to: 10)
      $0.put(2, from: 0, to: 10, session: 1)
      $0.get(2, from: 11, to: 12, session: 2)
      $0.get(2, from: 13, to: 14, session: 2)
    },
    Known("S7x", linearizable: false, regular: true, sessions: [.monotonicReads]) {
      $0.put(1, from: 0, to: 10)
      $0.put(2, from: 0, to: 10, session: 1)
      $0.get(2, from: 11, to: 12, session: 2)
      $0.get(1, from: 13, to: 14, session: 2)
    },
    Known("S8", linearizable: false, regular: false, sessions: [.monotonicWrites]) {
      $0.put(1, from: 0, to: 1, stamp: stamp(9))
      $0.put(2, from: 2, to: 3, stamp: stamp(4))
    },
    Known("S9", linearizable: false, regular: false, sessions: [.writesFollowReads]) {
      $0.put(1, from: 0, to: 1, session: 1, stamp: stamp(9))
      $0.get(1, from: 2, to: 3, stamp: stamp(9))
      $0.put(2, from: 4, to: 5, stamp: stamp(4))
    },
    Known("S10", linearizable: true, regular: true) {
      $0.put(1, from: 0, to: 5)
      $0.get(nil, from: 5, to: 6)
    },
  ]

  @Test(arguments: all) func `Each history has the verdicts that it is known for, and no others`(_ known: Known) throws
  {
    let violations = try known.history.violations(of: Guarantee.allCases)
    let violated = Set(violations.map(\.guarantee))
    #expect(violated.contains(.linearizable) != known.isLinearizable, "\(violations)")
    #expect(violated.contains(.regular) != known.isRegular, "\(violations)")
    let sessions = Guarantee.allCases.filter { Guarantee.sessions.contains($0) && violated.contains($0) }
    #expect(sessions == known.sessions, "\(violations)")
    #expect(violations.allSatisfy { $0.isCertain && !$0.witness.isEmpty })
  }
}

extension Guarantee {
  static let sessions: Set<Guarantee> = [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads]
}

/// A stamp that ranks by a number.
func stamp(_ rank: Int) -> Stamp { Stamp(time: UInt64(rank), writer: 0) }
