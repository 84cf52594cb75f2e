import MetaDriver

/// The rule of a write, said once more: it holds when every required child and at least `needed` in all have
/// acknowledged, and fails as soon as that can no longer come.
struct WriteModel {
  let needed: Int
  let required: Set<Int>

  /// Whether the write holds; `nil` while that is open.
  ///
  /// - Parameter reports: What each child has said; `nil` for one that has not answered.
  func holds(_ reports: [Seen?]) -> Bool? {
    let accepted = Set(reports.indices.filter { reports[$0]?.isAcknowledged == true })
    let mayYet = Set(reports.indices.filter { reports[$0] == nil }).union(accepted)
    if required.isSubset(of: accepted), accepted.count >= needed { return true }
    if required.isSubset(of: mayYet), mayYet.count >= needed { return nil }
    return false
  }

  /// What a child says of a put.
  static func put(_ behaviour: Behaviour) -> Seen {
    switch behaviour {
    case .error: .failed(.unavailable)
    case .lost: .unknown(.timedOut)
    default: .stored
    }
  }

  /// What a child says of a delete, plain or by tombstone.
  static func delete(_ behaviour: Behaviour) -> Seen {
    switch behaviour {
    case .error: .failed(.unavailable)
    case .lost: .unknown(.timedOut)
    case .absent: .alreadyAbsent
    default: .deleted
    }
  }
}

/// What a write is expected to answer.
struct WriteAnswer: Equatable, CustomStringConvertible {
  /// `nil` when it holds.
  var code: DriverError.Code?
  /// Of the whole, when it holds.
  var result: Seen?
  /// Of an error.
  var effect: DriverError.Effect?
  var children: [Seen]

  /// What the model makes of what the children have said.
  ///
  /// - Parameter tombstones: Whether "already absent" comes with a tombstone written.
  init(holds: Bool, _ reports: [Seen], tombstones: Bool) {
    children = reports
    if holds {
      result =
        reports.contains(.stored) ? .stored : reports.contains(.deleted) ? .deleted : .alreadyAbsent
    } else {
      code = .quorumNotMet
      effect = Self.effect(reports, tombstones: tombstones)
    }
  }

  /// A caller who went away.
  static func cancelled(_ reports: [Seen], tombstones: Bool) -> WriteAnswer {
    var answer = WriteAnswer(holds: false, reports, tombstones: tombstones)
    answer.code = .cancelled
    return answer
  }

  init(_ result: Result<Receipt, DriverError>) {
    switch result {
    case .success(let receipt):
      self.result = Seen(receipt.result)
      children = receipt.children.map { Seen($0.result) }
    case .failure(let error):
      code = error.code
      effect = error.effect
      children = error.outcomes.map { Seen($0.result) }
    }
  }

  /// Nothing was changed only if every child says so.
  private static func effect(_ reports: [Seen], tombstones: Bool) -> DriverError.Effect {
    for report in reports {
      switch report {
      case .failed, .skipped: continue
      case .alreadyAbsent where !tombstones: continue
      default: return .unknown
      }
    }
    return .unchanged
  }

  var description: String {
    let whole = code.map { "\($0), effect \(effect.map { "\($0)" } ?? "?")" } ?? "\(result.map { "\($0)" } ?? "?")"
    return "\(whole) [\(children.map(\.description).joined(separator: ", "))]"
  }
}
