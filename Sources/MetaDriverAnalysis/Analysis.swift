public import MetaDriver

/// What a tree guarantees, worked out from its outline. Nothing is asked of any store.
///
/// ```swift
/// let analysis = profiles.analysis
/// analysis.survives(failures: 1, of: .writes)        // whichever leaf fails
/// analysis.survives(domainFailures: 1, of: .reads)   // a region, a disk, a device
/// print(analysis)                                    // every guarantee, with what shows it where it does not hold
/// ```
///
/// In a test, `#expect(profiles.analysis.survives(failures: 1, of: .writes))` shows the witness where it fails.
///
/// ## What it rests on
///
/// Each node's `Outline.mutable` access is taken at its word: which children a read needs, and which a write.
/// A driver of your own is analysed by the outline that it gives. A leaf works or fails as a whole, and a store that stands
/// in the tree more than once is one leaf. What a leaf acknowledges, it keeps: how long depends on the store.
///
/// ## Limits
///
/// Up to 20 leaves every set of them is looked at. Beyond, a tree in which no store stands twice is worked out node by
/// node, as long as no node has more than 20 children; of any other the verdict is `unknown`, which is never a yes.
public struct Analysis: Sendable {
  /// The tree.
  public let outline: Outline
  /// Which data it is about: the two kinds may go different ways.
  public let kind: Key.Kind
  let leaves: [LeafPlace]
  let facts: ConsistencyFacts
  let meetings: Meeting.Both
  private let formulas: [Operation: Rule]
  /// Empty for a tree with more leaves than a table may have.
  private let tables: [Operation: TruthTable]
  /// What an operation needs to succeed: of a write, what it asks for before included.
  private let needs: [Operation: (rule: Rule, table: TruthTable?)]

  /// Analyses a tree.
  ///
  /// - Parameters:
  ///   - outline: The tree, as data.
  ///   - kind: Which data it is about.
  public init(of outline: Outline, kind: Key.Kind = .mutable) {
    self.outline = outline
    self.kind = kind
    let leaves = outline.leaves
    let formulas: [Operation: Rule] = [
      .reads: outline.formula(for: .get, on: kind), .writes: outline.formula(for: .put, on: kind),
    ]
    (self.leaves, self.formulas) = (leaves, formulas)
    facts = ConsistencyFacts(outline, kind)
    let tables = formulas.compactMapValues { TruthTable($0, memberCount: leaves.count) }
    self.tables = tables
    func need(_ operation: Operation) -> (Rule, TruthTable?) {
      let rule = outline.formula(for: operation.capability, on: kind, isWhole: true)
      return (rule, rule == formulas[operation] ? tables[operation] : TruthTable(rule, memberCount: leaves.count))
    }
    needs = [.reads: need(.reads), .writes: need(.writes)]
    meetings = Meeting.Both(
      outline, kind, leaves, reads: (formulas[.reads] ?? .never, tables[.reads]),
      writes: (formulas[.writes] ?? .never, tables[.writes]))
  }

  /// The leaves that answer a read, or hold a write.
  func formula(_ operation: Operation) -> Rule { formulas[operation] ?? .never }

  /// The leaves without which an operation fails.
  func need(_ operation: Operation) -> Rule { needs[operation]?.rule ?? .never }

  func table(_ operation: Operation) -> TruthTable? { tables[operation] }

  /// The fewest leaves whose failure ends an operation; `nil` when nothing ends it.
  ///
  /// - Parameter isDown: Which leaves have failed besides.
  func smallestFatalSet(_ operation: Operation, isDown: (Int) -> Bool = { _ in false }) throws(Rule.Unsearchable)
    -> [Int]?
  {
    if !leaves.indices.contains(where: isDown), let table = needs[operation]?.table {
      return table.smallestFatalSet.map(members)
    }
    return try need(operation).replacing { isDown($0) ? .never : .child($0) }.smallestFatalSet(of: leaves.count)
  }

  func names(_ members: [Int]) -> [String] { members.map { leaves[$0].label } }
}

extension Driver {
  /// What the tree below this node guarantees for mutable data: see ``Analysis``.
  public var analysis: Analysis { Analysis(of: outline) }
}

extension Strategy {
  /// What the tree guarantees for mutable data: see ``Analysis``.
  public var analysis: Analysis { Analysis(of: outline) }
}
