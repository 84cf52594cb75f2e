import MetaDriver
private import Synchronization

/// The history of a scenario: its operations bear the numbers of the steps.
final class ScenarioRecorder: Sendable {
  private let recorder = HistoryRecorder()
  private let steps = Mutex<[Int]>([])
  /// Whether each acknowledgement is held against what the stores hold.
  private let checksHolders: Bool
  /// Whether what queues took is looked for at the end.
  private let checksQueues: Bool
  /// Whether writes are held against what was described before.
  private let checksDescriptions: Bool
  /// The writes that queues took.
  private let queuedWrites = Mutex<[(step: Int, key: Key, stamp: Stamp, store: String)]>([])
  /// The newest stamp that each life of a client was told.
  private let described = Mutex<[Description: (stamp: Stamp, step: Int)]>([:])

  fileprivate struct Description: Hashable {
    let life: ObjectIdentifier
    let key: Key
  }
  /// The stores that are wiped, and lose what they had acknowledged.
  let wiped: Set<String>
  private let found = Mutex<[Violation]>([])

  init(_ guarantees: [Guarantee], _ script: Script) {
    checksHolders = guarantees.contains(.acknowledged)
    checksQueues = guarantees.contains(.delivered)
    checksDescriptions = guarantees.contains(.writesFollowReads)
    wiped = script.wipedStores
  }

  /// Carries out an operation of a client, and records it. One whose process crashes never ends.
  func record(
    _ step: Int, _ action: Script.Step.Action, _ key: Key, by client: ScenarioClient, session: Int,
    audit: String? = nil
  ) async throws {
    let world = client.process.world
    world.note("step \(step): \(client.process.name), \(action) \(key)")
    let kind: History.Operation.Kind
    switch action {
    case .get: kind = .get(nil)
    case .put: kind = .put(step)
    case .delete: kind = .delete
    case .stat: return try await describe(step, key, by: client)
    }
    let before = checksDescriptions ? described.withLock { $0[client.place(of: key)] } : nil
    let id = recorder.begin(kind, key: key, session: session, at: world.moment, audit: audit)
    steps.withLock { $0.append(step) }
    guard let end = try await client.perform(action, key, step: step) else { return }
    recorder.finish(id, end.outcome, found: end.found, stamp: end.stamp)
    if checksQueues, let stamp = end.queuedStamp {
      queuedWrites.withLock { entries in entries += end.queued.map { (step, key, stamp, $0) } }
    }
    guard action != .get, case .ok = end.outcome, let stamp = end.stamp else { return }
    if checksHolders { check(step, key, stamp, by: client) }
    if let before, before.stamp >= stamp {
      add(
        Violation(
          .writesFollowReads, key: key, witness: [before.step, step],
          reason: "step \(step) was stamped \(stamp), and step \(before.step) was told of \(before.stamp)"))
    }
  }

  /// Asks for a description. No history has it: it says nothing of the value.
  private func describe(_ step: Int, _ key: Key, by client: ScenarioClient) async throws {
    guard let stamp = try await client.perform(.stat, key, step: step)?.stamp else { return }
    described.withLock { described in
      let place = client.place(of: key)
      if described[place].map({ $0.stamp < stamp }) ?? true { described[place] = (stamp, step) }
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

  /// The writes that queues took, and for which store.
  var queued: [(step: Int, key: Key, stamp: Stamp, store: String)] { queuedWrites.withLock(\.self) }

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

extension ScenarioClient {
  fileprivate func place(of key: Key) -> ScenarioRecorder.Description {
    ScenarioRecorder.Description(life: ObjectIdentifier(runtime), key: key)
  }
}
