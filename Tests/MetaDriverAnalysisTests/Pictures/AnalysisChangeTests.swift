import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct AnalysisChangeTests {
  private static let (a, b, c) = (PictureTrees.leaf("a"), PictureTrees.leaf("b"), PictureTrees.leaf("c", "eu"))
  private static func analysis(_ read: Int, _ write: Int, _ leaves: [Outline] = [a, b, c]) -> Analysis {
    Analysis(of: PictureTrees.quorum(read, write, leaves))
  }
  private func rows(_ old: Analysis, _ new: Analysis) -> [String] {
    AnalysisChange.between(old, new).map { "\($0.name): \($0.before) → \($0.after), \($0.direction)" }
  }

  @Test("What is the same is not told")
  func same() { #expect(rows(Self.analysis(2, 2), Self.analysis(2, 2)).isEmpty) }

  @Test("Fewer failures survived, and a guarantee that ends, are worse; the other way round they are better")
  func directions() {
    let (strong, weak) = (Self.analysis(2, 2), Self.analysis(1, 2))
    #expect(
      rows(strong, weak) == [
        "reads survive: 1 failure → 2 failures, better", "writes kept: 1 failure → no, worse",
        "own writes: yes → no, worse", "others' writes: yes → no, worse", "read your writes: unknown → no, different",
        "monotonic reads: unknown → no, different", "regular: unknown → no, different",
        "atomic: unknown → no, different",
      ])
    #expect(
      rows(weak, strong) == [
        "reads survive: 2 failures → 1 failure, worse", "writes kept: no → 1 failure, better",
        "own writes: no → yes, better", "others' writes: no → yes, better",
        "read your writes: no → unknown, different", "monotonic reads: no → unknown, different",
        "regular: no → unknown, different", "atomic: no → unknown, different",
      ])
  }

  @Test("Other stores and other domains are only different")
  func stores() {
    #expect(
      rows(Self.analysis(2, 2), Self.analysis(2, 2, [Self.a, Self.b, PictureTrees.leaf("d")])) == [
        "stores: 3: a, b, c → 3: a, b, d, different", "failure domains: 1: eu → none, different",
      ])
  }

  @Test("What is not known is neither better nor worse than what is")
  func unknown() {
    let leaves = (0..<21).map { PictureTrees.leaf("s\($0)") }
    let repeated = Analysis(of: PictureTrees.quorum(1, 22, leaves + [leaves[0]]))
    let once = Analysis(of: PictureTrees.quorum(1, 21, leaves))
    let changes = AnalysisChange.between(once, repeated)
    #expect(!changes.isEmpty)
    for change in changes { #expect(change.after == "unknown" && change.direction == .different) }
  }
}
