import MetaDriver

/// What a read is expected to answer.
struct ReadAnswer: Equatable, CustomStringConvertible {
  /// `nil` when it did not fail.
  var code: DriverError.Code?
  /// Whose copy was given; `nil` for an absence.
  var source: Int?
  /// What an error says of the children that answered.
  var children: [String: Seen] = [:]

  static func found(_ index: Int) -> ReadAnswer { ReadAnswer(source: index) }
  static let absent = ReadAnswer()
  static func failed(_ code: DriverError.Code, _ reports: [Int: Seen]) -> ReadAnswer {
    let named = reports.map { (VectorWorld.names[$0.key], $0.value) }
    return ReadAnswer(code: code, children: Dictionary(uniqueKeysWithValues: named))
  }

  init(code: DriverError.Code? = nil, source: Int? = nil, children: [String: Seen] = [:]) {
    self.code = code
    self.source = source
    self.children = children
  }

  init(_ result: Result<Int?, DriverError>) {
    switch result {
    case .success(let source): self.source = source
    case .failure(let error):
      code = error.code
      let named = error.outcomes.map { ($0.node, Seen($0.result)) }.filter { $0.1 != .pending && $0.1 != .skipped }
      children = Dictionary(named) { _, second in .other("named twice, \(second)") }
      if error.effect != .unchanged { children["effect"] = .unknown(error.code) }
    }
  }

  var description: String {
    guard let code else { return source.map { "the copy of \($0)" } ?? "absent" }
    return "\(code) \(children.sorted { $0.key < $1.key })"
  }
}

/// The rule of a read, said once more.
enum ReadModel {
  /// One child after the other; the first copy wins.
  case inOrder([Int], stopsOnMiss: Bool)
  /// All at once; the first copy wins.
  case race
  /// All at once; the newest of so many answers.
  case quorum(Int)

  /// What a child says.
  static func report(_ behaviour: Behaviour) -> Seen {
    switch behaviour {
    case .absent: .absent
    case .error: .failed(.unavailable)
    case .corrupt: .failed(.corrupt)
    default: .found
    }
  }

  /// The answer once so many children, in this order, have said this; `nil` while it is open.
  func answer(of count: Int, _ arrived: [(index: Int, report: Seen)]) -> ReadAnswer? {
    let reports = Dictionary(uniqueKeysWithValues: arrived.map { ($0.index, $0.report) })
    switch self {
    case .inOrder(_, let stopsOnMiss):
      if let last = arrived.last, last.report == .found { return .found(last.index) }
      let isLast = arrived.count == count || (stopsOnMiss && arrived.last?.report == .absent)
      return isLast ? Self.nobodyHasIt(reports) : nil
    case .race:
      if let winner = arrived.first(where: { $0.report == .found }) { return .found(winner.index) }
      return arrived.count == count ? Self.nobodyHasIt(reports) : nil
    case .quorum(let needed):
      let answers = arrived.filter { $0.report == .found || $0.report == .absent }
      if answers.count >= needed {
        let found = answers.prefix(needed).filter { $0.report == .found }
        guard let newest = found.max(by: { copies[$0.index].stamp! < copies[$1.index].stamp! }) else { return .absent }
        return .found(newest.index)
      }
      let mayYetAnswer = count - (arrived.count - answers.count)
      return mayYetAnswer < needed ? .failed(.quorumNotMet, reports) : nil
    }
  }

  /// R1: absent only if everybody said so; otherwise a failure, with the code on which all failures agree.
  private static func nobodyHasIt(_ reports: [Int: Seen]) -> ReadAnswer {
    let failures = Set(reports.values.filter { $0 != .absent })
    switch failures.count {
    case 0: return .absent
    case 1:
      guard case .failed(let code)? = failures.first else { return .absent }
      return .failed(code, reports)
    default: return .failed(.unavailable, reports)
    }
  }
}

/// One kind of read on one tree, tried with many vectors and compared with the model.
struct ReadTrial {
  enum Operation { case get, stat }

  let world: VectorWorld
  let model: ReadModel
  let operation: Operation
  var mismatches = Mismatches()

  init(_ world: VectorWorld, _ model: ReadModel, _ operation: Operation) {
    self.world = world
    self.model = model
    self.operation = operation
  }

