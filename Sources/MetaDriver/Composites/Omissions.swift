/// The drivers that a caller leaves out of one call, and whether a tree can do without them. Pure; it is asked before any
/// driver is.
package struct Omissions {
  /// Why a call is refused.
  package struct Refusal {
    package let reason: String
    /// The children of the node that cannot do without; empty where it is not that.
    package var outcomes: [Outcome] = []
  }

  static let leftOut = "the caller left it out"
  static let inVain = "the write could not hold without those left out"

  private let names: Set<String>

  package init(_ names: Set<String>) { self.names = names }

  /// Why a tree refuses a call; `nil` when it can be made.
  ///
  /// - Parameters:
  ///   - operation: What is called, as one capability.
  ///   - kind: The kind of data; `nil` for both.
  package func refusal(of operation: Capabilities, on kind: Key.Kind?, in tree: Outline) -> Refusal? {
    let known = tree.namesOfChildren
    let unknown = names.subtracting(known).sorted()
    guard unknown.isEmpty else {
      let others = known.isEmpty ? "none can be left out" : "there are \(known.sorted().joined(separator: ", "))"
      return Refusal(
        reason: "the call leaves out \(unknown.joined(separator: ", ")), and no driver in the tree is called so; "
          + others)
    }
    let kinds = kind.map { [$0] } ?? [.mutable, .immutable]
    for kind in kinds {
      if let (node, child) = deaf(tree, kind) {
        return Refusal(
          reason: "the call leaves out \(child), and \(node.component) above it cannot do without it, or does not say "
            + "that it can")
      }
    }
    guard let kind, Self.writes.contains(where: { $0 == operation }) else { return nil }
    let call = Call(operation: operation, kind: kind)
    guard !holds(tree, call), Omissions([]).holds(tree, call), let (node, call) = culprit(tree, call) else {
      return nil
    }
    let labels = node.labelsOfChildren
    let missing = labels.indices.filter { isOmitted(node, $0) }.map { labels[$0] }
    return Refusal(
      reason: "\(call.operation) cannot hold at \(node.component) without \(missing.joined(separator: ", "))",
      outcomes: labels.indices.map {
        Outcome(labels[$0], .skipped(isOmitted(node, $0) ? Self.leftOut : Self.inVain))
      })
  }

  private static let writes: [Capabilities] = [.put, .compareAndPut, .delete]

  // MARK: Nodes that cannot leave a child out

  /// A node that would ask one of the children, and does not say that it leaves out those that are to be.
  private func deaf(_ node: Outline, _ kind: Key.Kind) -> (node: Outline, child: String)? {
    guard let access = node.access(for: kind) else { return nil }
    let asked = Set(access.read.mentions + access.write.mentions).sorted()
    for index in asked where node.children.indices.contains(index) {
      if isOmitted(node, index) {
        guard node.marks.contains(.omitting) else { return (node, node.labelsOfChildren[index]) }
      } else if let found = deaf(node.children[index], kind) {
        return found
      }
    }
    return nil
  }

  private func isOmitted(_ node: Outline, _ index: Int) -> Bool {
    !node.isModifier && names.contains(node.labelsOfChildren[index])
  }

  // MARK: Writes that cannot hold

  /// A write on its way down.
  private struct Call {
    var operation: Capabilities
    let kind: Key.Kind
    var isOrdered = false
    /// Whether a node above has stamped the record, so that none below asks before it writes.
    var isStamped = false
  }

  /// The calls to the children, and the rule for each of them.
  private func needs(_ node: Outline, _ call: Call) -> [(rule: Rule, call: Call)] {
    guard let access = node.access(for: call.kind) else { return [] }
    var below = call
    if call.operation == .delete {
      guard node.marks.contains(.stamping) else {
        // One copy left would come back.
        let able = Set(access.read.mentions + access.write.mentions).sorted().filter {
          node.children[$0].capabilities.contains(.delete)
        }
        return [(.all(able.map(Rule.child)), call)]
      }
      below.operation = .put
    }
    guard !call.isStamped else { return [(access.write, below)] }
    let isStamping = node.stampsHere(call.kind, isOrdered: call.isOrdered)
    below.isOrdered = call.isOrdered || node.marks.contains(.stamping)
    below.isStamped = isStamping
    guard isStamping, node.asksHere(call.kind) else { return [(access.write, below)] }
    return [(access.write, below), (access.read, Call(operation: .get, kind: call.kind))]
  }

  /// Whether a tree can carry out an operation without the children that are left out, if nothing else fails.
  private func holds(_ node: Outline, _ call: Call) -> Bool {
    guard node.capabilities.isSuperset(of: call.operation) else { return false }
    guard let access = node.access(for: call.kind), !node.children.isEmpty else { return true }
    let needs = call.operation == .get ? [(rule: access.read, call: call)] : needs(node, call)
    return needs.allSatisfy { rule, call in
      rule.holds { !isOmitted(node, $0) && holds(node.children[$0], call) }
    }
  }

  /// The node to name: of those that do not hold, one whose children would.
  private func culprit(_ node: Outline, _ call: Call) -> (node: Outline, call: Call)? {
    guard !node.children.isEmpty, let access = node.access(for: call.kind) else { return nil }
    let needs = call.operation == .get ? [(rule: access.read, call: call)] : needs(node, call)
    for (rule, call) in needs where !rule.holds({ !isOmitted(node, $0) && holds(node.children[$0], call) }) {
      for index in rule.mentions
      where !isOmitted(node, index) && !holds(node.children[index], call)
        && Omissions([]).holds(node.children[index], call)
      {
        if let found = culprit(node.children[index], call) { return found }
      }
    }
    return (node, call)
  }
}

extension Outline {
  /// Every name under which a caller may leave out a driver. A modifier has the name of what it is put around.
  fileprivate var namesOfChildren: Set<String> {
    children.reduce(isModifier ? [] : Set(labelsOfChildren)) { $0.union($1.namesOfChildren) }
  }
}
