/// Says what becomes of each call in a simulation.
protocol FaultPlan: Sendable {
  /// What becomes of a call.
  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey
}

/// Draws what becomes of a call, as the profile of its store says.
struct DrawnFaults: FaultPlan {
  let seed: UInt64
  func journey(of call: FaultCall, by profile: FaultProfile) -> Journey { profile.journey(of: call, seed: seed) }
}