  /// Starts the read, which gives whose copy was found: every child's copy is another.
  private func start() -> Probe<Int?> {
    let operation = operation
    return world.start { node, context throws(DriverError) in
      switch operation {
      case .get:
        guard let record = try await node.get(vectorKey, in: context) else { return nil }
        return copies.firstIndex(of: record) ?? -1
      case .stat:
        guard let stat = try await node.stat(vectorKey, in: context) else { return nil }
        return copies.firstIndex { Stat(of: $0) == stat } ?? -1
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
    let probe = start()
    world.run()
    if case .inOrder(let turns, _) = model {
      inOrder(vector, turns, probe, situation())
    } else {
      atOnce(vector, order, probe, situation())
    }
    mismatches.check(world.drains(), is: true, "whether it drains", situation())
  }

  private mutating func inOrder(
    _ vector: [Behaviour], _ turns: [Int], _ probe: Probe<Int?>, _ situation: @autoclosure () -> String
  ) {
    var asked = vector.map { _ in 0 }
    var arrived: [(index: Int, report: Seen)] = []
    for index in turns {
      asked[index] = 1
      if vector[index] == .hang {
        mismatches.check(probe.isFinished, is: false, "whether it is over while \(index) hangs", situation())
        mismatches.check(world.children.map(\.asked.count), is: asked, "the calls while \(index) hangs", situation())
        world.release(index)
      }
      arrived.append((index, ReadModel.report(vector[index])))
      guard let answer = model.answer(of: vector.count, arrived) else { continue }
      mismatches.check(probe.result.map { ReadAnswer($0) }, is: answer, "the answer", situation())
      break
    }
    mismatches.check(world.children.map(\.asked.count), is: asked, "the calls", situation())
  }

  private mutating func atOnce(
    _ vector: [Behaviour], _ order: [Int]?, _ probe: Probe<Int?>, _ situation: @autoclosure () -> String
  ) {
    var asked = vector.map { _ in 1 }
    var arrived: [(index: Int, report: Seen)] = []
    var answer: ReadAnswer?
    let hung = vector.indices.filter { vector[$0] == .hang }
    if order == nil {
      // Those who answer at once do so in their order, and nobody is asked any more when they have decided the matter.
      for index in vector.indices {
        if answer != nil {
          asked[index] = 0
        } else if vector[index] != .hang {
          arrived.append((index, ReadModel.report(vector[index])))
          answer = model.answer(of: vector.count, arrived)
        }
      }
    }
    mismatches.check(world.children.map(\.asked.count), is: asked, "the calls", situation())
    mismatches.check(probe.result.map { ReadAnswer($0) }, is: answer, "the answer before any release", situation())
    for index in (order ?? []) + hung where asked[index] == 1 {
      let isLate = answer != nil
      world.release(index)
      // Who is still running when the matter is decided is told to stop.
      mismatches.check(world.children[index].sawCancellation, is: isLate, "whether \(index) was cancelled", situation())
      guard !isLate else { continue }
      arrived.append((index, ReadModel.report(vector[index])))
      answer = model.answer(of: vector.count, arrived)
      mismatches.check(
        probe.result.map { ReadAnswer($0) }, is: answer, "the answer after that of \(index)", situation())
    }
    mismatches.check(answer == nil, is: false, "whether it ends", situation())
    mismatches.check(world.children.map(\.asked.count), is: asked, "the calls in the end", situation())
  }

  /// The caller goes away while a child hangs: R25.
  mutating func cancel(_ vector: [Behaviour]) {
    for honours in [true, false] {
      func situation() -> String { "\(vector), cancelled\(honours ? ", honouring cancellation" : "")" }
      world.reset(
        vector, contents: Array(copies.prefix(vector.count)), isGated: false, honoursCancellation: honours)
      let probe = start()
      world.run()
      let isOver = probe.isFinished
      let asked = world.children.map(\.asked.count)
      let answered = vector.indices.filter { asked[$0] == 1 && vector[$0] != .hang }
      var reports = Dictionary(uniqueKeysWithValues: answered.map { ($0, ReadModel.report(vector[$0])) })
      probe.cancel()
      world.run()
      if !isOver {
        if case .inOrder(let turns, _) = model {
          // The search runs in the caller's task: it ends when its child does.
          mismatches.check(probe.isFinished, is: honours, "whether it is over", situation())
          if honours, let hung = turns.first(where: { vector[$0] == .hang }) { reports[hung] = .failed(.cancelled) }
        } else {
          mismatches.check(probe.isFinished, is: true, "whether it is over", situation())
        }
        if let result = probe.result {
          mismatches.check(ReadAnswer(result), is: .failed(.cancelled, reports), "the answer", situation())
        }
        mismatches.check(world.children.map(\.asked.count), is: asked, "the calls", situation())
      }
      mismatches.check(world.drains(), is: true, "whether it drains", situation())
      for index in vector.indices where !isOver && asked[index] == 1 && vector[index] == .hang {
        mismatches.check(
          world.children[index].sawCancellation, is: true, "whether \(index) was cancelled", situation())
      }
    }
  }
}
