import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct QuorumVotesTests {
  private let key = Key.mutable("k")
  private let runtime = Runtime.manual()
  private var context: Context { Context(runtime) }
  private let names = ["a", "b", "c"]

  private func stores(failing: Set<Int>) -> [Scripted] {
    names.enumerated().map { index, name in
      Scripted(name, ordering: .newestWins) { _ in
        failing.contains(index) ? .error(.unavailable, effect: .unchanged) : .ok
      }
    }
  }

  @Test("A child that stands in the block twice has two votes and is asked once, whichever of the stores are down")
  func votes() async throws {
    for mask in 0..<8 {
      let failing = Set((0..<3).filter { mask & (1 << $0) != 0 })
      let stores = stores(failing: failing)
      let tree = Quorum(read: 2, write: 3, repair: .off, weighted: true, remainder: .await) {
        stores[0]; stores[0]; stores[1]; stores[2]
      }
      let working = [2, 1, 1].enumerated().reduce(0) { failing.contains($1.offset) ? $0 : $0 + $1.element }
      let put = try? await tree.put(Record([1]), at: key, in: context)
      #expect((put != nil) == (working >= 3), "down: \(failing)")
      let read: Void? = try? await { _ = try await tree.get(key, in: context) }()
      #expect((read != nil) == (working >= 2), "down: \(failing)")
      let listing: Void? = try? await { _ = try await tree.list(ListRequest(), in: context) }()
      #expect((listing != nil) == (working >= 2), "down: \(failing)")
      #expect(stores.allSatisfy { $0.calls.count { $0.operation == .put } == 1 })
    }
  }

  @Test("The outline says who has how many votes") func outline() {
    let (a, b) = (MemoryDriver("a"), MemoryDriver("b"))
    let tree = Quorum(read: 2, write: 2, weighted: true) {
      a; b; a.timeout(.seconds(1)); a
    }
    #expect(
      "\(tree.outline)" == """
        Quorum (read: 2 of 4, write: 2 of 4, votes: 2 for a, 1 for b, 1 for a#2)
        ├─ MemoryDriver "a"
        ├─ MemoryDriver "b"
        └─ Timeout (1.0 seconds)
           └─ MemoryDriver "a"
        """)
  }

  // R28
  @Test("One store in two different children is refused, and so are votes that can miss a write") func refused() {
    let (a, b) = (MemoryDriver("a"), MemoryDriver("b"))
    func errors(_ tree: Quorum) -> [String] {
      do throws(CompositionError) {
        _ = try Strategy("s") { tree }
        return []
      } catch { return error.remarks.filter { $0.severity == .error }.map(\.reason) }
    }
    #expect(
      errors(
        Quorum(weighted: true) {
          a; a.timeout(.seconds(1)); b
        }) == ["a stands here twice, so it would be counted twice"])
    #expect(
      errors(
        Quorum(read: 2, write: 2, weighted: true) {
          a; a; b; MemoryDriver("c")
        })
        == ["read 2 + write 2 is not more than 4 votes: a read can miss an acknowledged write"])
    #expect(
      errors(
        Quorum(read: 2, write: 3, weighted: true) {
          a; a; b; MemoryDriver("c")
        }) == [])
  }

  @Test("A warning says when one store holds a write alone") func alone() throws {
    let (a, b) = (MemoryDriver("a"), MemoryDriver("b"))
    let strategy = try Strategy("s") {
      Quorum(weighted: true) {
        a; a; b
      }
    }
    #expect(
      strategy.warnings.map(\.description) == [
        "warning: s/Quorum: a has 2 votes, so a write holds with its copy alone. "
          + "Raise write to 3, or let a stand here less often."
      ])
  }
}
