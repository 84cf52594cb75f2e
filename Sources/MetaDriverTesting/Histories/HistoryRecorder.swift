public import MetaDriver
private import Synchronization

/// Collects a history while it happens, from any number of tasks.
///
/// ```swift
/// let recorder = HistoryRecorder()
/// let put = recorder.begin(.put(1), key: "x", session: 0, at: 0)
/// recorder.finish(put, .ok(at: 10))
/// let get = recorder.begin(.get(nil), key: "x", session: 1, at: 11)
/// recorder.finish(get, .ok(at: 12), found: 1)
/// print(try recorder.history.violations(of: .linearizable).isEmpty)
/// ```
///
/// An operation that was begun and not finished counts as ``History/Operation/Outcome/unknown``. A recorder keeps
/// everything that it is told, about 200 bytes for an operation.
public final class HistoryRecorder: Sendable {
  private struct State {
    var history = History()
    var isFinished: [Bool] = []
  }

  private let state = Mutex(State())

  /// Makes a recorder that has seen nothing.
  public init() {}

  /// Everything that has been recorded up to now.
  public var history: History { state.withLock { $0.history } }

  /// Records that an operation is invoked. Call it before the operation can have any effect.
  ///
  /// - Parameters:
  ///   - kind: What is done; for a get, ``finish(_:_:found:stamp:)`` says what it found.
  ///   - key: Of which datum.
  ///   - session: Who does it.
  ///   - moment: When.
  ///   - audit: For an audit, what is down meanwhile: see ``History/Operation/audit``.
  /// - Returns: The ``History/Operation/id``: how many operations had begun before.
  public func begin(
    _ kind: History.Operation.Kind, key: Key = "x", session: Int = 0, at moment: Int, audit: String? = nil
  ) -> Int {
    state.withLock { state in
      let id = state.history.operations.count
      state.history.operations.append(
        History.Operation(id: id, session: session, key: key, kind, invoked: moment, .unknown, audit: audit))
      state.isFinished.append(false)
      return id
    }
  }

  /// Records how an operation ended. Call it after its answer is there.
  ///
  /// - Parameters:
  ///   - id: What ``begin(_:key:session:at:audit:)`` returned.
  ///   - outcome: How it ended: of a write, `ok` only when what it wrote is stored, and not merely queued, or superseded.
  ///   - value: What a get found; `nil` when it found nothing. Other operations find nothing.
  ///   - stamp: The stamp of what was written, the last if there were several, or of the copy that was found, where it is
  ///     known. Not that of another write which was met.
  /// - Precondition: This recorder has begun the operation, and it is not finished.
  public func finish(
    _ id: Int, _ outcome: History.Operation.Outcome, found value: Int? = nil, stamp: Stamp? = nil
  ) {
    state.withLock { state in
      precondition(state.isFinished.indices.contains(id), "operation \(id) was finished, and never begun")
      precondition(!state.isFinished[id], "operation \(id) was finished twice")
      state.isFinished[id] = true
      if case .get = state.history.operations[id].kind { state.history.operations[id].kind = .get(value) }
      state.history.operations[id].outcome = outcome
      state.history.operations[id].stamp = stamp
    }
  }
}
