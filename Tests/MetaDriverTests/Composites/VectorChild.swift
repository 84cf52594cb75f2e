import MetaDriver
import MetaDriverTesting
import Synchronization
import TestSupport

/// How a child behaves in a fault vector.
enum Behaviour: String, CaseIterable, Sendable, CustomStringConvertible {
  /// Does what it is asked.
  case ok
  /// A read finds nothing; a delete finds nothing to delete.
  case absent
  /// Fails, and has changed nothing.
  case error
  /// Makes the change, and fails as if the reply were lost.
  case lost
  /// A read finds a damaged copy.
  case corrupt
  /// Answers only when it is released, cancelled or not; then as `ok` does.
  case hang

  var description: String { rawValue }

  static let reads: [Behaviour] = [.ok, .absent, .error, .corrupt, .hang]
  static let writes: [Behaviour] = [.ok, .error, .lost, .hang]
  static let deletes: [Behaviour] = [.ok, .absent, .error, .lost, .hang]
}

/// A leaf with one datum that behaves as a vector says. One tree serves many vectors: it is set anew for each.
final class VectorChild: Driver {
  struct Asked: Equatable {
    let operation: Event.Operation
    let record: Record?
  }

  private struct State {
    var behaviour = Behaviour.ok
    var isGated = false
    var honoursCancellation = false
    var asked: [Asked] = []
    var answers = 0
    var contents: Record?
    var sawCancellation = false
  }

  let leaf: Leaf?
  let outline: Outline
  private let gate = Gate()
  private let state = Mutex(State())

  init(_ name: String, capabilities: Capabilities) {
    let leaf = Leaf(name, ordering: .none)
    self.leaf = leaf
    outline = Outline(leaf: leaf, kind: "VectorChild", capabilities: capabilities)
  }

  /// Sets the child for another vector.
  ///
  /// - Parameters:
  ///   - isGated: Whether it answers only when it is released, whatever its behaviour.
  ///   - honoursCancellation: Whether it stops waiting for its release when its task is cancelled.
  func reset(_ behaviour: Behaviour, contents: Record?, isGated: Bool, honoursCancellation: Bool) {
    gate.close()
    state.withLock {
      $0 = State(
        behaviour: behaviour, isGated: isGated || behaviour == .hang, honoursCancellation: honoursCancellation,
        contents: behaviour == .absent ? nil : contents)
    }
  }

  /// Lets the child answer.
  func release() { gate.open() }

  var asked: [Asked] { state.withLock(\.asked) }
  var answers: Int { state.withLock(\.answers) }
  var contents: Record? { state.withLock(\.contents) }
  /// Whether the child's task was cancelled by the time it answered.
  var sawCancellation: Bool { state.withLock(\.sawCancellation) }

  // MARK: Driver

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await answer(Asked(operation: .get, record: nil)) { state in state.contents }
  }

  func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await answer(Asked(operation: .stat, record: nil)) { state in state.contents.map(Stat.init(of:)) }
  }

  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await answer(Asked(operation: .list, record: nil)) { [name = outline.component] state in
      // Each child has a key of its own, so that a page shows who took part in it.
      let entry = state.contents.flatMap { record in
        (try? Key(.mutable, name: name)).map { Page.Entry($0, Stat(of: record)) }
      }
      return Page(of: entry.map { [$0] } ?? [], for: request)
    }
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await answer(Asked(operation: .put, record: record)) { state in
      defer { state.contents = record }
      return Receipt(storing: record, over: state.contents)
    }
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await answer(Asked(operation: .delete, record: nil)) { state in
      defer { state.contents = nil }
      return Receipt(state.contents == nil ? .alreadyAbsent : .deleted)
    }
  }

  private func answer<Answer: Sendable>(
    _ asked: Asked, _ carryOut: @Sendable (inout State) -> Answer
  ) async throws(DriverError) -> Answer {
    let (isGated, honoursCancellation) = state.withLock { state in
      state.asked.append(asked)
      return (state.isGated, state.honoursCancellation)
    }
    if isGated {
      do throws(CancellationError) { try await gate.wait(ignoringCancellation: !honoursCancellation) } catch {
        state.withLock {
          $0.answers += 1
          $0.sawCancellation = true
        }
        throw DriverError(.cancelled, "cancelled while it hung")
      }
    }
    let isCancelled = Task.isCancelled
    return try state.withLock { state throws(DriverError) in
      state.answers += 1
      state.sawCancellation = isCancelled
      switch state.behaviour {
      case .ok, .absent, .hang: return carryOut(&state)
      case .error: throw DriverError(.unavailable, "down", effect: .unchanged)
      case .corrupt: throw DriverError(.corrupt, "damaged")
      case .lost:
        _ = carryOut(&state)
        throw DriverError(.timedOut, "the reply was lost", effect: .unknown)
      }
    }
  }
}
