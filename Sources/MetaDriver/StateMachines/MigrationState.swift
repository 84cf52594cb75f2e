/// How far a migration is, and what may come next. Pure.
struct MigrationState: Hashable, Sendable {
  /// One of the two trees; the number is its place among the children.
  enum Side: Int, Hashable, Sendable, CaseIterable { case from, to }

  /// What somebody wants.
  enum Step: CaseIterable, Sendable { case begin, copy, verify, switchReads, retire, abort }

  /// What a step means in a phase.
  enum Move: Hashable, Sendable {
    /// The step leads to another phase, at once or when its work is done.
    case go
    /// The step was made already.
    case done
    /// The step must not be made: something else has to come first, or it is too late.
    case refused(String)
  }

  /// Where a pass over both kinds of keys stands: behind this key of this kind.
  struct Position: Hashable, Sendable {
    var kind = Key.Kind.mutable
    var last: Key?
  }

  private(set) var phase = Migration.Phase.notBegun
  private(set) var position = Position()
  private(set) var copied: UInt64 = 0
  private(set) var compared: UInt64 = 0
  private(set) var repaired: UInt64 = 0

  init() {}

  /// The state that was stored, or that somebody vouches for.
  init(
    _ phase: Migration.Phase, position: Position = Position(), copied: UInt64 = 0, compared: UInt64 = 0,
    repaired: UInt64 = 0
  ) {
    self.phase = phase
    self.position = position
    self.copied = copied
    self.compared = compared
    self.repaired = repaired
  }

  /// Which side reads use.
  var reads: Side {
    switch phase {
    case .notBegun, .copying, .verifying, .verified, .aborted: .from
    case .switched, .retired: .to
    }
  }

  /// Which sides are written, the one that reads use last: whoever has read something there finds it on the other side too.
  var writes: [Side] {
    switch phase {
    case .notBegun, .aborted: [.from]
    case .copying, .verifying, .verified: [.to, .from]
    case .switched: [.from, .to]
    case .retired: [.to]
    }
  }

  // MARK: Steps

  func move(_ step: Step) -> Move {
    switch (step, phase) {
    case (.begin, .notBegun), (.begin, .aborted): .go
    case (.begin, _): .done
    case (.copy, .copying), (.verify, .verifying), (.switchReads, .verified), (.retire, .switched): .go
    case (.copy, .verifying), (.copy, .verified), (.copy, .switched), (.copy, .retired): .done
    case (.verify, .verified), (.verify, .switched), (.verify, .retired): .done
    case (.switchReads, .switched), (.switchReads, .retired), (.retire, .retired): .done
    case (.abort, .copying), (.abort, .verifying), (.abort, .verified), (.abort, .switched): .go
    case (.abort, .notBegun), (.abort, .aborted): .done
    case (.abort, .retired): .refused("the old side has missed writes since it was retired, so there is no way back")
    case (.copy, .notBegun), (.copy, .aborted): .refused("begin() comes first, so that writes go to both sides")
    case (.verify, _): .refused("copy() comes first")
    case (.switchReads, _): .refused("only what was verified can be read: verify() comes first")
    case (.retire, _): .refused("reads use the old side: switchReads() comes first")
    }
  }

  /// Makes a step that needs no work.
  mutating func go(_ step: Step) {
    precondition(move(step) == .go, "\(step) is no step from \(phase)")
    switch step {
    case .begin: self = MigrationState(.copying)
    case .switchReads: phase = .switched
    case .retire: phase = .retired
    case .abort:
      phase = .aborted
      position = Position()
    case .copy, .verify: preconditionFailure("\(step) goes page by page")
    }
  }

  /// Takes note of a page that was copied or compared.
  ///
  /// - Parameters:
  ///   - end: The last key of the page where there is another page.
  ///   - count: How many data it had.
  ///   - repaired: How many of them differed.
  mutating func advance(to end: Key?, count: Int, repaired: Int = 0) {
    precondition(phase == .copying || phase == .verifying, "nothing is gone through while \(phase)")
    if phase == .copying { copied += UInt64(count) } else { compared += UInt64(count) }
    self.repaired += UInt64(repaired)
    if let end {
      position.last = end
    } else if position.kind == .mutable {
      position = Position(kind: .immutable)
    } else {
      position = Position()
      phase = phase == .copying ? .verifying : .verified
    }
  }

  /// Whether it stands before another state of the same pass.
  func isBehind(_ other: MigrationState) -> Bool {
    guard phase == other.phase else { return false }
    guard position.kind == other.position.kind else { return position.kind == .mutable }
    guard let reached = other.position.last else { return false }
    return position.last.map { $0 < reached } ?? true
  }

  var status: Migration.Status {
    Migration.Status(
      phase: phase, copied: Int(clamping: copied), compared: Int(clamping: compared),
      repaired: Int(clamping: repaired), position: position.last)
  }
}
