import MetaDriver
import Testing

@Suite("Every read of Replicated over every fault vector")
struct ReplicatedReadVectorTests {
  private static func trial(
    _ count: Int, _ rule: ReadRule, local: Set<Int> = [], _ operation: ReadTrial.Operation = .get
  ) -> ReadTrial {
    let world = VectorWorld(count, local: local) { children in
      Replicated(writes: .atLeast(1), reads: rule) { children }
    }
    let order = rule == .localFirst ? local.sorted() + (0..<count).filter { !local.contains($0) } : Array(0..<count)
    // A stat describes the copy that an ordered read would give.
    let isRace = rule == .race && operation == .get
    return ReadTrial(world, isRace ? .race : .inOrder(order, stopsOnMiss: false), operation)
  }

  // A10, A11, A15, A24, B4, B5, B6, R1, R2, R3
  @Test("Children that answer at once or hang", arguments: 1...5, [ReadRule.ordered, .race])
  func atOnce(count: Int, rule: ReadRule) {
    for operation in [ReadTrial.Operation.get, .stat] where operation == .get || count < 5 {
      var trial = Self.trial(count, rule, operation)
      for vector in vectors(count, of: Behaviour.reads) { trial.run(vector) }
      trial.mismatches.report("\(count) children, \(operation), reads \(rule)")
    }
  }

  // A41: local children are asked first, and none is left out.
  @Test("Local children first", arguments: 1...4)
  func localFirst(count: Int) {
    for local in subsets(count) {
      var trial = Self.trial(count, .localFirst, local: local)
      for vector in vectors(count, of: Behaviour.reads) { trial.run(vector) }
      trial.mismatches.report("\(count) children, \(local.sorted()) local")
    }
  }

  @Test("Local children first, five of them, two local")
  func localFirstOfFive() {
    var trial = Self.trial(5, .localFirst, local: [1, 3])
    for vector in vectors(5, of: Behaviour.reads) { trial.run(vector) }
    trial.mismatches.report("[1, 3] local")
  }

  // B5: a race is won by who answers first, and absence only by everybody.
  @Test("A race in every order", arguments: 1...4)
  func raceInEveryOrder(count: Int) {
    var trial = Self.trial(count, .race)
    for vector in vectors(count, of: Behaviour.reads) {
      for order in permutations(vector.indices.filter { vector[$0] != .hang }) { trial.run(vector, order: order) }
    }
    trial.mismatches.report("\(count) children")
  }

  // R1: a copy that a read would find is not absent for a stat, though its child cannot describe it.
  // R25
  @Test("A read that is cancelled", arguments: 1...4, [ReadRule.ordered, .localFirst, .race])
  func cancelled(count: Int, rule: ReadRule) {
    var trial = Self.trial(count, rule, local: [count - 1])
    for vector in vectors(count, of: Behaviour.reads) where vector.contains(.hang) { trial.cancel(vector) }
    trial.mismatches.report("\(count) children, reads \(rule)")
  }
}
