import MetaDriver
import Testing

@Suite("Every write of Replicated over every fault vector")
struct ReplicatedWriteVectorTests {
  struct Policy: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    let count: Int
    let rule: WriteRule
    let remainder: Remainder
    var order = WriteOrder.concurrent
    var description: String { "\(count) children, writes \(rule), remainder \(remainder), \(order)" }
    var testDescription: String { description }

    /// Every subset where that is cheap, and one of each size where the vectors make up for the rest.
    var requirements: [Set<Int>] {
      switch (rule, count, remainder) {
      case (.all, _, _): [[]]
      case (_, 5, .background): order == .sequential ? [[2]] : [[], [3], [1, 2, 4]]
      case (_, 5, _): [[1, 4]]
      default: subsets(count)
      }
    }

    func trial(_ required: Set<Int>, _ operation: WriteTrial.Operation = .put) -> WriteTrial {
      let everybody = Set(0..<count)
      let model =
        switch (operation, rule) {
        case (.put, .atLeast(let needed)): WriteModel(needed: needed, required: required)
        // Without tombstones a copy left behind would come back: a delete must reach everybody, whatever the rule.
        default: WriteModel(needed: count, required: everybody)
        }
      let world = VectorWorld(count, required: required) { children in
        Replicated(writes: rule, remainder: remainder, order: order) { children }
      }
      return WriteTrial(world, model, remainder, operation)
    }

    static func all(upTo count: Int, _ remainders: [Remainder], _ order: WriteOrder = .concurrent) -> [Policy] {
      (1...count).flatMap { count in
        ([.all] + (1...count).map(WriteRule.atLeast)).flatMap { rule in
          remainders.map { Policy(count: count, rule: rule, remainder: $0, order: order) }
        }
      }
    }
  }

  // A16, A17, A18, A21, A22, B2, B3, B20, B29, R4, R5, R6, R7, R8, R10
  @Test("Children that answer at once or hang", arguments: Policy.all(upTo: 5, [.background, .await, .cancel]))
  func atOnce(policy: Policy) {
    for required in policy.requirements {
      var trial = policy.trial(required)
      for vector in vectors(policy.count, of: Behaviour.writes) { trial.run(vector) }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // R4: what a write answers does not depend on who answers first.
  @Test(
    "Children that answer in every order",
    arguments: Policy.all(upTo: 4, [.background]) + Policy.all(upTo: 3, [.await, .cancel]))
  func inEveryOrder(policy: Policy) {
    for required in policy.count < 4 ? policy.requirements : [[2]] {
      var trial = policy.trial(required)
      for vector in vectors(policy.count, of: Behaviour.writes) {
        for order in permutations(vector.indices.filter { vector[$0] != .hang }) { trial.run(vector, order: order) }
      }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // R7: the mode for parity with clients that wrote so. A17, B20: it says whom it did not ask.
  @Test("Children that are asked in turn", arguments: Policy.all(upTo: 5, [.background], .sequential))
  func inTurn(policy: Policy) {
    for required in policy.requirements {
      var trial = policy.trial(required)
      for vector in vectors(policy.count, of: Behaviour.writes) { trial.runInTurn(vector, .toTheEnd) }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // R6, R25
  @Test(
    "A caller that is cancelled is answered, and what was sent goes on",
    arguments: Policy.all(upTo: 4, [.background, .await, .cancel]))
  func cancelled(policy: Policy) {
    for required in policy.count < 4 ? policy.requirements : [[], [2]] {
      var trial = policy.trial(required)
      trial.cancelBefore()
      for vector in vectors(policy.count, of: Behaviour.writes) where vector.contains(.hang) { trial.cancel(vector) }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // R6, R25
  @Test(
    "A caller that is cancelled in turn asks nobody more", arguments: Policy.all(upTo: 4, [.background], .sequential))
  func cancelledInTurn(policy: Policy) {
    for required in policy.count < 4 ? policy.requirements : [[], [2]] {
      var trial = policy.trial(required)
      trial.cancelBefore()
      for vector in vectors(policy.count, of: Behaviour.writes) where vector.contains(.hang) {
        trial.runInTurn(vector, .toTheEnd, isCancelled: true)
        trial.runInTurn(vector, .toTheEnd, isCancelled: true, honoursCancellation: true)
      }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // A34, A35, B7, R15: a delete is done when it is done everywhere.
  @Test("Deletes", arguments: [Remainder.background, .await, .cancel])
  func deletes(remainder: Remainder) {
    for policy in Policy.all(upTo: 4, [remainder]) {
      var trial = policy.trial([], .delete)
      for vector in vectors(policy.count, of: Behaviour.deletes) { trial.run(vector) }
      for vector in vectors(policy.count, of: Behaviour.deletes) where policy.count < 4 && vector.contains(.hang) {
        trial.cancel(vector)
      }
      trial.mismatches.report(policy)
    }
  }

  // A34, B7, B20
  @Test("Deletes in turn")
  func deletesInTurn() {
    for policy in Policy.all(upTo: 4, [.background], .sequential) {
      var trial = policy.trial([], .delete)
      for vector in vectors(policy.count, of: Behaviour.deletes) { trial.runInTurn(vector, .toTheEnd) }
      trial.mismatches.report(policy)
    }
  }
}
