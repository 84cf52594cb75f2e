/// The search for the best tree over given leaves: the one that is busiest least, sends fewest messages, or is quickest,
/// with limits on the others, and with operations that survive failures.
///
/// ```swift
/// var search = TreeSearch(
///   of: [
///     ("eu", LeafFigures(readCapacity: 4_000, writeCapacity: 2_000, latency: .milliseconds(3))),
///     ("us", LeafFigures(readCapacity: 4_000, writeCapacity: 2_000, latency: .milliseconds(8))),
///     ("box", LeafFigures(readCapacity: 500, writeCapacity: 500, latency: .milliseconds(60))),
///   ], for: StrategyGoal(.latency, readFraction: 0.9))
/// search.readFailures = 1
/// if let tree = try search.best().first { print(tree.source) }
/// ```
///
/// ## What is looked at
///
/// Every tree in which each leaf stands at most once, made of two nodes, however nested: `Quorum`, with any number of
/// children that a read needs, and `Replicated`, which writes to all children and reads from one after the other. So every
/// read meets every acknowledged write. A quorum needs no more for a write than that takes: needing more, it would neither
/// survive more nor be quicker, and send as much. Not looked at are weighted quorums, and trees in which a leaf stands
/// twice.
///
/// A tree need not use every leaf. Which leaf of several alike stands where makes no other tree.
///
/// ## What is compared
///
/// What the trees really send when every call succeeds: a `Quorum` asks all its children for a read too, a `Replicated` the
/// first only. Trees that are as good are told apart by their nodes: the fewer the better; then by their latency, their
/// messages and their load; then by the order of the leaves.
public struct TreeSearch: Sendable {
  /// How many leaves there may be.
  public static let leafLimit = LeafSets.leafLimit
  /// How many trees are told of at most.
  public static let countLimit = 100

  /// The leaves, each with its name and what it can bear.
  public var leaves: [(name: String, figures: LeafFigures)]
  /// What the tree is to be good at, and the limits that it must keep. ``StrategyGoal/failures`` leaves may fail without
  /// anyone else having to be asked.
  public var goal: StrategyGoal
  /// How long the leaves take, by their names; where it is empty, as long as their figures say, each time.
  public var timings: [String: LeafTiming] = [:]
  /// How many leaves may fail, whichever they are, with reads still succeeding.
  public var readFailures = 0
  /// How many leaves may fail, whichever they are, with writes still succeeding.
  public var writeFailures = 0

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - leaves: The leaves, each with its name and what it can bear. Where trees are as good, the first are preferred.
  ///   - goal: What the tree is to be good at, and the limits that it must keep.
  public init(of leaves: [(name: String, figures: LeafFigures)], for goal: StrategyGoal) {
    (self.leaves, self.goal) = (leaves, goal)
  }

  /// The best trees, the best one first; none when no tree does what is wanted.
  ///
  /// - Parameter count: How many are wanted, up to ``countLimit``.
  /// - Throws: ``AnalysisError`` for a goal that is none; for no leaves, more than ``leafLimit``, two of one name, and a
  ///   name that Swift cannot write; for figures or timings of a leaf that are none; for mixtures of too many parts; and for
  ///   a timing whose calls can fail, because failures are what the tree is to survive.
  /// - Complexity: A tenth of a second for five leaves, a second for six, in a release build; more where a timing is of many
  ///   parts, or the sum of two Pareto distributions.
  public func best(_ count: Int = 1) throws(AnalysisError) -> [FoundTree] {
    let problem = try TreeProblem(self)
    guard (0...Self.countLimit).contains(count) else {
      throw AnalysisError("a search finds 0 to \(Self.countLimit) trees, and not \(count)")
    }
    var found: [FoundTree] = []
    for tree in problem.ranked(count) { found.append(try FoundTree(tree, problem)) }
    return found
  }
}
