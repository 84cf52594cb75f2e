import MetaDriver

/// What a tree's nodes do that decides which copies readers get.
struct ConsistencyFacts: Sendable {
  /// The sessions that everything goes through.
  private(set) var session: Outline.Marks = []
  /// Where the first of them keeps what it knows.
  private(set) var journal: String?
  /// Leaves that put in any order.
  private(set) var unordered: [String] = []
  /// Leaves whose puts only the process keeps in order.
  private(set) var inOneProcess: [String] = []
  /// Nodes that read several copies, and do not say which of them is the answer.
  private(set) var blindReaders: [String] = []
  /// Whether records are stamped.
  private(set) var isStamped = false
  /// Whether whoever stamps asks for the newest stamp before.
  private(set) var readsBeforeWriting = false
  /// Whether the outermost node that reads one of several children makes sure that its answer is not lost; `nil` where
  /// there is none.
  private(set) var writesBack: Bool?

  init(_ outline: Outline, _ kind: Key.Kind) {
    var node = outline
    // Down to the first node that has a choice.
    while true {
      session.formUnion(node.marks.intersection([.readYourWrites, .monotonicReads]))
      if journal == nil, !node.marks.isDisjoint(with: [.readYourWrites, .monotonicReads]) {
        journal = node.parameters.first { $0.name == "journal" }?.value
      }
      guard node.children.count == 1 else { break }
      node = node.children[0]
    }
    visit(outline, kind, isStamped: false)
  }

  private mutating func visit(
    _ node: Outline, _ kind: Key.Kind, isStamped stampedAbove: Bool
  ) {
    let isStamped = stampedAbove || node.marks.contains(.stamping)
    guard let access = node.access(for: kind), !node.children.isEmpty else {
      guard node.capabilities.contains(.put) else { return }
      note(node, isStamped: isStamped)
      return
    }
    if node.children.count > 1 {
      if node.marks.contains(.stamping), !self.isStamped {
        self.isStamped = true
        readsBeforeWriting = access.readsBeforeWriting
      }
      read(node, access)
    }
    let used = Set(access.read.mentions + access.write.mentions)
    for (index, child) in node.children.enumerated() where used.contains(index) {
      visit(child, kind, isStamped: isStamped)
    }
  }

  private mutating func note(_ leaf: Outline, isStamped: Bool) {
    let (label, ordering) = (leaf.label, leaf.leaf?.ordering ?? .none)
    switch ordering {
    // A store that compares stamps keeps bare bytes in the order in which they come.
    case .newestWins: if !isStamped, !inOneProcess.contains(label) { inOneProcess.append(label) }
    case .fifo: if !inOneProcess.contains(label) { inOneProcess.append(label) }
    case .none: if !unordered.contains(label) { unordered.append(label) }
    }
  }

  private mutating func read(_ node: Outline, _ access: Access) {
    let readers = Set(access.read.mentions).filter { node.children[$0].capabilities.contains(.get) }
    guard readers.count > 1 else { return }
    if writesBack == nil { writesBack = node.marks.contains(.writingBack) }
    // Who needs one answer has nothing to choose from.
    let needsOne = readers.allSatisfy { reader in access.read.holds { $0 == reader } }
    if !needsOne, !node.marks.contains(.ranking) { blindReaders.append(node.label) }
  }
}
