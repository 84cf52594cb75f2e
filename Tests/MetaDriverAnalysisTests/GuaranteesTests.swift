import MetaDriver
import MetaDriverAnalysis
import Testing

@Suite struct GuaranteesTests {
  /// A strategy and what it gives away: whether writes are published, and read by the same and by other clients.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let outline: Outline
    let expected: [Bool]

    init(_ name: String, _ write: Rule, _ read: Rule, of leaves: [String], _ expected: [Bool]) {
      testDescription = name
      let children = leaves.map { name in
        name == "disk" ? MemoryDriver(name).localOnly().outline : MemoryDriver(name).outline
      }
      outline = Outline(composite: "Table", of: children, access: Access(read: read, write: write))
      self.expected = expected
    }
  }

  static let rows = [
    Row("all(disk, s3) / first(disk, s3, box)", .all(2), .any(3), of: ["disk", "s3", "box"], [true, false, false]),
    Row("disk / any(disk, s3)", .child(0), .any(2), of: ["disk", "s3"], [false, false, false]),
    Row(
      "2 of (disk, s3, gcs)", .atLeast(2, of: 3), .atLeast(2, of: 3), of: ["disk", "s3", "gcs"], [true, true, false]),
    Row("all / any", .all(3), .any(3), of: ["disk", "s3", "gcs"], [true, true, false]),
    Row(
      "all(disk, s3, gcs) / any(s3, gcs)", .all(3), .any([.child(1), .child(2)]), of: ["disk", "s3", "gcs"],
      [true, true, true]),
    Row(
      "all(disk, 2 of (s3, gcs, az)) / 2 of (s3, gcs, az)",
      .all([.child(0), .atLeast(2, [.child(1), .child(2), .child(3)])]),
      .atLeast(2, [.child(1), .child(2), .child(3)]), of: ["disk", "s3", "gcs", "az"], [true, true, true]),
  ]

  @Test("Local-only leaves are other leaves for other clients", arguments: rows)
  func localOnly(row: Row) {
    let analysis = Analysis(of: row.outline)
    let guarantees = [analysis.published, analysis.ownWrites, analysis.othersWrites]
    #expect(guarantees.map(\.holds) == row.expected)
    for guarantee in guarantees where !guarantee.holds {
      #expect(guarantee.verdict == .no && guarantee.witness != nil)
    }
  }

  @Test("A tree says what it survives, and what it does not")
  func survival() {
    let tree = Quorum(read: 2, write: 2) {
      MemoryDriver("disk")
      MemoryDriver("s3")
      MemoryDriver("box")
    }
    #expect(tree.analysis.survives(failures: 1, of: .writes))
    #expect(!tree.analysis.survives(failures: 2, of: .writes))
    #expect(tree.analysis.resilience(of: .reads) == 1)
    #expect(
      "\(tree.analysis)" == """
        reads survive     1 failure, but not this: {disk, s3} fail
        writes survive    1 failure, but not this: {disk, s3} fail
        writes kept       1 failure, but not this: {disk, s3} fail
        published         yes: every acknowledged write reaches a leaf that other clients read
        own writes        yes: every read asks a leaf that has the write
        others' writes    yes: every read of another client asks a leaf that has it
        read your writes  yes: every read asks a leaf that has the write, and takes its copy
        monotonic reads   no: while a write is under way, one read may give the new value, and the next one the old (a \
        write has reached {disk}, one read asks {disk, s3}, the next asks {s3, box})
        regular           yes: every read asks a leaf that has the last write, and takes its copy
        atomic            no: while a write is under way, one read may give the new value, and the next one the old (a \
        write has reached {disk}, one read asks {disk, s3}, the next asks {s3, box})
        """)
  }

  @Test("Leaves of one domain fail together")
  func domains() {
    let leaf = { (name: String, domain: String) in
      Outline(leaf: Leaf(name), kind: "Test", capabilities: .basic, domain: domain)
    }
    let tree = Outline(
      composite: "Table", of: [leaf("a", "eu"), leaf("b", "eu"), leaf("c", "us")],
      access: Access(read: .any(3), write: .atLeast(2, of: 3)))
    let analysis = Analysis(of: tree)
    #expect(analysis.survives(domainFailures: 1, of: .reads))
    #expect(!analysis.survives(domainFailures: 1, of: .writes))
    #expect(
      analysis.survival(failures: 0, domainFailures: 1, of: .writes).witness?.description == "{eu} fail as a whole")
    #expect(!analysis.survives(failures: 1, domainFailures: 1, of: .reads))
    #expect(
      analysis.survival(failures: 1, domainFailures: 1, of: .reads).witness?.description
        == "{eu} fail as a whole, {c} fail")
  }

  @Test("An operation that no leaf has never succeeds")
  func nothing() {
    let analysis = MemoryDriver("a").readOnly().analysis
    #expect(analysis.resilience(of: .writes) == -1)
    #expect(!analysis.survives(failures: 0, of: .writes))
    #expect(analysis.survives(failures: 0, of: .reads))
  }
}
