import MetaDriver
private import MetaDriverTesting

extension Benchmark {
  /// How fast a long history is judged.
  static let histories = [
    Benchmark("100,000 operations of 32 clients judged") {
      let history = History.long(count: 100_000, clients: 32)
      let guarantees: [Guarantee] = [
        .linearizable, .regular, .readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads,
      ]
      return try await Comparison().measure { count in
        for _ in 0..<count {
          let violations = try history.violations(of: guarantees)
          precondition(violations.isEmpty, "\(violations[0])")
        }
      }
    }
  ]
}

extension History {
  /// What clients see of a true register of one key, each one operation after the other.
  fileprivate static func long(count: Int, clients: Int) -> History {
    var generator = SeededGenerator(seed: 1)
    var history = History()
    var effects: [Int] = []
    var now = Array(0..<clients)
    for id in 0..<count {
      let client = Int.random(in: now.indices, using: &generator)
      let begin = now[client] + 1 + Int.random(in: 0...20, using: &generator)
      effects.append(begin + Int.random(in: 0...20, using: &generator))
      now[client] = effects[id] + Int.random(in: 0...20, using: &generator)
      if Bool.random(using: &generator) {
        history.put(id + 1, from: begin, to: now[client], session: client)
      } else {
        history.get(nil, from: begin, to: now[client], session: client)
      }
    }
    var current: Int?
    for id in history.operations.indices.sorted(by: { (effects[$0], $0) < (effects[$1], $1) }) {
      switch history.operations[id].kind {
      case .put(let value): current = value
      case .get, .delete: history.operations[id].kind = .get(current)
      }
    }
    return history
  }
}
