import MetaDriver
import MetaDriverTesting

/// What clients see of a true register, one operation after the other each: linearizable, and as long as one likes.
struct LongHistory {
  var count: Int
  var clients: Int
  /// How many of a hundred operations are deletes.
  var deletes = 0

  func make(_ generator: inout SeededGenerator) -> History {
    var operations: [(operation: History.Operation, effect: Int)] = []
    var now = (0..<clients).map { $0 }
    for id in 0..<count {
      let client = Int.random(in: 0..<clients, using: &generator)
      let begin = now[client] + 1 + Int.random(in: 0...20, using: &generator)
      let effect = begin + Int.random(in: 0...20, using: &generator)
      let end = effect + Int.random(in: 0...20, using: &generator)
      now[client] = end
      let kind: History.Operation.Kind =
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<deletes: .delete
        case 50...: .get(nil)
        default: .put(id + 1)
        }
      operations.append((History.Operation(id: id, session: client, kind, invoked: begin, .ok(at: end)), effect))
    }
    var current: Int?
    for (index, step) in operations.enumerated().sorted(by: { ($0.1.effect, $0.0) < ($1.1.effect, $1.0) }) {
      switch step.operation.kind {
      case .put(let value): current = value
      case .delete: current = nil
      case .get: operations[index].operation.kind = .get(current)
      }
    }
    return History(operations.map(\.operation))
  }
}
