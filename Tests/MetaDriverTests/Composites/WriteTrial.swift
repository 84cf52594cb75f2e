import MetaDriver

/// One kind of write on one tree, tried with many vectors and compared with the model.
struct WriteTrial {
  enum Operation { case put, delete, tombstone }

  let world: VectorWorld
  let model: WriteModel
  let remainder: Remainder
  let operation: Operation
  /// Whether a node above has stamped what is written.
  let isStamped: Bool
  var mismatches = Mismatches()

  init(
    _ world: VectorWorld, _ model: WriteModel, _ remainder: Remainder, _ operation: Operation, isStamped: Bool = false
  ) {
    self.isStamped = isStamped
    self.world = world
    self.model = model
    self.remainder = remainder
    self.operation = operation
  }

  static let newBytes: [UInt8] = [0, 255, 7, 7]

  private func report(_ behaviour: Behaviour) -> Seen {
    operation == .put ? WriteModel.put(behaviour) : WriteModel.delete(behaviour)
  }

  private func start() -> Probe<Receipt> {
    let (operation, stamp) = (operation, isStamped ? Stamp(time: 1 << 50, writer: 1) : nil)
    return world.start { node, context throws(DriverError) in
      switch operation {
      case .put: try await node.put(Record(Self.newBytes, stamp: stamp), at: vectorKey, in: context)
      case .tombstone where stamp != nil:
        try await node.put(.tombstone(DeletionProof([1]), stamp: stamp!), at: vectorKey, in: context)
      case .delete, .tombstone: try await node.delete(vectorKey, proof: DeletionProof([1]), in: context)
      }
    }
  }

  /// Tries one vector.
  ///
  /// - Parameter order: The order in which the children answer; `nil` when they answer at once. Children that hang
  ///   answer last, one after the other.
  mutating func run(_ vector: [Behaviour], order: [Int]? = nil) {
    func situation() -> String { "\(vector)\(order.map { ", answering in the order \($0)" } ?? "")" }
    world.reset(vector, contents: Array(copies.prefix(vector.count)), isGated: order != nil)
    let hung = vector.indices.filter { vector[$0] == .hang }
    let steps: [[Int]] =
      (order.map { $0.map { [$0] } } ?? [vector.indices.filter { vector[$0] != .hang }]) + hung.map { [$0] }
    let probe = start()
    world.run()
    check(everybodyWasAskedOnceTheSame: vector, situation())
    var reports: [Seen?] = vector.map { _ in nil }
    var expected: WriteAnswer?
    for (number, step) in steps.enumerated() {
      if order != nil || number > 0 { for index in step { world.release(index) } }
      for index in step { reports[index] = report(vector[index]) }
      guard expected == nil else { continue }
      let holds = model.holds(reports)
      let isOver = remainder == .await ? !reports.contains(nil) : holds != nil
      mismatches.check(
        probe.isFinished, is: isOver, "whether it is over after \(reports.map { $0 ?? .pending })",
        situation())
      guard isOver, let holds, let result = probe.result else { continue }
      let unanswered: Seen = remainder == .cancel ? .unknown(.cancelled) : .pending
      let answer = WriteAnswer(holds: holds, reports.map { $0 ?? unanswered }, tombstones: operation == .tombstone)
      mismatches.check(WriteAnswer(result), is: answer, "the answer", situation())
      expected = answer
    }
    mismatches.check(world.drains(), is: true, "whether it drains", situation())
    check(whatIsStored: vector, situation())
    for index in hung {
      let isLate = expected?.children[index] == .pending || expected?.children[index] == .unknown(.cancelled)
      mismatches.check(
        world.children[index].sawCancellation, is: remainder == .cancel && isLate, "whether \(index) was cancelled",
        situation())
    }
  }

  /// The caller goes away while the write is undecided: R6, R25.
  mutating func cancel(_ vector: [Behaviour]) {
    func situation() -> String { "\(vector), cancelled" }
    world.reset(vector, contents: Array(copies.prefix(vector.count)), isGated: false)
    let probe = start()
    world.run()
    let isOver = probe.isFinished
    probe.cancel()
    world.run()
    mismatches.check(probe.isFinished, is: true, "whether it is over", situation())
    if !isOver, let result = probe.result {
      let reports = vector.map { $0 == .hang ? .pending : report($0) }
      mismatches.check(
        WriteAnswer(result), is: .cancelled(reports, tombstones: operation == .tombstone), "the answer", situation())
    }
    mismatches.check(world.drains(), is: true, "whether it drains", situation())
    check(everybodyWasAskedOnceTheSame: vector, situation())
    check(whatIsStored: vector, situation())
    if !isOver {
      mismatches.check(
        world.children.contains(where: \.sawCancellation), is: false, "whether a write was cancelled", situation())
    }
  }

