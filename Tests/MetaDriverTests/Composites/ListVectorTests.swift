import MetaDriver
import Testing

@Suite("Lists over every fault vector")
struct ListVectorTests {
  /// What a listing is expected to answer.
  private struct Answer: Equatable, CustomStringConvertible {
    /// `nil` when there is a page.
    var code: DriverError.Code?
    /// The names listed: every child has a key of its own.
    var names: [String] = []
    /// Who did not answer, or failed.
    var silent: [String] = []

    init(code: DriverError.Code? = nil, names: [String] = [], silent: [String] = []) {
      self.code = code
      self.names = names
      self.silent = silent
    }

    init(_ result: Result<Page, DriverError>) {
      switch result {
      case .success(let page):
        names = page.entries.map(\.key.name)
        silent = page.unanswered.sorted()
      case .failure(let error):
        code = error.code
        silent = error.outcomes.map { "\($0.node) \(Seen($0.result))" }.sorted()
      }
    }

    var description: String { "\(code.map { "\($0) " } ?? "")\(names), silent \(silent)" }
  }

  /// What the rules say, once so many children have answered in this order; `nil` while it is open.
  ///
  /// Without a quorum any child may hold a key that nobody else holds, so all are waited for, and whoever failed is
  /// named. With one, `needed` full answers are complete.
  private static func model(_ vector: [Behaviour], _ arrived: [Int], needed: Int?) -> Answer? {
    let failed = arrived.filter { vector[$0] == .error || vector[$0] == .corrupt }
    let answered = arrived.filter { !failed.contains($0) }
    let code: DriverError.Code
    if let needed {
      if answered.count >= needed { return Answer(names: names(vector, answered.prefix(needed))) }
      guard vector.count - failed.count < needed else { return nil }
      code = .quorumNotMet
    } else {
      guard arrived.count == vector.count else { return nil }
      guard answered.isEmpty else {
        return Answer(names: names(vector, answered[...]), silent: failed.sorted().map { VectorWorld.names[$0] })
      }
      code = .unavailable
    }
    let reports = vector.indices.filter { !answered.contains($0) }.map { index in
      "\(VectorWorld.names[index]) \(failed.contains(index) ? ReadModel.report(vector[index]) : .pending)"
    }
    return Answer(code: code, silent: reports)
  }

  private static func names(_ vector: [Behaviour], _ answered: ArraySlice<Int>) -> [String] {
    answered.filter { vector[$0] != .absent }.sorted().map { VectorWorld.names[$0] }
  }

  private static func run(
    _ world: VectorWorld, _ vector: [Behaviour], needed: Int?, order: [Int]?, _ mismatches: inout Mismatches
  ) {
    func situation() -> String { "\(vector)\(order.map { ", answering in the order \($0)" } ?? "")" }
    world.reset(vector, contents: Array(copies.prefix(vector.count)), isGated: order != nil)
    let probe = world.start { node, context throws(DriverError) in try await node.list(ListRequest(), in: context) }
    world.run()
    var arrived: [Int] = []
    var answer: Answer?
    var asked = vector.map { _ in 1 }
    if order == nil {
      for index in vector.indices {
        if answer != nil {
          asked[index] = 0
        } else if vector[index] != .hang {
          arrived.append(index)
          answer = model(vector, arrived, needed: needed)
        }
      }
    }
    mismatches.check(probe.result.map { Answer($0) }, is: answer, "the answer before any release", situation())
    mismatches.check(world.children.map(\.asked.count), is: asked, "the calls", situation())
    for index in (order ?? []) + vector.indices.filter({ vector[$0] == .hang }) where answer == nil {
      world.release(index)
      arrived.append(index)
      answer = model(vector, arrived, needed: needed)
      mismatches.check(probe.result.map { Answer($0) }, is: answer, "the answer after that of \(index)", situation())
    }
    mismatches.check(answer == nil, is: false, "whether it ends", situation())
    mismatches.check(world.drains(), is: true, "whether it drains", situation())
  }

  private static func runAll(_ world: VectorWorld, needed: Int?, _ name: String) {
    let count = world.children.count
    var mismatches = Mismatches()
    for vector in vectors(count, of: Behaviour.reads) {
      run(world, vector, needed: needed, order: nil, &mismatches)
      for order in permutations(vector.indices.filter { vector[$0] != .hang }) where count < 4 {
        run(world, vector, needed: needed, order: order, &mismatches)
      }
    }
    mismatches.report("\(count) children, \(name)")
  }

  // B1, R30
  @Test("FirstSuccess and Replicated name whoever could not list", arguments: 1...4)
  func everybody(count: Int) {
    Self.runAll(VectorWorld(count) { children in FirstSuccess { children } }, needed: nil, "FirstSuccess")
    Self.runAll(VectorWorld(count) { children in Replicated { children } }, needed: nil, "Replicated")
  }

  // B1, B5, R30: a listing of a quorum is complete when enough have answered, and waits for nobody else.
  @Test("Quorum lists in full when enough have answered", arguments: 1...4)
  func quorum(count: Int) {
    for read in 1...count {
      let world = VectorWorld(count) { children in Quorum(read: .exactly(read), write: .all) { children } }
      Self.runAll(world, needed: read, "read \(read)")
    }
  }

  // B1, R30: what can be read and not listed may hold a key that is not on the page.
  @Test("A child that can be read and not listed is named")
  func unlistable() throws {
    for missing in subsets(3) where missing.count < 3 {
      let without = Dictionary(uniqueKeysWithValues: missing.map { ($0, Capabilities.list) })
      let silent = missing.sorted().map { VectorWorld.names[$0] }
      for world in [
        VectorWorld(3, without: without) { children in FirstSuccess { children } },
        VectorWorld(3, without: without) { children in Replicated { children } },
      ] {
        world.reset([.ok, .ok, .ok], contents: Array(copies.prefix(3)), isGated: false)
        let probe = world.start { node, context throws(DriverError) in try await node.list(ListRequest(), in: context) }
        world.run()
        let page = try #require(try probe.result?.get())
        #expect(page.unanswered.sorted() == silent)
        #expect(page.entries.map(\.key.name) == VectorWorld.names.prefix(3).filter { !silent.contains($0) })
      }
    }
  }

  // R30: nothing that is only written to can hold a key that a read would find.
  @Test("A child that can neither be read nor listed is missed by nobody")
  func writeOnly() throws {
    let world = VectorWorld(2, without: [1: [.get, .list, .stat]]) { children in Replicated { children } }
    world.reset([.ok, .ok], contents: Array(copies.prefix(2)), isGated: false)
    let probe = world.start { node, context throws(DriverError) in try await node.list(ListRequest(), in: context) }
    world.run()
    #expect(try probe.result?.get().isComplete == true)
  }

  // R25
  @Test("A listing that is cancelled is answered at once")
  func cancelled() {
    for world in [
      VectorWorld(3) { children in FirstSuccess { children } },
      VectorWorld(3) { children in Quorum(read: 2, write: 2) { children } },
    ] {
      world.reset([.ok, .hang, .hang], contents: Array(copies.prefix(3)), isGated: false)
      let probe = world.start { node, context throws(DriverError) in try await node.list(ListRequest(), in: context) }
      world.run()
      #expect(!probe.isFinished)
      probe.cancel()
      world.run()
      #expect(probe.result.map { Answer($0) } == Answer(code: .cancelled, silent: ["b pending", "c pending"]))
      #expect(world.drains())
    }
  }
}
