/// A leaf as the checks see it: which store, under what name, and whether other clients see its data.
package struct LeafPlace: Hashable, Sendable {
  package let identity: String
  package let label: String
  /// At one of its places at least: a store that is local does not cease to be so elsewhere.
  package internal(set) var isLocalOnly: Bool
  package let domain: String?
  /// Whether another process knows the store by the same identity.
  package let isLasting: Bool
}

extension Outline {
  /// How the children are called in reports, and by callers who leave some out: their labels, with a number behind those
  /// that stand there more than once.
  public var labelsOfChildren: [String] { Children.numbered(children.map(\.label)) }

  /// The leaves of the tree, each store once, in the order in which they are met.
  package var leaves: [LeafPlace] {
    var found: [LeafPlace] = []
    collectLeaves(isLocalOnly: false, at: [], into: &found)
    return found
  }

  private func collectLeaves(isLocalOnly: Bool, at path: [Int], into found: inout [LeafPlace]) {
    let isLocalOnly = isLocalOnly || marks.contains(.localOnly)
    guard children.isEmpty else {
      for (index, child) in children.enumerated() {
        child.collectLeaves(isLocalOnly: isLocalOnly, at: path + [index], into: &found)
      }
      return
    }
    let identity = identity(at: path)
    if let place = found.firstIndex(where: { $0.identity == identity }) {
      found[place].isLocalOnly = found[place].isLocalOnly || isLocalOnly
    } else {
      found.append(
        LeafPlace(
          identity: identity, label: label, isLocalOnly: isLocalOnly, domain: domain,
          isLasting: leaf?.isLasting ?? false))
    }
  }

  /// Those of the ``leaves``, by their places in the list, from which no other client learns anything: they are local, or
  /// make no difference to a read. In a tree that nobody reads, only the former.
  package func unseenLeaves(_ kind: Key.Kind) -> Set<Int> {
    let leaves = leaves
    let read = formula(for: .get, on: kind)
    let table = TruthTable(read, memberCount: leaves.count)
    let mentioned = Set(read.mentions)
    let readers = leaves.indices.filter { table?.depends(on: $0) ?? mentioned.contains($0) }
    let unread = readers.isEmpty ? [] : Set(leaves.indices).subtracting(readers)
    return unread.union(leaves.indices.filter { leaves[$0].isLocalOnly })
  }

  /// Stores of which a node hides the copies behind those of other children, without comparing them, and which others of
  /// its writes reach: it answers with what is older then.
  ///
  /// - Parameter written: The stores that writes to the whole tree reach.
  package func hiddenWrites(_ kind: Key.Kind, _ written: Set<String>) -> [String] {
    guard let access = access(for: kind), children.count > 1, marks.contains(.ranking), !marks.contains(.counting)
    else { return [] }
    let own = Set(access.write.mentions)
    return Set(access.read.mentions).subtracting(own).sorted().flatMap { children[$0].leaves }
      .filter { written.contains($0.identity) }.map(\.label)
  }

  /// The stores that writes to the tree reach.
  package func writtenStores(_ kind: Key.Kind) -> Set<String> {
    let leaves = leaves
    return Set(formula(for: .put, on: kind).mentions.map { leaves[$0].identity })
  }

  /// Which store a leaf is; a leaf that does not say is one of its own.
  package func identity(at path: [Int]) -> String { leaf?.identity ?? "node \(path)" }

  /// Which of the tree's ``leaves``, by their places in the list, an operation on one kind of data needs.
  ///
  /// - Parameter isWhole: Whether an operation counts with all that it needs to succeed: a write with the answers that it
  ///   asks for before, a read with those that it writes its answer back to. Without them, it is what holds or answers.
  package func formula(for operation: Capabilities, on kind: Key.Kind, isWhole: Bool = false) -> Rule {
    var numbers: [String: Int] = [:]
    for (number, leaf) in leaves.enumerated() { numbers[leaf.identity] = number }
    return formula(for: operation, on: kind, at: [], isWhole ? Asking() : nil) {
      numbers[$0] ?? 0
    }
  }

  /// What nodes above have done about the stamp.
  private struct Asking {
    var isOrdered = false
    var isStamped = false
  }

  private func formula(
    for operation: Capabilities, on kind: Key.Kind, at path: [Int], _ asking: Asking?, number: (String) -> Int
  ) -> Rule {
    guard capabilities.isSuperset(of: operation) else { return .never }
    guard let access = access(for: kind), !children.isEmpty else { return .child(number(identity(at: path))) }
    func below(_ rule: Rule, _ operation: Capabilities, _ asking: Asking?) -> Rule {
      rule.replacing { index in
        children[index].formula(for: operation, on: kind, at: path + [index], asking, number: number)
      }
    }
    guard operation == .put else {
      let read = below(access.read, operation, asking)
      return asking != nil && operation == .get && marks.contains(.writingBack)
        ? .all([read, below(access.write, .put, nil)]) : read
    }
    guard var asking, !asking.isStamped else { return below(access.write, operation, asking) }
    let isStamping = stampsHere(kind, isOrdered: asking.isOrdered)
    asking.isOrdered = asking.isOrdered || marks.contains(.stamping)
    asking.isStamped = isStamping
    let write = below(access.write, operation, asking)
    return isStamping && asksHere(kind) ? .all([write, below(access.read, .get, nil)]) : write
  }
}
