private import Foundation

/// Runs something that takes long, and never suspends, on a thread of its own: the few threads that all tests share are
/// for those that wait for something.
public func apart<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
  try await withCheckedThrowingContinuation { caller in
    let thread = Thread { caller.resume(with: Result { try work() }) }
    thread.stackSize = 8 << 20
    thread.start()
  }
}
