import Testing

@testable import MetaDriver

@Suite struct QuorumReadTallyTests {
  private static let labels = ["a", "b", "c", "d"]
  private static let reads: [Behaviour] = [.ok, .absent, .error, .corrupt]

  private static func result(_ behaviour: Behaviour, _ index: Int) -> Result<Record?, DriverError> {
    switch behaviour {
    case .absent: .success(nil)
    case .error: .failure(DriverError(.unavailable, "down"))
    case .corrupt: .failure(DriverError(.corrupt, "damaged"))
    default: .success(copies[index])
    }
  }

  // A27, R1, R2
  @Test("It is decided when the rule says so, with the newest of the first answers, in every order", arguments: 1...4)
  func decision(count: Int) {
    var mismatches = Mismatches()
    for needed in 1...count {
      for vector in vectors(count, of: Self.reads) {
        for order in permutations(Array(0..<count)) {
          var tally = QuorumReadTally<Record>(Array(Self.labels.prefix(count)), needed: needed)
          var arrived: [(index: Int, report: Seen)] = []
          var answer: ReadAnswer?
          for index in order {
            tally.record(Self.result(vector[index], index), from: index)
            arrived.append((index, ReadModel.report(vector[index])))
            answer = answer ?? ReadModel.quorum(needed).answer(of: count, arrived)
            let seen: ReadAnswer? =
              !tally.isDecided
              ? nil
              : tally.isImpossible
                ? .failed(.quorumNotMet, [:]) : ReadAnswer(source: tally.newest.flatMap(copies.firstIndex(of:)))
            var expected = answer
            expected?.children = [:]
            mismatches.check(seen, is: expected, "the answer", "\(needed) of \(vector) in the order \(order)")
          }
        }
      }
    }
    mismatches.report("\(count) children")
  }

  // A31, R18
  @Test("Copies with one stamp and different bytes: the winner and the conflict do not depend on the order")
  func conflict() {
    let stamp = Stamp(time: 7, writer: 7)
    let contents: [Record?] = [
      Record([1], stamp: stamp), Record([2], stamp: stamp), .tombstone(stamp: stamp), Record([9]),
    ]
    for chosen in subsets(4) where chosen.count > 1 {
      var winners: Set<Record> = []
      for order in permutations(chosen.sorted()) {
        var tally = QuorumReadTally<Record>(Self.labels, needed: chosen.count)
        for index in order { tally.record(.success(contents[index]), from: index) }
        if let newest = tally.newest { winners.insert(newest) }
        #expect((tally.conflict == stamp) == (chosen.filter { $0 < 3 }.count > 1), "\(chosen) in the order \(order)")
      }
      #expect(winners.count == 1, "\(chosen)")
      if chosen.contains(2) { #expect(winners.first?.isTombstone == true) }
    }
  }

  // A31: two copies below the winner that disagree are as much a conflict as any.
  @Test("A conflict below the newest copy is found in every order")
  func conflictBelow() {
    let (old, new) = (Stamp(time: 7, writer: 7), Stamp(time: 8, writer: 7))
    let contents = [Record([1], stamp: old), Record([2], stamp: old), Record([3], stamp: new)]
    for order in permutations([0, 1, 2]) {
      var tally = QuorumReadTally<Record>(["a", "b", "c"], needed: 3)
      for index in order { tally.record(.success(contents[index]), from: index) }
      #expect(tally.newest == contents[2])
      #expect(tally.conflict == old, "in the order \(order)")
    }
  }

  @Test("Children that are left out can neither answer nor fail")
  func skipped() {
    var tally = QuorumReadTally<Record>(["a", "b", "c"], needed: 2, skipped: [1: "left out"])
    #expect(!tally.isDecided)
    tally.record(.failure(DriverError(.unavailable, "down")), from: 0)
    #expect(tally.isImpossible)
    let error = tally.failure("the read")
    #expect(error.outcomes.map { Seen($0.result) } == [.failed(.unavailable), .skipped, .pending])
    #expect(error.message == "the read has 0 of 2 answers needed")
    #expect(error.effect == .unchanged)
  }
}