  /// The caller had gone away before the write began: nobody is asked.
  mutating func cancelBefore() {
    let vector = world.children.map { _ in Behaviour.ok }
    world.reset(vector, contents: Array(copies.prefix(vector.count)), isGated: false)
    let probe = start()
    probe.cancel()
    world.run()
    let answer = probe.result.map { WriteAnswer($0) }
    mismatches.check(answer?.code, is: .cancelled, "the code", "cancelled before")
    mismatches.check(answer?.effect, is: .unchanged, "the effect", "cancelled before")
    mismatches.check(world.children.map(\.asked.count), is: vector.map { _ in 0 }, "the calls", "cancelled before")
  }

  /// A21, R8: every child was asked, once, with the same bytes and the same stamp.
  private mutating func check(everybodyWasAskedOnceTheSame vector: [Behaviour], _ situation: @autoclosure () -> String)
  {
    let asked = world.children.map(\.asked)
    mismatches.check(asked.map(\.count), is: vector.map { _ in 1 }, "the number of calls", situation())
    guard let first = asked.first?.first else { return }
    mismatches.check(asked.allSatisfy { $0 == [first] }, is: true, "whether all were sent the same", situation())
    switch operation {
    case .put: mismatches.check(first.record?.bytes, is: Self.newBytes, "the bytes sent", situation())
    case .delete: mismatches.check(first.operation, is: .delete, "the operation", situation())
    case .tombstone: mismatches.check(first.record?.isTombstone, is: true, "whether a tombstone was sent", situation())
    }
  }

  /// B2: what was sent has landed when everything has ended. R10: nothing was undone.
  private mutating func check(whatIsStored vector: [Behaviour], _ situation: @autoclosure () -> String) {
    for (index, child) in world.children.enumerated() {
      mismatches.check(child.asked.count <= 1, is: true, "whether \(index) was asked once in the end", situation())
      let isChanged = vector[index] != .error && !child.asked.isEmpty
      switch operation {
      case .put:
        mismatches.check(
          child.contents?.bytes, is: isChanged ? Self.newBytes : copies[index].bytes, "the bytes at \(index)",
          situation())
      case .delete:
        let copy = vector[index] == .absent ? nil : copies[index]
        mismatches.check(child.contents, is: isChanged ? nil : copy, "the copy at \(index)", situation())
      case .tombstone:
        mismatches.check(child.contents?.isTombstone, is: isChanged, "whether \(index) holds a tombstone", situation())
      }
    }
  }
}

/// Writes that ask one child after the other.
extension WriteTrial {
  /// How such a write goes on after a child has answered.
  enum Course {
    /// Asks everybody unless the write can no longer hold: `Replicated` in turn.
    case toTheEnd
    /// Ends at the first child that accepts: `FirstSuccess`.
    case toTheFirst
  }

  /// Tries one vector.
  ///
  /// - Parameters:
  ///   - isCancelled: Whether the caller goes away at the first child that hangs.
  ///   - honoursCancellation: Whether a child that hangs gives up then.
  mutating func runInTurn(
    _ vector: [Behaviour], _ course: Course, isCancelled: Bool = false, honoursCancellation: Bool = false
  ) {
    func situation() -> String {
      "\(vector)\(isCancelled ? ", cancelled" : "")\(honoursCancellation ? ", honouring cancellation" : "")"
    }
    world.reset(
      vector, contents: Array(copies.prefix(vector.count)), isGated: false, honoursCancellation: honoursCancellation)
    let probe = start()
    world.run()
    var reports: [Seen?] = vector.map { _ in nil }
    var isGone = false
    for index in vector.indices {
      let asked = vector.indices.map { $0 <= index ? 1 : 0 }
      reports[index] = report(vector[index])
      if vector[index] == .hang {
        mismatches.check(probe.isFinished, is: false, "whether it is over while \(index) hangs", situation())
        mismatches.check(world.children.map(\.asked.count), is: asked, "the calls while \(index) hangs", situation())
        if isCancelled {
          isGone = true
          probe.cancel()
          world.run()
          mismatches.check(
            probe.isFinished, is: honoursCancellation, "whether it is over when cancelled", situation())
          if honoursCancellation { reports[index] = .unknown(.cancelled) }
        }
        world.release(index)
      }
      let isDone = course == .toTheFirst && reports[index]?.isAcknowledged == true
      guard isDone || isGone || model.holds(reports) == false else { continue }
      for later in vector.indices where later > index { reports[later] = .skipped }
      break
    }
    let said = reports.compactMap { $0 }
    let holds = model.holds(reports) == true
    let answer =
      isGone && !holds
      ? WriteAnswer.cancelled(said, tombstones: false) : WriteAnswer(holds: holds, said, tombstones: false)
    mismatches.check(probe.result.map { WriteAnswer($0) }, is: answer, "the answer", situation())
    mismatches.check(
      world.children.map(\.asked.count), is: said.map { $0 == .skipped ? 0 : 1 }, "the calls", situation())
    mismatches.check(world.drains(), is: true, "whether it drains", situation())
    if !honoursCancellation { check(whatIsStored: vector, situation()) }
  }
}
