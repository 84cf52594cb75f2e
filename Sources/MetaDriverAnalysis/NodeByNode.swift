import MetaDriver

/// The search for a write and a read that miss each other in a large tree in which no store stands twice.
///
/// The parts below a node are independent then. A child in which a write and a read can miss each other can serve both at
/// once; any other serves one or the other. So what is left to choose, at each node, is who serves whom.
struct NodeByNode {
  /// What a write and a read may use without meeting.
  private struct Pair {
    var written: [String]
    var read: [String]
  }

  private struct TooManyChildren: Error {}

  private let outline: Outline
  private let kind: Key.Kind
  private let isOwn: Bool

  init(_ outline: Outline, _ kind: Key.Kind, isOwn: Bool) {
    (self.outline, self.kind, self.isOwn) = (outline, kind, isOwn)
  }

  var meeting: Meeting {
    do {
      guard let pair = try missing(outline, isLocalOnly: false) else { return .met }
      return .missed(written: pair.written, read: pair.read)
    } catch {
      let limit = TruthTable.memberLimit
      return .unknown("a node has more than \(limit) children, too many to look at every choice of them")
    }
  }

  /// Leaves for a write and leaves for a read below a node that have none in common.
  private func missing(_ node: Outline, isLocalOnly: Bool) throws(TooManyChildren) -> Pair? {
    guard node.capabilities.isSuperset(of: [.get, .put]) else { return nil }
    let isLocalOnly = isLocalOnly || node.marks.contains(.localOnly)
    guard let access = node.access(for: kind), !node.children.isEmpty else {
      return isLocalOnly && !isOwn ? Pair(written: [node.label], read: [node.label]) : nil
    }
    var pairs: [Pair?] = []
    for child in node.children { pairs.append(try missing(child, isLocalOnly: isLocalOnly)) }
    func table(_ rule: Rule, _ operation: Capabilities) throws(TooManyChildren) -> TruthTable {
      let formula = rule.replacing { index in
        guard smallest(node.children[index], operation) != nil else { return .never }
        return pairs[index] == nil ? .child(index) : .always
      }
      guard let table = TruthTable(formula, memberCount: node.children.count) else { throw TooManyChildren() }
      return table
    }
    let (write, read) = (try table(access.write, .put), try table(access.read, .get))
    guard let (writers, readers) = write.disjoint(from: read) else { return nil }
    var pair = Pair(written: [], read: [])
    // Whoever serves both is used where it is needed: of these too many may be named, and never too few.
    for (index, child) in node.children.enumerated() {
      let bit = UInt32(1) << UInt32(index)
      if let both = pairs[index] {
        pair.written += both.written
        pair.read += both.read
      } else {
        if writers & bit != 0 { pair.written += smallest(child, .put) ?? [] }
        if readers & bit != 0 { pair.read += smallest(child, .get) ?? [] }
      }
    }
    return pair
  }

  /// The fewest leaves that are enough for an operation on a node.
  private func smallest(_ node: Outline, _ operation: Capabilities) -> [String]? {
    let leaves = node.leaves
    return node.formula(for: operation, on: kind).smallestSet.map { $0.sorted().map { leaves[$0].label } }
  }
}
