import TestSupport
import Testing

@testable import MetaDriverTesting

@Suite struct PromiseTests {
  @Test("A value that is there is given at once, and the first one counts") func early() async {
    let promise = Promise<Int>()
    promise.fulfil(1)
    promise.fulfil(2)
    #expect(await promise.value == 1)
  }

  @Test("Whoever waits gets the first value when it is given") func late() {
    let promise = Promise<Int>()
    let executor = ManualExecutor()
    let found = Counter()
    Task(executorPreference: executor) { found.add(await promise.value) }
    executor.runUntilIdle()
    #expect(found.value == 0)
    promise.fulfil(1)
    promise.fulfil(2)
    executor.runUntilIdle()
    #expect(found.value == 1)
  }

  @Test("Nothing is a value too") func nothing() async {
    let promise = Promise<Int?>()
    promise.fulfil(nil)
    promise.fulfil(2)
    #expect(await promise.value == nil)
  }
}
