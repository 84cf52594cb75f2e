import MetaDriver

extension Analysis {
  /// Whether every acknowledged write is somewhere that other clients look: none is satisfied by leaves alone that are
  /// local, or that nobody reads.
  public var published: Guarantee {
    let isReached = Guarantee(.yes, "every acknowledged write reaches a leaf that other clients read")
    guard leaves.contains(where: \.isLocalOnly) else { return isReached }
    let unseen = outline.unseenLeaves(kind)
    guard formula(.writes).holds(unseen.contains) else { return isReached }
    return Guarantee(
      .no, "a write may be acknowledged that no other client ever sees",
      Witness(parts: [Witness.Part(sentence: "written to %", names: names(unseen.sorted()))]))
  }

  /// Whether a client's reads meet all its acknowledged writes: every read asks a leaf that has the write.
  ///
  /// Which of the copies a read then answers with is up to the node that reads.
  public var ownWrites: Guarantee { meetings.own.guarantee(isOwn: true) }

  /// Whether the reads of other clients meet all acknowledged writes. The local-only leaves of another client are others.
  public var othersWrites: Guarantee {
    let meeting = meetings.others.guarantee(isOwn: false)
    return meeting.holds ? queuedAnswer ?? meeting : meeting
  }

  /// Queues that answer where stores do not, with what may have been overwritten since.
  var queuedAnswer: Guarantee? {
    guard !facts.behindQueues.isEmpty else { return nil }
    return Guarantee(
      .no,
      "where a store does not answer, a queue gives what was queued here last, and it may have been overwritten since",
      Witness(parts: [Witness.Part(sentence: "% do not answer", names: facts.behindQueues)]))
  }
}

extension Analysis.Guarantee {
  static func met(_ isOwn: Bool) -> Analysis.Guarantee {
    Analysis.Guarantee(
      .yes, isOwn ? "every read asks a leaf that has the write" : "every read of another client asks a leaf that has it"
    )
  }

  static func missed(_ isOwn: Bool, written: [String], read: [String]) -> Analysis.Guarantee {
    Analysis.Guarantee(
      .no,
      isOwn ? "a client can miss its own acknowledged write" : "a client can miss what another has written",
      Witness(parts: [
        Witness.Part(sentence: "written to %", names: written),
        Witness.Part(sentence: isOwn ? "read from %" : "read from % of the other", names: read),
      ]))
  }
}
