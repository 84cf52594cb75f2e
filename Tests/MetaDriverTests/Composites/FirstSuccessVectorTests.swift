import MetaDriver
import Testing

@Suite("FirstSuccess over every fault vector")
struct FirstSuccessVectorTests {
  private static func world(_ count: Int, onMiss: FirstSuccess.MissRule = .continue) -> VectorWorld {
    VectorWorld(count) { children in FirstSuccess(onMiss: onMiss) { children } }
  }

  private static func writes(_ count: Int, _ operation: WriteTrial.Operation) -> WriteTrial {
    let model =
      operation == .put ? WriteModel(needed: 1, required: []) : WriteModel(needed: count, required: Set(0..<count))
    return WriteTrial(world(count), model, .background, operation)
  }

  // A10, A11, A15, B4, B5, B6, R1, R2, R3
  @Test("Reads", arguments: 1...5, [FirstSuccess.MissRule.continue, .stop])
  func reads(count: Int, onMiss: FirstSuccess.MissRule) {
    for operation in [ReadTrial.Operation.get, .stat] where operation == .get || count < 5 {
      var trial = ReadTrial(
        Self.world(count, onMiss: onMiss), .inOrder(Array(0..<count), stopsOnMiss: onMiss == .stop), operation)
      for vector in vectors(count, of: Behaviour.reads) { trial.run(vector) }
      trial.mismatches.report("\(count) children, \(operation), on miss \(onMiss)")
    }
  }

  // R25
  @Test("A read that is cancelled asks nobody more", arguments: 1...4, [FirstSuccess.MissRule.continue, .stop])
  func cancelledReads(count: Int, onMiss: FirstSuccess.MissRule) {
    var trial = ReadTrial(
      Self.world(count, onMiss: onMiss), .inOrder(Array(0..<count), stopsOnMiss: onMiss == .stop), .get)
    for vector in vectors(count, of: Behaviour.reads) where vector.contains(.hang) { trial.cancel(vector) }
    trial.mismatches.report("\(count) children, on miss \(onMiss)")
  }

  // B29, R5, R10: a write goes on after an error only.
  @Test("Puts", arguments: 1...5)
  func puts(count: Int) {
    var trial = Self.writes(count, .put)
    for vector in vectors(count, of: Behaviour.writes) { trial.runInTurn(vector, .toTheFirst) }
    trial.mismatches.report("\(count) children")
  }

  // R6, R25
  @Test("A put that is cancelled asks nobody more", arguments: 1...4)
  func cancelledPuts(count: Int) {
    var trial = Self.writes(count, .put)
    trial.cancelBefore()
    for vector in vectors(count, of: Behaviour.writes) where vector.contains(.hang) {
      trial.runInTurn(vector, .toTheFirst, isCancelled: true)
      trial.runInTurn(vector, .toTheFirst, isCancelled: true, honoursCancellation: true)
    }
    trial.mismatches.report("\(count) children")
  }

  // A34, B7, R15
  @Test("Deletes", arguments: 1...5)
  func deletes(count: Int) {
    var trial = Self.writes(count, .delete)
    trial.cancelBefore()
    for vector in vectors(count, of: Behaviour.deletes) { trial.run(vector) }
    for vector in vectors(count, of: Behaviour.deletes) where count < 4 && vector.contains(.hang) {
      trial.cancel(vector)
    }
    trial.mismatches.report("\(count) children")
  }

  // A34
  @Test("Deletes that are answered in every order", arguments: 1...3)
  func deletesInEveryOrder(count: Int) {
    var trial = Self.writes(count, .delete)
    for vector in vectors(count, of: Behaviour.deletes) {
      for order in permutations(vector.indices.filter { vector[$0] != .hang }) { trial.run(vector, order: order) }
    }
    trial.mismatches.report("\(count) children")
  }
}
