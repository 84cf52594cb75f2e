import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

@Suite(.timeLimit(.minutes(10))) struct ChildrenTests {
  // R25
  @Test("A close whose caller went away is cancelled, and is not taken for done")
  func cancelledClose() async {
    let (gate, runtime) = (Gate(), Runtime.manual())
    let hung = Scripted("hung") { _ in .hang(gate, ignoringCancellation: true) }
    let tree = Replicated {
      MemoryDriver("a")
      hung
    }
    let closing = Task { () -> DriverError? in
      do throws(DriverError) {
        try await tree.close(in: Context(runtime))
        return nil
      } catch { return error }
    }
    await gate.waitForWaiters(1)
    closing.cancel()
    let error = await closing.value
    #expect(error?.code == .cancelled)
    #expect(error?.outcomes.map(\.node) == ["a", "hung"])
    gate.open()
    #expect(await runtime.drain())
  }
}
