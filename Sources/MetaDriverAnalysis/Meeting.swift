import MetaDriver

/// Whether every read asks a leaf that every write has reached.
enum Meeting: Sendable {
  case met
  /// Leaves that are enough for a write, and leaves that are enough for a read, with none in common.
  case missed(written: [String], read: [String])
  /// Why nobody knows.
  case unknown(String)

  /// What a client's reads have to do with its own writes, and with those of others.
  struct Both: Sendable {
    let own: Meeting
    let others: Meeting
  }

  func guarantee(isOwn: Bool) -> Analysis.Guarantee {
    switch self {
    case .met: .met(isOwn)
    case .missed(let written, let read): .missed(isOwn, written: written, read: read)
    case .unknown(let reason): Analysis.Guarantee(.unknown, reason)
    }
  }
}

extension Meeting.Both {
  /// - Parameters:
  ///   - leaves: The leaves of the tree.
  ///   - reads: What a read needs, as a formula, and as a table where there is one.
  ///   - writes: The same of a write.
  init(
    _ outline: Outline, _ kind: Key.Kind, _ leaves: [LeafPlace], reads: (Rule, TruthTable?), writes: (Rule, TruthTable?)
  ) {
    let local = leaves.indices.filter { leaves[$0].isLocalOnly }
    own = Meeting(outline, kind, leaves, reads: reads, writes: writes, isOwn: true)
    guard !local.isEmpty else {
      others = own
      return
    }
    // The local-only leaves of another client come behind all of this one's.
    let hidden = reads.0.replacing { member in .child(local.firstIndex(of: member).map { leaves.count + $0 } ?? member)
    }
    let count = leaves.count + local.count
    others = Meeting(
      outline, kind, leaves + local.map { leaves[$0] }, reads: (hidden, TruthTable(hidden, memberCount: count)),
      writes: (writes.0, TruthTable(writes.0, memberCount: count)), isOwn: false)
  }
}

extension Meeting {
  fileprivate init(
    _ outline: Outline, _ kind: Key.Kind, _ leaves: [LeafPlace], reads: (Rule, TruthTable?),
    writes: (Rule, TruthTable?), isOwn: Bool
  ) {
    func names(_ set: UInt32) -> [String] {
      leaves.indices.filter { set & (1 << UInt32($0)) != 0 }.map { leaves[$0].label }
    }
    if let write = writes.1, let read = reads.1 {
      self = write.disjoint(from: read).map { .missed(written: names($0), read: names($1)) } ?? .met
    } else if let read = reads.0.count(of: leaves.count), let write = writes.0.count(of: leaves.count) {
      // Of so many alike, two sets miss each other exactly when there is room for both.
      self =
        read + write > leaves.count
        ? .met
        : .missed(
          written: leaves.prefix(write).map(\.label), read: leaves.suffix(read).map(\.label))
    } else if reads.0.isReadOnce, writes.0.isReadOnce {
      self = NodeByNode(outline, kind, isOwn: isOwn).meeting
    } else {
      self = .unknown(Analysis.bound(leaves.count))
    }
  }
}
