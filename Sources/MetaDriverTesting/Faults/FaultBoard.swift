public import MetaDriver
private import Synchronization

/// Makes the misbehaving leaves of a tree, and finds them again by their paths, to switch faults while the tree runs.
///
/// ```swift
/// let board = FaultBoard(seed: 7)
/// let notes = try Strategy("notes") {
///   Quorum(read: 2, write: 2) {
///     for region in ["eu", "us", "asia"] { board.leaf(region, ordering: .newestWins).timeout(.seconds(2)) }
///   }
/// }
/// try board.leaf(at: "notes/Quorum/Timeout/eu", in: notes.outline).isDown = true
/// ```
public final class FaultBoard: Sendable {
  /// A path at which a tree has no leaf of the board.
  public struct UnknownPath: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path that was asked for.
    public let path: String
    /// The paths of the board's leaves in the tree, in its order.
    public let known: [String]

    /// One line: the path, and those there are.
    public var description: String {
      "no leaf of this board is at \"\(path)\" in the tree; "
        + (known.isEmpty ? "it has none" : "there are \(known.joined(separator: ", "))")
    }
  }

  private struct State {
    var leaves: [String: Faulty] = [:]
    var counts: [String: UInt64] = [:]
  }
  private let state = Mutex(State())
  private let seed: UInt64

  /// Makes a board without leaves.
  ///
  /// - Parameter seed: What everything random about its leaves is drawn from.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// Makes a leaf. Leaves with one name are different stores, with draws of their own.
  ///
  /// - Parameters:
  ///   - name: What to call it.
  ///   - ordering: How puts of one key are ordered.
  ///   - domain: Its failure domain.
  ///   - faults: What goes wrong, from the beginning.
  public func leaf(
    _ name: String, ordering: PutOrdering = .fifo, domain: String? = nil, faults: FaultProfile = .none
  ) -> Faulty {
    state.withLock { state in
      // The first of a name draws as a `Faulty` of the board's seed does.
      let leaf = Faulty(
        name, ordering: ordering, domain: domain, seed: seed &+ state.counts[name, default: 0], faults: faults)
      state.counts[name, default: 0] += 1
      if let identity = leaf.leaf?.identity { state.leaves[identity] = leaf }
      return leaf
    }
  }

  /// Finds a leaf of the board in a tree.
  ///
  /// - Parameters:
  ///   - path: The nodes from the root to the leaf, by name, or by kind where there is no name, as
  ///     `DriverError.path` has them: `Quorum/Timeout/eu`. The name of the strategy may stand in front. The second of
  ///     siblings that are called the same is `eu#2`.
  ///   - outline: The tree.
  /// - Throws: The paths there are, when this is none of them.
  public func leaf(at path: String, in outline: Outline) throws(UnknownPath) -> Faulty {
    let places = places(in: outline, at: outline.component)
    if let place = places.first(where: { $0.path == path }) { return place.leaf }
    if let slash = path.firstIndex(of: "/"),
      let place = places.first(where: { $0.path == path[path.index(after: slash)...] })
    {
      return place.leaf
    }
    throw UnknownPath(path: path, known: places.map(\.path))
  }

  private func places(in outline: Outline, at path: String) -> [(path: String, leaf: Faulty)] {
    if let identity = outline.leaf?.identity, let leaf = state.withLock({ $0.leaves[identity] }) {
      return [(path, leaf)]
    }
    var seen: [String: Int] = [:]
    return outline.children.flatMap { child in
      let count = seen[child.component, default: 0] + 1
      seen[child.component] = count
      return places(in: child, at: "\(path)/\(child.component)" + (count > 1 ? "#\(count)" : ""))
    }
  }
}
