/// What an acknowledged write survives, at a driver that keeps data on this machine.
///
/// ```swift
/// let disk = DiskDriver(at: "/var/lib/profiles", durability: .ordered)
/// ```
///
/// Whatever the level, no reader ever sees a torn value while the machine runs, and a write survives the death of the
/// process that made it. The levels differ in what is there after the power was cut; each driver says what a put waits
/// for, and what that costs.
public enum Durability: String, Hashable, Sendable, CustomStringConvertible {
  /// The write survives power loss, as far as the device keeps its promise.
  case full
  /// After power loss the key holds this value or an earlier one, complete; a delete may be undone.
  case ordered
  /// For data that can be had again. After power loss the key may hold anything, and the store may be damaged.
  case none

  /// `full`, `ordered` or `none`.
  public var description: String { rawValue }
}
