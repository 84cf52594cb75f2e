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

  // A8, R1: a copy that a read would find would be absent for a stat. What only takes writes is missed by nobody.
  @Test("A stat over readers of which some have none is refused before any child is asked")
  func statWithout() throws {
    for missing in subsets(3) where missing.count < 3 {
      for lacking in [Capabilities.stat, [.get, .stat]] {
        let without = Dictionary(uniqueKeysWithValues: missing.map { ($0, lacking) })
        for world in [
          VectorWorld(3, without: without) { children in FirstSuccess { children } },
          VectorWorld(3, without: without) { children in Replicated { children } },
        ] {
          world.reset([.ok, .ok, .ok], contents: Array(copies.prefix(3)), isGated: false)
          let probe = world.start { node, context throws(DriverError) in try await node.stat(vectorKey, in: context) }
          world.run()
          let asked = world.children.map(\.asked.count).reduce(0, +)
          if lacking == .stat, !missing.isEmpty {
            guard case .failure(let error)? = probe.result else {
              Issue.record("answered without \(missing.sorted())")
              continue
            }
            #expect(error.code == .unsupported)
            #expect(asked == 0)
          } else {
            let first = (0..<3).first { !missing.contains($0) }
            #expect(try probe.result?.get() == first.map { Stat(of: copies[$0]) })
            #expect(asked == 1)
          }
        }
      }
    }
  }

  // R25
  @Test("A read that is cancelled", arguments: 1...4, [ReadRule.ordered, .localFirst, .race])
  func cancelled(count: Int, rule: ReadRule) {
    var trial = Self.trial(count, rule, local: [count - 1])
    for vector in vectors(count, of: Behaviour.reads) where vector.contains(.hang) { trial.cancel(vector) }
    trial.mismatches.report("\(count) children, reads \(rule)")
  }
}
