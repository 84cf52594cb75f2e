import Testing

@testable import MetaDriver

@Suite struct WriteTallyTests {
  private static let labels = ["a", "b", "c", "d"]

  private static func record(_ behaviour: Behaviour, from index: Int, in tally: inout WriteTally) {
    switch behaviour {
    case .error: tally.record(.failure(DriverError(.unavailable, "down", effect: .unchanged)), from: index)
    case .lost: tally.record(.failure(DriverError(.timedOut, "lost", effect: .unknown)), from: index)
    default: tally.record(.success(Receipt(.stored)), from: index)
    }
  }

  // R4, B29
  @Test("The verdict is the rule's after every answer, in every order, with every child left out", arguments: 1...3)
  func verdicts(count: Int) {
    var mismatches = Mismatches()
    for needed in 1...count {
      for required in subsets(count) {
        for skipped in subsets(count) {
          let model = WriteModel(needed: needed, required: required)
          let begun = WriteTally(
            Array(Self.labels.prefix(count)), needed: needed, isRequired: (0..<count).map(required.contains),
            skipped: Dictionary(uniqueKeysWithValues: skipped.map { ($0, "left out") }))
          for vector in vectors(count, of: [.ok, .error, .lost]) {
            for order in permutations((0..<count).filter { !skipped.contains($0) }) {
              var tally = begun
              var reports: [Seen?] = (0..<count).map { skipped.contains($0) ? .skipped : nil }
              func check() {
                let verdict: WriteTally.Verdict =
                  switch model.holds(reports) {
                  case nil: .undecided
                  case true?: .holds
                  case false?: .impossible
                  }
                let situation = "\(needed) needed, required \(required), \(vector) in the order \(order): \(reports)"
                mismatches.check(tally.verdict, is: verdict, "the verdict", situation)
                mismatches.check(tally.isDecided, is: verdict != .undecided, "whether it is decided", situation)
                mismatches.check(
                  tally.outcomes.map { Seen($0.result) }, is: reports.map { $0 ?? .pending }, "the outcomes", situation)
              }
              check()
              for index in order {
                Self.record(vector[index], from: index, in: &tally)
                reports[index] = WriteModel.put(vector[index])
                check()
              }
            }
          }
        }
      }
    }
    mismatches.report("\(count) children")
  }

  @Test("A verdict stays, whatever comes later")
  func stays() {
    for needed in 1...3 {
      for required in subsets(3) {
        for vector in vectors(3, of: [.ok, .error, .lost]) {
          for order in permutations([0, 1, 2]) {
            var tally = WriteTally(["a", "b", "c"], needed: needed, isRequired: (0..<3).map(required.contains))
            var verdict = WriteTally.Verdict.undecided
            for index in order {
              Self.record(vector[index], from: index, in: &tally)
              #expect(verdict == .undecided || verdict == tally.verdict)
              verdict = tally.verdict
            }
            #expect(verdict != .undecided)
          }
        }
      }
    }
  }

  @Test("Leaving out the rest decides: it holds if those who answered are enough")
  func skipRest() {
    var tally = WriteTally(["a", "b", "c"], needed: 1, isRequired: [true, false, false])
    tally.record(.success(Receipt(.stored)), from: 0)
    tally.skipRest(because: "enough")
    #expect(tally.verdict == .holds)
    #expect(tally.outcomes.map { Seen($0.result) } == [.stored, .skipped, .skipped])

    var other = WriteTally(["a", "b"], needed: 1, isRequired: [false, true])
    other.record(.success(Receipt(.stored)), from: 0)
    other.skipRest(because: "no more")
    #expect(other.verdict == .impossible)
  }

  // R6
  @Test("Cancelling the rest leaves the verdict, and says that nobody knows what they did")
  func cancelRest() {
    var tally = WriteTally(["a", "b", "c"], needed: 1, isRequired: [false, false, false])
    tally.record(.success(Receipt(.stored)), from: 1)
    tally.cancelRest()
    #expect(tally.verdict == .holds)
    #expect(tally.outcomes.map { Seen($0.result) } == [.unknown(.cancelled), .stored, .unknown(.cancelled)])
    #expect(tally.effect == .unknown)
  }

  /// What a child of a write says that replaced a damaged copy, that compared, that holds something newer, that is away.
  private enum Word: CaseIterable { case blind, stored, newer, away }

