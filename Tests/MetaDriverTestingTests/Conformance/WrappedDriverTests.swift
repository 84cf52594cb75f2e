import MetaDriver
import MetaDriverTesting
import Testing

/// What the package puts around drivers takes nothing from what they promise.
@Suite struct WrappedDriverTests {
  @Test("Every store conforms", arguments: Shelf.all)
  func stores(shelf: Shelf) throws { try conforms(shelf.make) }

  @Test("Other ways to use a node conform", arguments: Wrapping.variants, Shelf.all.prefix(4))
  func variants(wrapping: Wrapping, shelf: Shelf) throws {
    try conforms { wrapping.wrap(shelf.make) }
  }

  // A8, B13, B14
  @Test("Every node over every store conforms", arguments: Wrapping.all, Shelf.all)
  func wrapped(wrapping: Wrapping, shelf: Shelf) throws {
    try conforms { wrapping.wrap(shelf.make) }
  }

  @Test("Every node over every node conforms", arguments: Wrapping.all, Wrapping.all)
  func twice(outer: Wrapping, inner: Wrapping) throws {
    try conforms(largestPayload: 2_000) { outer.wrap { inner.wrap { MemoryDriver("memory") } } }
  }

  private func conforms(
    largestPayload: Int = 100_000, _ make: @escaping @Sendable () -> any Driver,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let report = try #require(
      deterministically { runtime in
        await Conformance(runtime: runtime, largestPayload: largestPayload) { make() }.run()
      }, sourceLocation: sourceLocation)
    // A node that must write to a store that cannot be written says so, and does nothing else.
    let findings = report.findings.filter { $0.case != .outline || $0.action != "compose the tree" }
    #expect(findings.isEmpty, "\(make().outline)\n\(report)", sourceLocation: sourceLocation)
  }
}
