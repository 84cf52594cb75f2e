/// How often a store misbehaves, and in which way.
public struct FaultProfile: Hashable, Sendable {
  /// Nothing goes wrong, and nothing takes time.
  public static let none = FaultProfile()

  /// Makes a profile without faults.
  public init() {}
}
