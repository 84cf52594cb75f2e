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
  /// What the order of writes rests on, beside the tree itself.
  private(set) var order: [Basis] = []
  /// Whether the node that reads takes the newest of several copies.
  private(set) var isRanked = false
  /// The leaves below queues that answer when those leaves do not.
  private(set) var behindQueues: [String] = []
  /// Whether the outermost node that reads one of several children makes sure that its answer is not lost; `nil` where
  /// there is none.
  private(set) var writesBack: Bool?
  /// The first node that hides stores which others write.
  private(set) var hiding: String?
  /// The stores that writes reach.
  private let written: Set<String>

  init(_ outline: Outline, _ kind: Key.Kind) {
    written = outline.writtenStores(kind)
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
    visit(outline, kind, Call())
  }

  /// What nodes above have done about a record, and with answers.
  private struct Call {
    var isOrdered = false
    var isStamped = false
    var isCounted = false
  }

  private mutating func rest(on basis: Basis) {
    if !order.contains(basis) { order.append(basis) }
  }

  private mutating func visit(_ node: Outline, _ kind: Key.Kind, _ above: Call) {
    var call = above
    guard let access = node.access(for: kind), !node.children.isEmpty else {
      guard node.capabilities.contains(.put) else { return }
      note(node, isStamped: call.isStamped || call.isOrdered)
      return
    }
    if !call.isStamped { stamp(node, kind, access, &call) }
    if node.marks.contains(.queueing), !call.isCounted {
      behindQueues += node.leaves.map(\.label)
      // What is queued was stamped by a node that could ask nobody.
      rest(on: .clocks)
    }
    // A child that is read and never written tells no write what it must rank above.
    if node.marks.isSuperset(of: [.ranking, .counting]),
      Set(access.read.mentions).contains(where: {
        node.children[$0].capabilities.contains(.get) && !node.children[$0].capabilities.contains(.put)
      })
    {
      rest(on: .clocks)
    }
    call.isCounted = call.isCounted || node.marks.contains(.counting)
    if node.children.count > 1 { read(node, access, kind) }
    let used = Set(access.read.mentions + access.write.mentions)
    for (index, child) in node.children.enumerated() where used.contains(index) { visit(child, kind, call) }
  }

  /// What a node does about the stamp of a record that has none yet.
  private mutating func stamp(_ node: Outline, _ kind: Key.Kind, _ access: Access, _ call: inout Call) {
    if node.stampsHere(kind, isOrdered: call.isOrdered) {
      call.isStamped = true
      let isOfOneWriter = node.marks.contains(.oneWriter)
      if !node.ordersWrites(kind) {
        rest(on: isOfOneWriter ? .oneWriter : .clocks)
      } else if isOfOneWriter, node.marks.contains(.writingBack) {
        rest(on: .oneWriter)
      }
    } else if Set(access.write.mentions).count > 1, call.isOrdered || node.children.contains(where: \.stampsSomewhere) {
      // The children stamp, each for itself.
      rest(on: .clocks)
    }
    call.isOrdered = call.isOrdered || node.marks.contains(.stamping)
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

  private mutating func read(_ node: Outline, _ access: Access, _ kind: Key.Kind) {
    if hiding == nil, !node.hiddenWrites(kind, written).isEmpty { hiding = node.label }
    let readers = Set(access.read.mentions).filter { node.children[$0].capabilities.contains(.get) }
    guard readers.count > 1 else { return }
    if writesBack == nil {
      writesBack = node.marks.contains(.writingBack)
      isRanked = node.marks.contains(.ranking)
    }
    // Who needs one answer has nothing to choose from.
    let needsOne = readers.allSatisfy { reader in access.read.holds { $0 == reader } }
    if !needsOne, !node.marks.contains(.ranking) { blindReaders.append(node.label) }
  }
}
