import MetaDriver

/// Trees as they are written for devices whose clocks are wrong. Each node that stamps or passes order down is in one.
package enum ClockTree: String, CaseIterable, Sendable {
  case quorum, awaitingQuorum, atomicQuorum, newestOfReplicas, sessionOverReplicas, sessionOverQuorum, handoffQuorum,
    overlaidQuorum, quorumByKind, quorumOfQuorums, sessionOverFirst, firstOfQuorums, weightedDigestFirst, blindQuorum

  /// The tree as a value.
  package var plan: TreePlan {
    switch self {
    case .quorum: return Self.quorum(["a", "b", "c"])
    case .awaitingQuorum: return Self.quorum(["a", "b", "c"]) { $0.remainder = .await }
    case .atomicQuorum: return Self.quorum(["a", "b", "c"]) { $0.reads = .atomic }
    case .newestOfReplicas:
      var policy = TreePlan.ReplicatedPolicy()
      policy.writes = .atLeast(2)
      policy.reads = .newest
      return .replicated(policy, Self.stores(["a", "b", "c"]))
    case .sessionOverReplicas:
      return .modified(
        .readYourWrites(.widen, journal: nil),
        .replicated(TreePlan.ReplicatedPolicy(), Self.stores(["a", "b", "c"])))
    case .sessionOverQuorum:
      // The journal and the floors are kept apart, in stores that each client has for itself.
      return .modified(
        .monotonicReads(.widen, journal: "floors"),
        .modified(.readYourWrites(.widen, journal: "journal"), Self.quorum(["a", "b", "c"])))
    case .handoffQuorum: return Self.quorum(["a", "b", "c"]) { $0.remainder = .handoff(journal: "journal") }
    case .overlaidQuorum:
      return .overlay(Self.quorum(["a", "b", "c"]), .modified(.readOnly, Self.quorum(["d", "e", "f"])))
    case .quorumByKind:
      return .byKind(
        Self.quorum(["a", "b", "c"]),
        .replicated(TreePlan.ReplicatedPolicy(), Self.stores(["d", "e"]).map { .modified(.verified, $0) }))
    case .quorumOfQuorums:
      return .quorum(
        TreePlan.QuorumPolicy(), [Self.quorum(["a", "b", "c"]), Self.quorum(["d", "e", "f"]), .store("g")])
    case .sessionOverFirst:
      return .modified(.readYourWrites(.widen, journal: nil), .firstSuccess(.continue, [Self.quorum(["a", "b", "c"])]))
    case .firstOfQuorums:
      return .firstSuccess(.continue, [Self.quorum(["a", "b", "c"]), Self.quorum(["d", "e", "f"])])
    case .weightedDigestFirst:
      return Self.quorum(["a", "b", "c"]) { policy in
        policy.read = 2
        policy.write = 3
        policy.reads = .digestFirst
        policy.firstVotes = 2
      }
    case .blindQuorum: return Self.quorum(["a-fifo", "b-fifo", "c-fifo"])
    }
  }

  private static func stores(_ names: [String]) -> [TreePlan] { names.map(TreePlan.store) }

  private static func quorum(
    _ names: [String], _ change: (inout TreePlan.QuorumPolicy) -> Void = { _ in }
  ) -> TreePlan {
    var policy = TreePlan.QuorumPolicy()
    change(&policy)
    return .quorum(policy, stores(names))
  }
}
