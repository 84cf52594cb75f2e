import MetaDriver
import Synchronization
import TestSupport
import Testing

@testable import MetaDriverTesting

/// A call that a test starts and looks at, on an executor that runs only when it is told to.
final class StartedCall<Answer: Sendable>: Sendable {
  private let ended = Mutex<Result<Answer, DriverError>?>(nil)
  private let executor = ManualExecutor()
  private let task: Mutex<Task<Void, Never>?> = Mutex(nil)

  init(_ body: @escaping @Sendable () async throws(DriverError) -> Answer) {
    let started = Task(executorPreference: executor) { [self] in
      let result: Result<Answer, DriverError>
      do throws(DriverError) { result = .success(try await body()) } catch { result = .failure(error) }
      ended.withLock { $0 = result }
    }
    task.withLock { $0 = started }
    executor.runUntilIdle()
  }

  /// How it ended, when everything that can happen has happened; `nil` while it waits.
  var result: Result<Answer, DriverError>? {
    executor.runUntilIdle()
    return ended.withLock { $0 }
  }

  var error: DriverError? { if case .failure(let error) = result { error } else { nil } }

  func cancel() { task.withLock { $0 }?.cancel() }
}

@Suite struct FaultyTests {
  private let key: Key = "alice/profile"

  private func leaf(_ journey: Journey, ordering: PutOrdering = .none) -> (Faulty, ManualNetwork) {
    let network = ManualNetwork(journey)
    return (Faulty("eu", ordering: ordering, network: network), network)
  }

  // MARK: Without faults

  @Test("Without faults it is a sound leaf that answers without suspending") func sound() throws {
    let eu = Faulty("eu")
    let call = StartedCall { () throws(DriverError) in
      try await eu.put([1, 2], at: key)
      let stat = try await eu.stat(key, in: Context())
      let page = try await eu.list(ListRequest(), in: Context())
      let found = try await eu.get(key)
      let deleted = try await eu.delete(key)
      let again = try await eu.delete(key)
      let gone = try await eu.get(key)
      return "\(found?.bytes ?? []) \(stat?.byteCount ?? 0) \(page.entries.count) \(deleted) \(again) \(gone == nil)"
    }
    #expect(try call.result?.get() == "[1, 2] 2 1 deleted already absent true")
  }

  @Test("A request and a reply each take their time, and the store changes when the request arrives")
  func delays() throws {
    let (eu, network) = leaf(Journey(request: .milliseconds(10), reply: .milliseconds(5)))
    let call = StartedCall { () throws(DriverError) in try await eu.put([1], at: key) }
    network.advance(by: .milliseconds(9))
    #expect(eu.contents.isEmpty)
    network.advance(by: .milliseconds(1))
    #expect(eu.contents[key]?.bytes == [1])
    network.advance(by: .milliseconds(4))
    #expect(call.result == nil)
    network.advance(by: .milliseconds(1))
    #expect(try call.result?.get().result.isAcknowledged == true)
  }
}
