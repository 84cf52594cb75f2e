import Testing

@testable import MetaDriver

@Suite struct MigrationStateTests {
  typealias Phase = Migration.Phase
  typealias Step = MigrationState.Step

  /// The phases in their order, from which a migration can be given up.
  private static let course: [Phase] = [.notBegun, .copying, .verifying, .verified, .switched, .retired]

  /// The phase that a step is made in.
  private func origin(of step: Step) -> Phase? {
    switch step {
    case .begin: .notBegun
    case .copy: .copying
    case .verify: .verifying
    case .switchReads: .verified
    case .retire: .switched
    case .abort: nil
    }
  }

  @Test("Every step in every phase is due, done, or refused with a reason", arguments: Step.allCases, Phase.allCases)
  func moves(step: Step, phase: Phase) throws {
    let move = MigrationState(phase).move(step)
    let place = Self.course.firstIndex(of: phase) ?? 0
    guard let origin = origin(of: step) else {
      switch phase {
      case .notBegun, .aborted: #expect(move == .done)
      case .retired: if case .refused = move {} else { Issue.record("\(move)") }
      default: #expect(move == .go)
      }
      return
    }
    let due = try #require(Self.course.firstIndex(of: origin))
    if place == due {
      #expect(move == .go)
    } else if place > due {
      #expect(move == .done)
    } else if case .refused(let reason) = move {
      #expect(reason.contains("first"))
    } else {
      Issue.record("\(step) while \(phase): \(move)")
    }
  }

  @Test("The steps in their order lead through every phase to the end")
  func course() {
    var state = MigrationState()
    var seen = [state.phase]
    state.go(.begin)
    seen.append(state.phase)
    for _ in 0..<2 {
      state.advance(to: "a", count: 2)
      #expect(state.position == MigrationState.Position(kind: .mutable, last: "a"))
      state.advance(to: nil, count: 1, repaired: 1)
      #expect(state.position == MigrationState.Position(kind: .immutable))
      state.advance(to: nil, count: 0)
      seen.append(state.phase)
    }
    state.go(.switchReads)
    state.go(.retire)
    seen += [.switched, state.phase]
    #expect(seen == Self.course)
    #expect("\(state.status)" == "retired: 3 copied, 3 compared, 2 repaired")
  }

  @Test("A migration that begins again counts from the beginning")
  func again() {
    var state = MigrationState()
    state.go(.begin)
    state.advance(to: "a", count: 9, repaired: 1)
    state.go(.abort)
    #expect(state.phase == .aborted && state.position == MigrationState.Position())
    state.go(.begin)
    #expect(state == MigrationState(.copying))
  }

  @Test("Reads use a side that is written, and it is written last", arguments: Phase.allCases)
  func sides(phase: Phase) {
    let state = MigrationState(phase)
    #expect(state.writes.last == state.reads)
    #expect(Set(state.writes).count == state.writes.count)
  }

  // What a write has reached that was acknowledged before a step, a read finds after it.
  @Test("No step lets reads use a side that was not written before it, unless everything was copied in between")
  func noGaps() {
    for phase in Phase.allCases {
      for step in Step.allCases where MigrationState(phase).move(step) == .go && step != .copy && step != .verify {
        var next = MigrationState(phase)
        next.go(step)
        #expect(MigrationState(phase).writes.contains(next.reads), "\(step) while \(phase)")
      }
    }
  }

  @Test("The stored state comes back, whatever it is", arguments: Phase.allCases)
  func document(phase: Phase) throws {
    for kind in Key.Kind.allCases {
      let last: Key = kind == .mutable ? "a\u{0}é" : .immutable(ContentHash(of: [1]))
      for position in [MigrationState.Position(kind: kind), MigrationState.Position(kind: kind, last: last)] {
        let state = MigrationState(phase, position: position, copied: 1, compared: .max, repaired: 3)
        #expect(try MigrationState(document: state.document(of: "to eu", edit: 7), of: "to eu") == state)
      }
    }
  }

  @Test("A state that is cut, changed, of another migration or of a later version is corrupt")
  func damage() throws {
    let document = MigrationState(.copying, position: .init(kind: .mutable, last: "k")).document(of: "to eu", edit: 7)
    func expectCorrupt(_ bytes: [UInt8], of name: String = "to eu") {
      let error = #expect(throws: DriverError.self) { try MigrationState(document: bytes, of: name) }
      #expect(error?.code == .corrupt)
    }
    for count in document.indices { expectCorrupt(Array(document.prefix(count))) }
    for place in document.indices {
      var changed = document
      changed[place] ^= 0x40
      expectCorrupt(changed)
    }
    expectCorrupt(document, of: "to us")
    var later = Document(.migration, version: 2)
    later.append("to eu")
    expectCorrupt(later.finished())
  }
}
