/// What a node takes away although its children have it, and why: what a refusal says.
struct Withheld: Hashable, Sendable {
  let capabilities: Capabilities
  let reason: String

  init(_ capabilities: Capabilities, because reason: String) {
    self.capabilities = capabilities
    self.reason = reason
  }

  /// Several children that decide on their own cannot decide as one. Of two conditional puts each may win some children
  /// and lose others, and the copy of one that failed can rank above the copy of one that was acknowledged: the first
  /// repair would lose an acknowledged write. A child that decided for all does not help as long as other writes reach
  /// the children in any order.
  static let noArbiter = Withheld(
    [.compareAndPut, .compareAndDelete],
    because: "no child decides for the others, so of two conditional writes both could lose, or the wrong one win")
}

extension Outline {
  /// Why the node takes a capability away itself; `nil` when it has it, or its children lack it.
  func withholds(_ capability: Capabilities) -> Withheld? {
    capabilities.isSuperset(of: capability) ? nil : withheld.first { $0.capabilities.isSuperset(of: capability) }
  }

  /// Why the node takes a capability away although its children have it; `nil` when it does not.
  package func withheldReason(_ capability: Capabilities) -> String? { withholds(capability)?.reason }

  /// Errors for what an application needs of mutable data and the tree cannot do, each at the nodes that are the reason.
  func missing(_ needs: Capabilities) -> [Remark] {
    needs.each.flatMap { missing($0, at: [component]) }
  }

  private func missing(_ need: Capabilities, at path: [String]) -> [Remark] {
    guard !has(need) else { return [] }
    if let reason = withholds(need)?.reason { return [lacking(need, ": \(reason)", at: path)] }
    let names = Children.numbered(children.map(\.component))
    let below = concerned.flatMap { children[$0].missing(need, at: path + [names[$0]]) }
    return below.isEmpty ? [lacking(need, "", at: path)] : below
  }

  /// Whether the node can do something with mutable data.
  private func has(_ need: Capabilities) -> Bool {
    guard capabilities.isSuperset(of: need) else { return false }
    // What a modifier has and its child has not, it does itself.
    if isModifier { return children[0].has(need) || !children[0].capabilities.isSuperset(of: need) }
    return mutable == immutable || concerned.allSatisfy { children[$0].has(need) }
  }

  /// The children that matter to mutable data: where each kind has a child of its own, what the other lacks is no matter.
  private var concerned: [Int] {
    children.indices.filter { index in
      mutable.map { mutable == immutable || $0.read.concerns(index) || $0.write.concerns(index) } ?? true
    }
  }

  private func lacking(_ need: Capabilities, _ reason: String, at path: [String]) -> Remark {
    let what = children.isEmpty ? "the driver has no \(need)" : "it takes \(need) away from what is below it"
    return Remark(
      .error, "the application needs \(need), and \(what)\(reason)",
      mend: children.isEmpty
        ? "Use another driver here, or leave \(need) out of needs"
        : "Put what needs \(need) on a tree without \(kind), over one store that has it",
      path: path)
  }
}

extension Rule {
  /// Whether a child stands in the formula.
  fileprivate func concerns(_ index: Int) -> Bool {
    switch self {
    case .child(let child): child == index
    case .all(let rules), .any(let rules), .atLeast(_, let rules): rules.contains { $0.concerns(index) }
    }
  }
}
