import MetaDriver

/// A client of a scenario: a process, and the tree that it has in its present life.
struct ScenarioClient: Sendable {
  /// The scenario's own closure, or the checks, refused the tree.
  struct NoTree: Error { let cause: any Error }

  let process: Simulation.Process
  let runtime: Runtime
  let root: any Driver

  /// Starts a client in a process that runs.
  init(_ scenario: Scenario, _ script: Script, _ process: Simulation.Process) throws(NoTree) {
    self.process = process
    runtime = process.runtime
    do {
      let tree = try scenario.tree(script.stores.map(process.leaf) + scenario.ownStores.map { $0.leaf(of: process) })
      root = Self.limited(tree, scenario.timeout)
      // Only the checks are wanted: a strategy's own get would leave out the stamps of tombstones.
      let root = root
      _ = try Strategy(scenario.name, runtime: runtime) { root }
    } catch { throw NoTree(cause: error) }
  }

  private static func limited(_ tree: some Driver, _ timeout: Duration) -> any Driver { tree.timeout(timeout) }

  /// How an operation ended.
  struct End: Sendable {
    /// The step that wrote what a read found.
    var found: Int?
    var outcome: History.Operation.Outcome
    var stamp: Stamp?
    /// The children for which a queue has the write.
    var queued: [String] = []
    /// The stamp under which it has it.
    var queuedStamp: Stamp?
  }

  /// A tree that can do something says that it cannot.
  struct Denial: Error, CustomStringConvertible {
    let error: DriverError
    var description: String { "the tree has the capability, and refuses: \(error)" }
  }

  /// Carries out an operation, and says how it ended.
  ///
  /// - Returns: `nil` when the process crashed.
  /// - Throws: ``Denial``.
  func perform(_ action: Script.Step.Action, _ key: Key, step: Int) async throws -> End? {
    var options = CallOptions()
    options.hints[StepHint.self] = step
    let context = Context(runtime, options: options)
    let (root, world) = (root, process.world)
    return try await process.perform("step \(step), \(action) \(key)") {
      do throws(DriverError) {
        switch action {
        case .get:
          let record = try await context.get(key, from: root)
          let value = record.flatMap { $0.isTombstone ? nil : Self.value(of: $0) }
          return End(found: value, outcome: .ok(at: world.moment), stamp: record?.stamp)
        case .stat:
          return End(outcome: .ok(at: world.moment), stamp: try await context.stat(key, from: root)?.stamp)
        case .put:
          let receipt = try await context.put(Record(Array("\(step)".utf8)), at: key, to: root)
          return Self.end(of: receipt, at: world.moment)
        case .delete:
          let receipt = try await context.delete(key, proof: nil, from: root)
          return Self.end(of: receipt, at: world.moment)
        }
      } catch {
        world.note("step \(step) failed: \(error)")
        if error.code == .unsupported, root.outline.canAlways(action.capability) {
          throw Denial(error: error)
        }
        return End(outcome: error.effect == .unchanged || action.isRead ? .failed : .unknown)
      }
    }
  }

  /// How a write ended, as its receipt says. What is in no store, or may not be, is not acknowledged, whoever returned
  /// without an error; and then the stamp may be that of somebody else's write.
  static func end(of receipt: Receipt, at moment: Int) -> End {
    let isAcknowledged = receipt.result.isAcknowledged
    return End(
      outcome: isAcknowledged ? .ok(at: moment) : .unknown, stamp: isAcknowledged ? receipt.stamp : nil,
      queued: receipt.queued, queuedStamp: receipt.stamp)
  }

  /// The step that wrote a record; a number that no step has when the bytes are no step's.
  private static func value(of record: Record) -> Int {
    String(validating: record.bytes, as: UTF8.self).flatMap(Int.init) ?? -1
  }
}

extension Script.Step.Action {
  fileprivate var capability: Capabilities {
    switch self {
    case .get: .get
    case .put: .put
    case .delete: .delete
    case .stat: .stat
    }
  }
}

extension Outline {
  /// Whether a tree says of data of every kind that it can do something: of several trees, one for each kind, it says so
  /// when one can.
  fileprivate func canAlways(_ capability: Capabilities) -> Bool {
    capabilities.contains(capability)
      && (kind == "ByKind" || isModifier ? children.allSatisfy { $0.canAlways(capability) } : !holdsTreesByKind)
  }

  private var holdsTreesByKind: Bool { children.contains { $0.kind == "ByKind" || $0.holdsTreesByKind } }
}

extension Receipt {
  /// The children for which a queue has the write.
  fileprivate var queued: [String] {
    var names = children.flatMap(\.queued)
    // A queue itself has one child; a node above it says which of its children is queued.
    if case .queued = result, children.count == 1 { names.append(children[0].node) }
    return Set(names).sorted()
  }
}

extension Outcome {
  fileprivate var queued: [String] {
    var names = children.flatMap(\.queued)
    if case .queued = result { names.append(node) }
    return names
  }
}

extension Simulation.World {
  /// The virtual time in the unit of histories: nanoseconds.
  var moment: Int { Int(scheduler.now) }
}

extension Scenario.Store {
  /// The store of this name that only one process has.
  fileprivate func leaf(of process: Simulation.Process) -> Faulty {
    let name = "\(name)-of-\(process.name.filter { !$0.isWhitespace && $0 != "," })"
    _ = process.world.leaf(name, ordering: ordering)
    return process.leaf(name)
  }
}
