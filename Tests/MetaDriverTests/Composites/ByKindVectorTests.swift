import MetaDriver
import Testing

@Suite("ByKind over every fault vector")
struct ByKindVectorTests {
  private enum Operation: CaseIterable { case get, put, delete, list, stat }

  /// A few words that tell one answer from another.
  private static func run(
    _ operation: Operation, on node: any Driver, _ key: Key, _ context: Context
  ) async throws(DriverError) -> String {
    switch operation {
    case .get: "\(try await node.get(key, in: context)?.bytes ?? [])"
    case .put: "\(try await node.put(Record([1]), at: key, in: context).result)"
    case .delete: "\(try await node.delete(key, proof: nil, in: context).result)"
    case .list: "\(try await node.list(ListRequest(key.kind), in: context).next == nil)"
    case .stat: "\(try await node.stat(key, in: context)?.byteCount ?? -1)"
    }
  }

  // R3: what becomes of one tree is nothing to the other.
  @Test(
    "Each operation goes to the tree of its kind alone, and its answer is that tree's", arguments: Key.Kind.allCases)
  func routing(kind: Key.Kind) {
    let key = kind == .mutable ? vectorKey : .immutable(ContentHash(of: [1]))
    let mine = kind == .mutable ? 0 : 1
    let world = VectorWorld(2) { _ in MemoryDriver() }
    let node = ByKind(mutable: { world.children[0] }, immutable: { world.children[1] })
    var mismatches = Mismatches()
    for operation in Operation.allCases {
      for vector in vectors(2, of: Behaviour.allCases) {
        func answer(of node: any Driver) -> String? {
          world.reset(vector, contents: [copies[0], copies[1]], isGated: false)
          let probe = world.start { _, context throws(DriverError) in
            try await Self.run(operation, on: node, key, context)
          }
          world.run()
          mismatches.check(probe.isFinished, is: vector[mine] != .hang, "whether it is over", "\(operation) \(vector)")
          let isDrained = world.drains()
          mismatches.check(isDrained, is: true, "whether it drains", "\(operation) \(vector)")
          switch probe.result {
          case .success(let answer)?: return answer
          case .failure(let error)?: return "\(error.code), \(error.effect)"
          case nil: return nil
          }
        }
        let alone = answer(of: world.children[mine])
        let combined = answer(of: node)
        mismatches.check(combined, is: alone, "the answer", "\(operation) \(vector)")
        mismatches.check(
          world.children.map(\.asked.count), is: mine == 0 ? [1, 0] : [0, 1], "the calls", "\(operation) \(vector)")
      }
    }
    mismatches.report(kind)
  }
}
