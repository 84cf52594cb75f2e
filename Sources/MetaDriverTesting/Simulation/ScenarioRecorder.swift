import MetaDriver
private import Synchronization

/// The history of a scenario: its operations bear the numbers of the steps.
final class ScenarioRecorder: Sendable {
  private let recorder = HistoryRecorder()
  private let steps = Mutex<[Int]>([])
  /// Whether each acknowledgement is held against what the stores hold.
  private let checksHolders: Bool
  /// The stores that are wiped, and lose what they had acknowledged.
  let wiped: Set<String>
  private let found = Mutex<[Violation]>([])

  init(_ guarantees: [Guarantee], _ script: Script) {
    checksHolders = guarantees.contains(.acknowledged)
    wiped = script.wipedStores
  }

  /// Carries out an operation of a client, and records it. One whose process crashes never ends.
  func record(
    _ step: Int, _ action: Script.Step.Action, _ key: Key, by client: ScenarioClient, session: Int,
    audit: String? = nil
  ) async throws {
    let world = client.process.world
    let kind: History.Operation.Kind =
      switch action {
      case .get: .get(nil)
      case .put: .put(step)
      case .delete: .delete
      }
    world.note("step \(step): \(client.process.name), \(action) \(key)")
    let id = recorder.begin(kind, key: key, session: session, at: world.moment, audit: audit)
    steps.withLock { $0.append(step) }
    guard let end = try await client.perform(action, key, step: step) else { return }
    recorder.finish(id, end.outcome, found: end.found, stamp: end.stamp)
    if checksHolders, action != .get, case .ok = end.outcome, let stamp = end.stamp {
      check(step, key, stamp, by: client)
    }
  }

  /// Takes note of every datum of which not all stores hold the same copy.
  func compare(_ leaves: [Faulty]) {
    let contents = leaves.map { ($0.outline.label, $0.contents) }
    let keys = Set(contents.flatMap { $0.1.keys }).sorted()
    let found = keys.filter { key in contents.contains { $0.1[key] != contents[0].1[key] } }.map { key in
      let copies = contents.map { name, records in
        let record = records[key]
        let what =
          record.map { $0.isTombstone ? "a tombstone" : String(decoding: $0.bytes, as: UTF8.self) } ?? "nothing"
        return "\(name) holds \(what)" + (record?.stamp.map { " of \($0)" } ?? "")
      }
      return Violation(.convergent, key: key, witness: [], reason: copies.joined(separator: ", "))
    }
    self.found.withLock { $0 += found }
  }

  /// Takes note of a violation that no history shows.
  func add(_ violation: Violation) { found.withLock { $0.append(violation) } }

  /// The violations that the stores show.
  var violations: [Violation] { found.withLock(\.self) }

  /// What was recorded.
  var history: History {
    var history = recorder.history
    for (index, step) in steps.withLock({ $0 }).enumerated() { history.operations[index].id = step }
    return history
  }
}
