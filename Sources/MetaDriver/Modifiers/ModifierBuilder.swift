/// Takes the one driver of a modifier's block.
@resultBuilder
public enum ModifierBuilder {
  /// The driver.
  public static func buildBlock<Base: Driver>(_ base: Base) -> Base { base }
  /// A driver.
  public static func buildExpression<Base: Driver>(_ base: Base) -> Base { base }
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
}