  // R32
  @Test("A child that replaced a damaged copy does not vouch that nothing newer was there", arguments: 1...4)
  func blind(count: Int) {
    let newer = Stamp(time: 9, writer: 1)
    func vectors(_ count: Int) -> [[Word]] {
      count == 0 ? [[]] : vectors(count - 1).flatMap { vector in Word.allCases.map { vector + [$0] } }
    }
    var mismatches = Mismatches()
    // Where two writes meet, and nobody was asked.
    for needed in (count / 2 + 1)...count {
      for vector in vectors(count) {
        for order in permutations(Array(0..<count)) {
          var tally = WriteTally(
            Array(Self.labels.prefix(count)), needed: needed, isRequired: Array(repeating: false, count: count))
          for index in order {
            switch vector[index] {
            case .blind: tally.record(.success(Receipt(.replacedDamaged)), from: index)
            case .stored: tally.record(.success(Receipt(.stored)), from: index)
            case .newer: tally.record(.success(Receipt(.superseded(by: newer))), from: index)
            case .away: Self.record(.error, from: index, in: &tally)
            }
          }
          func votes(_ word: Word) -> Int { vector.filter { $0 == word }.count }
          let taken = votes(.blind) + votes(.stored)
          // An earlier write that was acknowledged is at `needed` children, the damaged ones and those away among them.
          let canHide = count - votes(.stored) - votes(.newer) >= needed
          let isLost = votes(.blind) >= needed
          let isRight =
            switch tally.verdict {
            case .holds: taken >= needed && (isLost || count - votes(.stored) < needed || votes(.blind) == 0)
            case .outranked: votes(.newer) > 0 && (isLost || !canHide || votes(.blind) == 0)
            case .impossible: taken + votes(.newer) < needed || canHide && votes(.blind) > 0
            case .undecided: false
            }
          mismatches.check(isRight, is: true, "\(tally.verdict)", "\(needed) of \(vector) in the order \(order)")
          if tally.verdict == .impossible, taken >= needed {
            #expect(
              tally.failure("put", "k").message.hasSuffix(
                "which may have been newer: too few others answered to tell"))
            #expect(tally.effect == .unknown)
          }
        }
      }
    }
    mismatches.report("\(count) children")
    var above = WriteTally(["a", "b"], needed: 1, isRequired: [false, false])
    above.superseding = .follows
    above.record(.success(Receipt(.replacedDamaged)), from: 0)
    #expect(above.verdict == .holds && "\(above.result)" == "stored, over a damaged copy")
  }

  // R4, A45: what is in a queue has not been acknowledged.
  @Test("What counts as an acknowledgement")
  func acknowledgements() {
    let stamp = Stamp(time: 1, writer: 1)
    let results: [(Outcome.Result, Bool)] = [
      (.stored, true), (.replacedDamaged, true), (.deleted, true), (.alreadyAbsent, true), (.queued, false),
      (.pending, false), (.skipped("why"), false),
    ]
    for (result, counts) in results {
      var tally = WriteTally(["a"], needed: 1, isRequired: [false])
      tally.record(.success(Receipt(result)), from: 0)
      #expect(tally.verdict == (counts ? .holds : .impossible), "\(result)")
    }
    let verdicts: [(WriteTally.Superseding, WriteTally.Verdict)] = [
      (.refuses, .outranked), (.follows, .outranked), (.satisfies, .holds),
    ]
    for (superseding, verdict) in verdicts {
      var tally = WriteTally(["a"], needed: 1, isRequired: [false])
      tally.superseding = superseding
      tally.record(.success(Receipt(.superseded(by: stamp))), from: 0)
      #expect(tally.verdict == verdict)
    }
  }

  // R32
  @Test("A child that holds something newer decides nothing alone: every order of three answers, every need")
  func superseding() {
    let answers: [Outcome.Result] = [
      .stored, .superseded(by: Stamp(time: 1, writer: 1)), .failed(DriverError(.denied, "no", effect: .unchanged)),
    ]
    for needed in 1...3 {
      for required in subsets(3) {
        for choice in 0..<27 {
          let results = [choice % 3, choice / 3 % 3, choice / 9]
          for superseding in [WriteTally.Superseding.refuses, .tells, .follows, .satisfies] {
            var tally = WriteTally(["a", "b", "c"], needed: needed, isRequired: (0..<3).map(required.contains))
            tally.superseding = superseding
            for (index, result) in results.enumerated() {
              tally.record(.success(Receipt(answers[result])), from: index)
            }
            let stored = results.count { $0 == 0 }
            let upToDate = results.count { $0 < 2 }
            let isPossible = upToDate >= needed && required.allSatisfy { results[$0] < 2 }
            let holds =
              switch superseding {
              case .refuses: stored >= needed && required.allSatisfy { results[$0] == 0 }
              case .tells: stored >= needed && required.allSatisfy { results[$0] == 0 } && upToDate == stored
              case .follows: isPossible && stored > 0
              case .satisfies: isPossible
              }
            #expect(
              tally.verdict == (holds ? .holds : isPossible ? .outranked : .impossible),
              "\(results), \(needed) needed, required \(required.sorted()), \(superseding)")
            let isStored = if case .stored = tally.result { true } else { false }
            #expect(isStored == (stored > 0), "\(tally.result)")
          }
        }
      }
    }
  }

  // R32, C15
  @Test("Of nothing comes no success")
  func nothing() {
    let tally = WriteTally(["a"], needed: 1, isRequired: [false])
    #expect(!tally.result.isAcknowledged)
  }

  @Test("The whole is what its most telling child says")
  func result() {
    let (old, new) = (Stamp(time: 1, writer: 1), Stamp(time: 2, writer: 1))
    let cases: [([Outcome.Result], String)] = [
      ([.alreadyAbsent, .stored], "stored"), ([.alreadyAbsent, .deleted], "deleted"),
      ([.alreadyAbsent, .superseded(by: new)], "already absent"),
      ([.superseded(by: new), .superseded(by: old)], "superseded by \(new)"),
      ([.superseded(by: old), .superseded(by: new)], "superseded by \(new)"),
      ([.superseded(by: new), .stored], "stored"),
    ]
    for (results, expected) in cases {
      var tally = WriteTally(["a", "b"], needed: 1, isRequired: [false, false])
      for (index, result) in results.enumerated() { tally.record(.success(Receipt(result)), from: index) }
      #expect("\(tally.result)" == expected)
    }
  }

  // R5
  @Test("Nothing was changed only if every child says so")
  func effect() {
    let unchanged = DriverError(.denied, "no", effect: .unchanged)
    let unknown = DriverError(.timedOut, "lost", effect: .unknown)
    func effect(_ results: [Result<Receipt, DriverError>?], isRemoval: Bool = false) -> DriverError.Effect {
      var tally = WriteTally(
        Array(Self.labels.prefix(results.count)), needed: results.count,
        isRequired: results.map { _ in false }, isRemoval: isRemoval)
      for (index, result) in results.enumerated() {
        if let result { tally.record(result, from: index) }
      }
      return tally.failure("put", vectorKey).effect
    }
    #expect(effect([.failure(unchanged), .failure(unchanged)]) == .unchanged)
    #expect(effect([.failure(unchanged), .success(Receipt(.superseded(by: Stamp(time: 1, writer: 1))))]) == .unchanged)
    #expect(effect([.failure(unchanged), .failure(unknown)]) == .unknown)
    #expect(effect([.failure(unchanged), .success(Receipt(.stored))]) == .unknown)
    #expect(effect([.failure(unchanged), .success(Receipt(.deleted))]) == .unknown)
    #expect(effect([.failure(unchanged), nil]) == .unknown)
    // A tombstone was written where nothing was; a plain delete of nothing did nothing.
    #expect(effect([.failure(unchanged), .success(Receipt(.alreadyAbsent))]) == .unknown)
    #expect(effect([.failure(unchanged), .success(Receipt(.alreadyAbsent))], isRemoval: true) == .unchanged)
  }

  // B19
  @Test("A lost quorum says how many of how many, and who was required")
  func failure() {
    var tally = WriteTally(["a", "b", "c"], needed: 2, isRequired: [true, false, false])
    tally.record(.failure(DriverError(.throttled, "slow down", retryAfter: .seconds(1))), from: 0)
    tally.record(.success(Receipt(.stored)), from: 1)
    let error = tally.failure("put", vectorKey)
    #expect(error.code == .quorumNotMet)
    #expect(
      error.message == "put of 'vector' has 1 of 2 acknowledgements needed; required and not acknowledged: a")
    #expect(error.outcomes.map(\.node) == ["a", "b", "c"])
  }
}
