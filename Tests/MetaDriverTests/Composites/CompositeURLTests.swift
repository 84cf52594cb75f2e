import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct CompositeURLTests {
  private let key: Key = "alice/profile"
  private let plain = Scripted("plain")
  private let x = Scripted("x", scheme: "x")
  private let y = Scripted("y", scheme: "y")

  // A2
  @Test("FirstSuccess makes the URL of the child to which a put goes, and none where that child makes none")
  func firstSuccess() {
    check(
      expected: "y",
      FirstSuccess {
        x.readOnly(); plain.readOnly(); y
      })
    check(
      expected: "x",
      FirstSuccess {
        x; y
      })
    check(
      expected: nil,
      FirstSuccess {
        plain; y
      })
    check(
      expected: "y",
      FirstSuccess {
        plain.readOnly(); y.readOnly()
      })
  }

  // A2
  @Test("Replicated makes the URL of a child that is written to, of a required one first")
  func replicated() {
    check(
      expected: "y",
      Replicated(writes: .atLeast(1)) {
        x.readOnly(); plain; y
      })
    check(
      expected: "y",
      Replicated(writes: .atLeast(1)) {
        x; y.required()
      })
    check(
      expected: "x",
      Replicated {
        plain; x; y
      })
    check(
      expected: nil,
      Replicated(writes: .atLeast(1)) {
        plain; y.readOnly()
      })
    check(
      expected: "x",
      Replicated(writes: .atLeast(1)) {
        x.readOnly(); y.readOnly()
      })
  }

  private func check(expected scheme: String?, _ tree: some Driver, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(tree.url(for: key)?.scheme == scheme, sourceLocation: sourceLocation)
    #expect(tree.outline.capabilities.contains(.makeURL) == (scheme != nil), sourceLocation: sourceLocation)
  }
}
