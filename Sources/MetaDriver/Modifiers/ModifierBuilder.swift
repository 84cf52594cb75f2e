/// Takes the one driver of a modifier's block.
@resultBuilder
public enum ModifierBuilder {
  /// The driver.
  public static func buildBlock<Base: Driver>(_ base: Base) -> Base { base }
  /// A driver.
  public static func buildExpression<Base: Driver>(_ base: Base) -> Base { base }
  /// A driver that may not be there.
  @available(
    *, unavailable,
    message: "nil and optional drivers have no place here: this block needs one driver, so unwrap it first"
  )
  public static func buildExpression(_ driver: (any Driver)?) -> MemoryDriver { MemoryDriver() }
  /// Anything else.
  @available(*, unavailable, message: "this block holds one driver: this expression is not a Driver")
  public static func buildExpression<Other>(_ other: Other) -> MemoryDriver { MemoryDriver() }
  /// An empty block.
  @available(*, unavailable, message: "this block holds no driver: it needs exactly one")
  public static func buildBlock() -> MemoryDriver { MemoryDriver() }
  /// Several drivers.
  @available(
    *, unavailable,
    message: "this block holds one driver: combine several with Replicated, FirstSuccess or Quorum inside it"
  )
  public static func buildBlock<First: Driver, Second: Driver, each More: Driver>(
    _ first: First, _ second: Second, _ more: repeat each More
  ) -> First { first }
  /// `if` without `else`.
  @available(
    *, unavailable, message: "this block always holds one driver: put the `if` around the node, or inside FirstSuccess"
  )
  public static func buildOptional(_ base: (any Driver)?) -> MemoryDriver { MemoryDriver() }
  /// `if` with `else`, and `switch`.
  @available(
    *, unavailable,
    message: "this block always holds one driver: put the condition around the node, or inside FirstSuccess"
  )
  public static func buildEither<Base: Driver>(first base: Base) -> MemoryDriver { MemoryDriver() }
  /// `if` with `else`, and `switch`.
  @available(
    *, unavailable,
    message: "this block always holds one driver: put the condition around the node, or inside FirstSuccess"
  )
  public static func buildEither<Base: Driver>(second base: Base) -> MemoryDriver { MemoryDriver() }
  /// `for`.
  @available(
    *, unavailable,
    message: "this block holds one driver: put the `for` into Replicated, FirstSuccess or Quorum inside it"
  )
  public static func buildArray<Base: Driver>(_ bases: [Base]) -> MemoryDriver { MemoryDriver() }
}
