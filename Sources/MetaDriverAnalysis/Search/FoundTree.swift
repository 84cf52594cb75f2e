public import MetaDriver

/// A tree that a search has found, with what it guarantees and costs.
///
/// ```swift
/// let goal = StrategyGoal(.load, readFraction: 0.9)
/// let leaves = ["eu", "us", "box"].map { ($0, LeafFigures(readCapacity: 4_000, writeCapacity: 2_000)) }
/// for tree in try TreeSearch(of: leaves, for: goal).best(3) { print(tree) }
/// ```
public struct FoundTree: Sendable {
  private let shape: TreeShape
  private let names: [String]
  /// The tree as it is written in Swift, each leaf by its name.
  public let source: String
  /// What it guarantees.
  public let analysis: Analysis
  /// How busy its busiest leaf is with each operation a second, when every call succeeds. Its inverse is the capacity.
  public let load: Double
  /// How busy the busiest leaf would be if leaves were chosen in the best way for each operation, which no node does; `nil`
  /// where it could not be computed.
  public let attainableLoad: Double?
  /// How many messages an operation takes on average, when every call succeeds.
  public let network: Double
  /// How long a read takes.
  public let reads: Latency
  /// How long a write takes.
  public let writes: Latency
  /// How long an operation takes on average.
  public let latency: Duration
  private let averages: (read: Duration, write: Duration)

  /// How many operations a second the tree could serve.
  public var capacity: Double { 1 / load }

  /// The figures are those of the tree itself, made of real drivers.
  init(_ tree: TreeCandidate, _ problem: TreeProblem) throws(AnalysisError) {
    shape = tree.shape
    names = problem.names
    source = shape.source(problem.words)
    analysis = Analysis(of: shape.driver { MemoryDriver(problem.names[$0]) }.outline)
    let used = shape.leaves
    let figures = Dictionary(uniqueKeysWithValues: used.map { (problem.names[$0], problem.figures[$0]) })
    let timings = Dictionary(uniqueKeysWithValues: used.map { (problem.names[$0], problem.timings[$0]) })
    var (load, network) = (0.0, 0.0)
    for (fraction, likelihood) in problem.goal.readFractions {
      let sent = try analysis.load(readFraction: fraction, figures: figures, leaves: timings)
      load += likelihood * sent.busiest
      network += likelihood * sent.network
    }
    var goal = StrategyGoal(.load, readFraction: 0)
    goal.readFractions = problem.goal.readFractions
    (self.load, self.network) = (load, network)
    attainableLoad = try? analysis.strategy(for: goal, figures: figures)?.load
    reads = try analysis.latency(of: .reads, leaves: timings)
    writes = try analysis.latency(of: .writes, leaves: timings)
    // The averages of those two, which were integrated for all trees at once.
    latency = .seconds(problem.latency(tree))
    averages = (.seconds(problem.latency(tree, of: .reads)), .seconds(problem.latency(tree, of: .writes)))
  }

  /// The tree, of drivers.
  ///
  /// ```swift
  /// let leaves = [("eu", LeafFigures(latency: .milliseconds(3))), ("us", LeafFigures(latency: .milliseconds(8)))]
  /// let search = TreeSearch(of: leaves, for: StrategyGoal(.latency, readFraction: 0.9))
  /// if let best = try search.best().first {
  ///   let store = try Strategy("store") { best.driver { $0 == "eu" ? eu : us } }
  ///   print(store)
  /// }
  /// ```
  ///
  /// - Parameter leaf: The driver of the leaf of this name.
  public func driver(_ leaf: (String) -> any Driver) -> any Driver { shape.driver { leaf(names[$0]) } }
}

extension FoundTree: CustomStringConvertible {
  /// The source, and the figures, a line for each.
  public var description: String {
    func line(_ name: String, _ text: String) -> String {
      name + String(repeating: " ", count: 18 - name.count) + text
    }
    func time(_ average: Duration, _ latency: Latency) -> String {
      let slowest = latency.quantile(0.99).map { "\($0.plainText) at p99" }
      return (["\(average.plainText) on average"] + [slowest].compactMap(\.self)).joined(separator: ", ")
    }
    let attainable = attainableLoad.map { $0 < load * (1 - 1e-9) ? ", of \((1 / $0).decimal(2)) attainable" : "" }
    return [
      source, "", line("operations", "\(capacity.decimal(2)) a second\(attainable ?? "")"),
      line("messages", "\(network.decimal(2)) for an operation"), line("latency", "\(latency.plainText) on average"),
      line("of reads", time(averages.read, reads)), line("of writes", time(averages.write, writes)),
    ].joined(separator: "\n")
  }
}
