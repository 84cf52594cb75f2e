/// What the nodes of a tree leave to do so that a stamp is above everything that was acknowledged before.
extension Outline {
  /// Whether a node here or below stamps a write that comes without a stamp, and with a wish for order.
  package var takesOrder: Bool { marks.contains(.ordering) || isModifier && children[0].takesOrder }

  /// Whether a node on the way of a write asks for the newest copy before it stamps. What stamps above it must ask too.
  package func asksBeforeWriting(_ kind: Key.Kind) -> Bool {
    guard let access = access(for: kind), !children.isEmpty else { return false }
    return access.readsBeforeWriting
      || Set(access.write.mentions).contains { children[$0].asksBeforeWriting(kind) }
  }

  /// Whether any two writes, of any two clients, meet at a leaf, so that the later one learns of the earlier. The
  /// local-only leaves of another client are others, unless all that is written is local.
  ///
  /// - Parameter isComparing: Whether only leaves count that compare stamps, and thus tell.
  package func writesMeet(_ kind: Key.Kind, isComparing: Bool = true) -> Bool {
    writesMeet(kind, isComparing: isComparing, isPrivate: isPrivate)
  }

  func writesMeet(_ kind: Key.Kind, isComparing: Bool, isPrivate: Bool) -> Bool {
    guard isPrivate || !marks.contains(.localOnly) else { return false }
    guard let access = access(for: kind), !children.isEmpty else {
      return capabilities.contains(.put) && (!isComparing || leaf?.ordering == .newestWins)
    }
    return access.write.meetsItself {
      children[$0].writesMeet(kind, isComparing: isComparing, isPrivate: isPrivate)
    }
  }

  /// Whether every leaf that is written is local.
  var isPrivate: Bool {
    marks.contains(.localOnly) || !children.isEmpty && children.allSatisfy(\.isPrivate)
  }

  /// Whether some of the leaves are another client's other leaves.
  var isPartlyLocal: Bool { !isPrivate && leaves.contains(where: \.isLocalOnly) }

  /// Whether a node here or below stamps what it writes.
  package var stampsSomewhere: Bool { marks.contains(.stamping) || children.contains(where: \.stampsSomewhere) }

  /// Whether an answer of this node may be followed by an older one, although nothing was lost: it has a choice of children
  /// to read, and does not see to it that they agree.
  package func canGoBack(_ kind: Key.Kind) -> Bool {
    guard let access = access(for: kind), !children.isEmpty else {
      return leaf == nil || leaf?.ordering == PutOrdering.none
    }
    let readers = Set(access.read.mentions)
    if readers.count > 1 { return !marks.contains(.writingBack) }
    return readers.contains { children[$0].canGoBack(kind) }
  }

  /// Whether what stamps above this node has to ask it first: a node below asks, or writes meet only at leaves that do not
  /// compare stamps.
  func needsAsking(_ kind: Key.Kind) -> Bool {
    asksBeforeWriting(kind) || !writesMeet(kind) && writesMeet(kind, isComparing: false)
  }

  /// Whether this node stamps a record that comes without a stamp.
  ///
  /// - Parameter isOrdered: Whether a node above wants it in order.
  package func stampsHere(_ kind: Key.Kind, isOrdered: Bool) -> Bool {
    guard !children.isEmpty else { return isOrdered }
    if marks.contains(.replicating) { return isOrdered || marks.contains(.stamping) }
    return marks.contains(.stamping) && !(writer(kind).map { children[$0].takesOrder } ?? false)
  }

  /// Whether this node asks for the newest copy before it stamps.
  package func asksHere(_ kind: Key.Kind) -> Bool {
    guard !children.isEmpty else { return leaf?.ordering != .newestWins && capabilities.contains(.get) }
    guard marks.contains(.replicating) else { return writer(kind).map { children[$0].needsAsking(kind) } ?? false }
    return access(for: kind)?.readsBeforeWriting ?? false
      || !marks.contains(.stamping) && !writesMeet(kind) && writesMeet(kind, isComparing: false)
  }

  /// Whether a stamp that this node gives is above everything that was acknowledged before, whatever the clocks say.
  package func ordersWrites(_ kind: Key.Kind) -> Bool {
    writesMeet(kind) || asksHere(kind) && !isPartlyLocal && readsMeetWrites(kind)
  }

  /// The child that is written, where there is one.
  private func writer(_ kind: Key.Kind) -> Int? { access(for: kind)?.write.mentions.first }
}

extension Rule {
  /// Whether any two sets that are enough have a child in common that meets itself. It is certain of a yes alone.
  func meetsItself(_ isMeeting: (Int) -> Bool) -> Bool {
    switch self {
    case .child(let index): isMeeting(index)
    case .all(let parts): parts.contains { $0.meetsItself(isMeeting) }
    case .any(let parts): parts.count == 1 && parts[0].meetsItself(isMeeting)
    case .atLeast(let needed, let parts):
      2 * needed > parts.count && parts.allSatisfy { $0.meetsItself(isMeeting) }
    }
  }
}
