import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
import TestSupport
import Testing

/// R27.
@Suite struct ExplainTouchesNothingTests {
  @Test(
    "A plan asks no driver, makes no stamp, starts no task and tells no observer", arguments: Plan.Operation.allCases)
  func nothing(operation: Plan.Operation) throws {
    let recorder = Recorder()
    let clock = ManualClock()
    let runtime = Runtime.manual(clock, observer: recorder)
    let strategy = try Strategy("s", runtime: runtime) {
      ReadYourWrites(journal: Untouchable(name: "journal")) {
        Quorum(read: 2, write: 2, writers: .many, remainder: .handoff(HandoffJournal(on: Untouchable(name: "queue")))) {
          Untouchable(name: "a").timeout(.seconds(1))
          Untouchable(name: "b")
          Overlay {
            Untouchable(name: "c")
          } over: {
            Untouchable(name: "d")
          }
        }
      }
    }
    let expected = Runtime.manual(ManualClock()).nextStamp()
    for kind in Key.Kind.allCases { _ = "\(strategy.explain(operation, kind: kind))" }
    _ = "\(strategy.explain(operation, "k", options: CallOptions(timeout: .seconds(1), omitting: ["a"])))"
    #expect(recorder.events.isEmpty)
    #expect(recorder.beginnings.isEmpty)
    #expect(runtime.taskCount == 0)
    #expect(clock.elapsed == .zero)
    // The first stamp of a runtime, drawn from the same source.
    #expect(runtime.nextStamp() == expected)
  }
}

/// A leaf that ends the process when it is asked for anything but its outline.
private struct Untouchable: Driver {
  let kept: Leaf
  init(name: String) { kept = Leaf(name) }
  var leaf: Leaf? { kept }
  var outline: Outline { Outline(leaf: kept, kind: "Untouchable", capabilities: [.get, .put, .delete, .list, .stat]) }
  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { fatalError("get") }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    fatalError("put")
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    fatalError("delete")
  }
  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page { fatalError("list") }
  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? { fatalError("stat") }
}
