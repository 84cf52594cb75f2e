import Testing

@testable import MetaDriver

@Suite struct TurnTableTests {
  private enum Step {
    case enter(Int)
    case leave(Int)
    case abandon(Int, TurnTable.Ticket)
  }

  /// What a person would write on paper: for each key whether somebody writes, and who waits.
  private struct Model {
    var isBusy = [false, false]
    var lines: [[TurnTable.Ticket]] = [[], []]
    var issued: [(key: Int, ticket: TurnTable.Ticket)] = []

    var steps: [Step] {
      [.enter(0), .enter(1)] + (0...1).filter { isBusy[$0] }.map { .leave($0) }
        + issued.map { .abandon($0.key, $0.ticket) }
    }
  }

  private static let keys: [Key] = [.mutable("a"), .mutable("b")]
  private static let capacity = 2

  /// Carries out a step on both. False when they disagree.
  private func agree(on step: Step, _ table: inout TurnTable, _ model: inout Model) -> Bool {
    switch step {
    case .enter(let key):
      let entry = table.enter(Self.keys[key])
      guard model.isBusy[key] else {
        model.isBusy[key] = true
        return entry == .go
      }
      if model.lines.joined().count == Self.capacity { return entry == .full }
      guard case .wait(let ticket) = entry, !model.issued.contains(where: { $0.ticket == ticket }) else { return false }
      model.lines[key].append(ticket)
      model.issued.append((key, ticket))
      return true
    case .leave(let key):
      let expected = model.lines[key].isEmpty ? nil : model.lines[key].removeFirst()
      if expected == nil { model.isBusy[key] = false }
      return table.leave(Self.keys[key]) == expected
    case .abandon(let key, let ticket):
      let place = model.lines[key].firstIndex(of: ticket)
      if let place { model.lines[key].remove(at: place) }
      return table.abandon(Self.keys[key], ticket) == (place != nil)
    }
  }

  @Test("Every sequence of seven steps over two keys and two waiters does what a line on paper does")
  func modelCheck() {
    var checked = 0
    var failure: [Step]?
    func explore(_ table: TurnTable, _ model: Model, _ path: [Step]) {
      guard path.count < 7, failure == nil else { return }
      for step in model.steps {
        var (table, model) = (table, model)
        checked += 1
        guard agree(on: step, &table, &model) else {
          failure = failure ?? path + [step]
          return
        }
        explore(table, model, path + [step])
      }
    }
    explore(TurnTable(capacity: Self.capacity), Model(), [])
    #expect(failure == nil, "after these steps the table and the model disagree")
    #expect(checked > 10_000)
  }

  @Test("A ticket is good for its own key only")
  func ticketOfAnotherKey() {
    var table = TurnTable(capacity: 4)
    _ = table.enter(Self.keys[0])
    guard case .wait(let ticket) = table.enter(Self.keys[0]) else {
      Issue.record("the second writer of a key does not wait")
      return
    }
    let isAbandoned = table.abandon(Self.keys[1], ticket)
    #expect(!isAbandoned)
    let called = table.leave(Self.keys[0])
    #expect(called == ticket)
  }
}
