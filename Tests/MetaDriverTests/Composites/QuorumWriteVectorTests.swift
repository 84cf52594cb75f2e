import MetaDriver
import Testing

@Suite("Every write of Quorum over every fault vector")
struct QuorumWriteVectorTests {
  struct Policy: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    let count: Int
    let write: Int
    let remainder: Remainder
    var description: String { "\(count) children, write \(write), remainder \(remainder)" }
    var testDescription: String { description }

    var requirements: [Set<Int>] {
      switch (count, remainder) {
      case (5, .background): [[], [0, 4]]
      case (5, _): [[3]]
      case (4, _): [[], [2], [0, 3]]
      default: subsets(count)
      }
    }

    func trial(_ required: Set<Int>, _ operation: WriteTrial.Operation) -> WriteTrial {
      let world = VectorWorld(count, required: required) { children in
        Quorum(read: .all, write: .exactly(write), remainder: remainder) { children }
      }
      return WriteTrial(world, WriteModel(needed: write, required: required), remainder, operation, isStamped: true)
    }

    static func all(upTo count: Int, _ remainders: [Remainder]) -> [Policy] {
      (1...count).flatMap { count in
        (1...count).flatMap { write in remainders.map { Policy(count: count, write: write, remainder: $0) } }
      }
    }
  }

  // A21, A22, B2, B3, B19, B20, B29, R4, R5, R6, R7, R8, R10
  @Test("Children that answer at once or hang", arguments: Policy.all(upTo: 5, [.background, .await, .cancel]))
  func atOnce(policy: Policy) {
    for required in policy.requirements {
      var trial = policy.trial(required, .put)
      for vector in vectors(policy.count, of: Behaviour.writes) { trial.run(vector) }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // R4
  @Test("Children that answer in every order", arguments: Policy.all(upTo: 4, [.background]))
  func inEveryOrder(policy: Policy) {
    for required in policy.count < 4 ? policy.requirements : [[2]] {
      var trial = policy.trial(required, .put)
      for vector in vectors(policy.count, of: Behaviour.writes) {
        for order in permutations(vector.indices.filter { vector[$0] != .hang }) { trial.run(vector, order: order) }
      }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // A35, B7, R15: a delete is a tombstone, and holds by the rule of a put.
  @Test("Deletes", arguments: Policy.all(upTo: 4, [.background, .await, .cancel]))
  func deletes(policy: Policy) {
    for required in policy.count < 4 ? policy.requirements : [[], [2]] {
      var trial = policy.trial(required, .tombstone)
      for vector in vectors(policy.count, of: Behaviour.deletes) { trial.run(vector) }
      trial.mismatches.report("\(policy), required \(required.sorted())")
    }
  }

  // R6, R25
  @Test(
    "A caller that is cancelled is answered, and what was sent goes on",
    arguments: Policy.all(upTo: 4, [.background, .await, .cancel]))
  func cancelled(policy: Policy) {
    for operation in [WriteTrial.Operation.put, .tombstone] {
      var trial = policy.trial([], operation)
      trial.cancelBefore()
      for vector in vectors(policy.count, of: Behaviour.writes) where vector.contains(.hang) { trial.cancel(vector) }
      trial.mismatches.report(policy)
    }
  }
}
