import MetaDriver

extension Analysis {
  /// Whether every acknowledged write is somewhere that other clients look: none is satisfied by local-only leaves alone.
  public var published: Guarantee {
    let local = leaves.indices.filter { leaves[$0].isLocalOnly }
    guard !local.isEmpty, formula(.writes).holds(local.contains) else {
      return Guarantee(.yes, "every acknowledged write reaches a leaf that other clients read")
    }
    return Guarantee(
      .no, "a write may be acknowledged that no other client ever sees",
      Witness(parts: [Witness.Part(sentence: "written to %", names: names(local))]))
  }

  /// Whether a client's reads meet all its acknowledged writes: every read asks a leaf that has the write.
  ///
  /// Which of the copies a read then answers with is up to the node that reads.
  public var ownWrites: Guarantee { meeting(isOwn: true) }

  /// Whether the reads of other clients meet all acknowledged writes. The local-only leaves of another client are others.
  public var othersWrites: Guarantee { meeting(isOwn: false) }

  private func meeting(isOwn: Bool) -> Guarantee {
    let local = isOwn ? [] : leaves.indices.filter { leaves[$0].isLocalOnly }
    let count = leaves.count + local.count
    let tables: (write: TruthTable?, read: TruthTable?)
    if local.isEmpty {
      tables = (table(.writes), table(.reads))
    } else {
      let reads = formula(.reads).replacing { member in
        .child(local.firstIndex(of: member).map { leaves.count + $0 } ?? member)
      }
      tables = (TruthTable(formula(.writes), memberCount: count), TruthTable(reads, memberCount: count))
    }
    guard let write = tables.write, let read = tables.read else {
      if local.isEmpty, let read = formula(.reads).count(of: count), let write = formula(.writes).count(of: count) {
        // Of so many alike, two sets miss each other exactly when there is room for both.
        guard read + write <= count else { return .met(isOwn) }
        return .missed(
          isOwn, written: names(Array(0..<write)), read: names(Array((count - read)..<count)))
      }
      guard formula(.writes).isReadOnce, formula(.reads).isReadOnce else {
        return Guarantee(.unknown, Self.bound(leaves.count))
      }
      return NodeByNode(self, isOwn: isOwn).meeting
    }
    guard let (written, asked) = write.disjoint(from: read) else { return .met(isOwn) }
    func members(_ set: UInt32) -> [Int] { (0..<count).filter { set & (1 << UInt32($0)) != 0 } }
    return .missed(
      isOwn, written: names(members(written)),
      read: members(asked).map { $0 < leaves.count ? leaves[$0].label : leaves[local[$0 - leaves.count]].label })
  }
}

extension Guarantee {
  static func met(_ isOwn: Bool) -> Guarantee {
    Guarantee(
      .yes, isOwn ? "every read asks a leaf that has the write" : "every read of another client asks a leaf that has it"
    )
  }

  static func missed(_ isOwn: Bool, written: [String], read: [String]) -> Guarantee {
    Guarantee(
      .no,
      isOwn ? "a client can miss its own acknowledged write" : "a client can miss what another has written",
      Witness(parts: [
        Witness.Part(sentence: "written to %", names: written),
        Witness.Part(sentence: isOwn ? "read from %" : "read from % of the other", names: read),
      ]))
  }
}
