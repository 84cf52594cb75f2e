/// Collects the drivers of a block: `if`, `else`, `switch`, `for` and `#available` decide which are there.
///
/// ```swift
/// Replicated(writes: .atLeast(1)) {
///   DiskDriver(at: folder, name: "disk")
///   if online { cloud }
///   for mirror in mirrors { mirror.timeout(.seconds(2)) }
/// }
/// ```
@resultBuilder
public enum DriverBuilder {
  /// A driver.
  public static func buildExpression(_ driver: some Driver) -> [any Driver] { [driver] }
  /// Drivers that were collected elsewhere.
  public static func buildExpression(_ drivers: [any Driver]) -> [any Driver] { drivers }
  /// `nil`, or a driver that may not be there.
  @available(*, unavailable, message: "nil and optional drivers have no place here: write `if let driver { driver }`")
  public static func buildExpression(_ driver: (any Driver)?) -> [any Driver] { [] }
  /// Anything else.
  @available(*, unavailable, message: "a block of drivers holds drivers only: this expression is not a Driver")
  public static func buildExpression<Other>(_ other: Other) -> [any Driver] { [] }

  /// An empty block.
  @available(*, unavailable, message: "this block holds no driver: a node needs at least one")
  public static func buildBlock() -> [any Driver] { [] }
  /// The first line.
  public static func buildPartialBlock(first: [any Driver]) -> [any Driver] { first }
  /// The lines after it.
  public static func buildPartialBlock(accumulated: [any Driver], next: [any Driver]) -> [any Driver] {
    accumulated + next
  }
  /// `if` without `else`: nothing when it does not hold.
  public static func buildOptional(_ drivers: [any Driver]?) -> [any Driver] { drivers ?? [] }
  /// `if` with `else`, and `switch`.
  public static func buildEither(first drivers: [any Driver]) -> [any Driver] { drivers }
  /// `if` with `else`, and `switch`.
  public static func buildEither(second drivers: [any Driver]) -> [any Driver] { drivers }
  /// `for`.
  public static func buildArray(_ drivers: [[any Driver]]) -> [any Driver] { drivers.flatMap { $0 } }
  /// `if #available`.
  public static func buildLimitedAvailability(_ drivers: [any Driver]) -> [any Driver] { drivers }
}
