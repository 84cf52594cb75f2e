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

  /// Carries out an operation, and says how it ended.
  ///
  /// - Returns: What was found, how it ended, and the stamp; `nil` when the process crashed.
  func perform(
    _ action: Script.Step.Action, _ key: Key, step: Int
  ) async throws -> (found: Int?, outcome: History.Operation.Outcome, stamp: Stamp?)? {
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
          return (value, .ok(at: world.moment), record?.stamp)
        case .put:
          let receipt = try await context.put(Record(Array("\(step)".utf8)), at: key, to: root)
          return Self.end(of: receipt, at: world.moment)
        case .delete:
          let receipt = try await context.delete(key, proof: nil, from: root)
          return Self.end(of: receipt, at: world.moment)
        }
      } catch {
        world.note("step \(step) failed: \(error)")
        return (nil, error.effect == .unchanged || action == .get ? .failed : .unknown, nil)
      }
    }
  }

  /// How a write ended, as its receipt says. What is in no store, or may not be, is not acknowledged, whoever returned
  /// without an error; and then the stamp may be that of somebody else's write.
  static func end(
    of receipt: Receipt, at moment: Int
  ) -> (found: Int?, outcome: History.Operation.Outcome, stamp: Stamp?) {
    switch receipt.result {
    case .stored, .deleted, .alreadyAbsent: (nil, .ok(at: moment), receipt.stamp)
    default: (nil, .unknown, nil)
    }
  }

  /// The step that wrote a record; a number that no step has when the bytes are no step's.
  private static func value(of record: Record) -> Int {
    String(validating: record.bytes, as: UTF8.self).flatMap(Int.init) ?? -1
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
