/// A leaf as the checks see it: which store, under what name, and whether other clients see its data.
struct LeafPlace: Hashable {
  let identity: String
  let label: String
  /// At one of its places at least: a store that is local does not cease to be so elsewhere.
  var isLocalOnly: Bool
  let domain: String?
}

extension Outline {
  /// The leaves of the tree, each store once, in the order in which they are met.
  var leaves: [LeafPlace] {
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
      found.append(LeafPlace(identity: identity, label: label, isLocalOnly: isLocalOnly, domain: domain))
    }
  }

  /// Which store a leaf is; a leaf that does not say is one of its own.
  private func identity(at path: [Int]) -> String { leaf?.identity ?? "node \(path)" }

  /// Whether an operation on one kind of data can succeed when exactly the leaves with these identities work.
  func succeeds(_ operation: Capabilities, on kind: Key.Kind, with working: Set<String>) -> Bool {
    succeeds(operation, on: kind, with: working, at: [])
  }

  private func succeeds(
    _ operation: Capabilities, on kind: Key.Kind, with working: Set<String>, at path: [Int]
  ) -> Bool {
    guard capabilities.isSuperset(of: operation) else { return false }
    guard let access = access(for: kind), !children.isEmpty else { return working.contains(identity(at: path)) }
    let rule = operation == .put ? access.write : access.read
    return rule.holds { index in
      children[index].succeeds(operation, on: kind, with: working, at: path + [index])
    }
  }
}
