import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct HistoryRecorderTests {
  @Test func `A recorder keeps what it was told, and what was not finished is unknown`() {
    let recorder = HistoryRecorder()
    let put = recorder.begin(.put(1), key: "a", session: 3, at: 5)
    let get = recorder.begin(.get(nil), key: "a", session: 4, at: 6, audit: "all are up")
    let delete = recorder.begin(.delete, key: "a", session: 3, at: 7)
    recorder.finish(get, .ok(at: 8), found: 1, stamp: stamp(2))
    recorder.finish(put, .failed)
    #expect([put, get, delete] == [0, 1, 2])
    #expect(
      recorder.history
        == History([
          History.Operation(id: 0, session: 3, key: "a", .put(1), invoked: 5, .failed),
          History.Operation(
            id: 1, session: 4, key: "a", .get(1), invoked: 6, .ok(at: 8), stamp: stamp(2), audit: "all are up"),
          History.Operation(id: 2, session: 3, key: "a", .delete, invoked: 7, .unknown),
        ]))
  }

  @Test func `Tasks record at once, each operation under an id of its own`() async {
    let recorder = HistoryRecorder()
    await withTaskGroup(of: Void.self) { group in
      for session in 0..<8 {
        group.addTask {
          for step in 0..<50 {
            let id = recorder.begin(.put(1 + session * 50 + step), session: session, at: step)
            recorder.finish(id, .ok(at: step))
          }
        }
      }
    }
    let operations = recorder.history.operations
    #expect(operations.map(\.id) == Array(0..<400))
    #expect(operations.allSatisfy { $0.outcome == .ok(at: $0.invoked) })
  }

  #if canImport(Glibc) || os(macOS)
    @Test func `An operation is finished once, and only after it was begun`() async {
      await #expect(processExitsWith: .failure) { HistoryRecorder().finish(0, .failed) }
      await #expect(processExitsWith: .failure) {
        let recorder = HistoryRecorder()
        let id = recorder.begin(.delete, at: 0)
        recorder.finish(id, .failed)
        recorder.finish(id, .failed)
      }
    }
  #endif
}
