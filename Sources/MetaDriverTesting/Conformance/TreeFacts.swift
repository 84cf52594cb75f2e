import MetaDriver

/// What the cases ask of an outline.
struct TreeFacts: Sendable {
  private let outline: Outline
  /// Why the tree cannot work as it was composed.
  let mistakes: [Remark]
  /// Whether a node in the tree gives records stamps of its own, and deletes by writing tombstones.
  let stamps: Bool
  private let mutable: Capabilities
  private let immutable: Capabilities

  init(_ outline: Outline) {
    self.outline = outline
    let nodes = outline.nodes
    mistakes = nodes.flatMap(\.remarks).filter { $0.severity == .error }
    stamps = nodes.contains { $0.marks.contains(.stamping) }
    mutable = outline.capabilities(for: .mutable)
    immutable = outline.capabilities(for: .immutable)
  }

  /// What can be done with keys of one kind: where the kinds have a subtree each, that subtree decides.
  func capabilities(for kind: Key.Kind) -> Capabilities { kind == .mutable ? mutable : immutable }

  /// Whether every page of a listing must be complete: no node can be read that cannot be listed.
  var listsAll: Bool {
    !outline.nodes.contains { $0.capabilities.contains(.get) && !$0.capabilities.contains(.list) }
  }

  /// The names under which the leaves look for their secrets, and the empty one of those without a name.
  var leafNames: [String] {
    Set(outline.nodes.filter(\.children.isEmpty).map { $0.name ?? "" }).sorted()
  }

  /// How puts are ordered, where the tree is one leaf or modifiers of one.
  var ordering: PutOrdering? {
    var node = outline
    while node.children.count == 1 { node = node.children[0] }
    return node.leaf?.ordering
  }
}

extension Outline {
  /// The node and all below it.
  fileprivate var nodes: [Outline] { [self] + children.flatMap(\.nodes) }

  fileprivate func capabilities(for kind: Key.Kind) -> Capabilities {
    let isSplit = mutable != immutable
    let concerned = children.indices.filter { index in
      !isSplit || access(for: kind).map { !$0.read.holds { $0 != index } || !$0.write.holds { $0 != index } } ?? true
    }
    if isSplit {
      let held = concerned.map { children[$0].capabilities(for: kind) }
      return capabilities.intersection(held.dropFirst().reduce(held.first ?? capabilities) { $0.intersection($1) })
    }
    // What a child does for the other kind only, this node does not do for this one.
    var lost = concerned.reduce(into: Capabilities()) { lost, index in
      lost.formUnion(children[index].capabilities.subtracting(children[index].capabilities(for: kind)))
    }
    if lost.contains(.put) { lost.insert(.delete) }
    return capabilities.subtracting(lost)
  }
}
