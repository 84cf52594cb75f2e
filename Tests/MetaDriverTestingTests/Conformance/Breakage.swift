import MetaDriver
import MetaDriverTesting
import Testing

/// One way in which a driver is broken, and the cases that must find it.
struct Breakage: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The cases that must have findings.
  let cases: Set<Conformance.Case>
  /// The cases that may have findings too, because the driver is broken in their eyes as well; `nil` for any.
  let others: Set<Conformance.Case>?
  let make: @Sendable () -> ShelfDriver

  init(
    _ description: String, _ cases: Conformance.Case..., others: [Conformance.Case]? = [],
    ordering: PutOrdering = .newestWins, _ damage: @escaping @Sendable (inout ShelfDriver) -> Void
  ) {
    self.init(description, cases: Set(cases), others: others.map(Set.init), ordering: ordering, damage)
  }

  init(
    _ description: String, cases: Set<Conformance.Case>, others: Set<Conformance.Case>?,
    ordering: PutOrdering = .newestWins, _ damage: @escaping @Sendable (inout ShelfDriver) -> Void
  ) {
    testDescription = description
    self.cases = cases
    self.others = others
    make = {
      var shelf = ShelfDriver(ordering: ordering)
      damage(&shelf)
      return shelf
    }
  }

  static let all = values + names + deletes + stamps + listings + promises + conditions + concurrency + life
}
