public import MetaDriver

/// What is tried in many simulations: a tree over stores that misbehave, what its clients do, and what must hold.
///
/// ```swift
/// let twoOfThree = Scenario(
///   "two of three", stores: ["a", "b", "c"], guarantees: [.regular, .readYourWrites, .durable], survives: 1
/// ) { leaves in
///   Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
/// }
/// let counterexample = try Simulation.explore(seeds: 0..<1_000, twoOfThree)
/// ```
///
/// A seed decides who writes and reads what and when, how long every message travels, which are lost, who crashes, and
/// what wall clocks show.
/// When the clients are done and everything has come to rest, a reader of its own reads every key, and again with each
/// choice of ``survives`` stores down: what was acknowledged must be there.
public struct Scenario: Sendable {
  /// One of the stores.
  public struct Store: Hashable, Sendable, ExpressibleByStringLiteral {
    /// What it is called: one word, without ':' and '#', because it stands in scripts.
    public var name: String { didSet { checkName() } }
    /// How it orders puts.
    public var ordering: PutOrdering

    /// Describes a store.
    ///
    /// - Precondition: `name` is one word, without ':' and '#'.
    public init(_ name: String, ordering: PutOrdering = .newestWins) {
      self.name = name
      self.ordering = ordering
      checkName()
    }

    private func checkName() {
      precondition(Script.canName(name), "a store's name is one word without ':' and '#', and not \"\(name)\"")
    }

    /// A store that keeps the newest.
    public init(stringLiteral name: String) { self.init(name) }
  }

  /// What it is called in reports.
  public var name: String
  /// The stores, of which every client's tree is made; no two have one name.
  public var stores: [Store]
  /// Stores that each client has for itself, and nobody else sees: a disk of its own, say. Nothing goes wrong there, and a
  /// crash of the client loses nothing that they hold.
  public var ownStores: [Store] = []
  /// Whether a client that starts again goes on with its session, because its tree keeps it in a store of its own. Without
  /// it, each of its lives is a session.
  public var sessionsSurvive = false
  /// What must hold.
  public var guarantees: [Guarantee]
  /// How many stores may be lost for good without any loss of what was acknowledged.
  public var survives: Int
  /// How many clients there are, each a process with a tree of its own over the same stores.
  public var clients = 2
  /// How many of the clients write, the first ones; the others only read. `nil` when all do.
  public var writers: Int?
  /// How many keys they use.
  public var keys = 1
  /// How many operations they carry out in all.
  public var operations = 12
  /// The share of the operations that read, 0 to 1.
  public var reads = 0.5
  /// The share of the reads that ask for the description alone, 0 to 1.
  public var descriptions = 0.0
  /// The share of the writes that delete, 0 to 1.
  public var deletes = 0.1
  /// How long a client waits between two operations.
  public var pause: DelayDistribution = .exponential(mean: .milliseconds(20))
  /// How long an operation may take, after which its outcome is unknown.
  public var timeout: Duration = .seconds(1)
  /// How bad things are: rough, unless it is said otherwise.
  public var weather = Weather.rough
  /// After how many steps a run is given up.
  var stepLimit = 10_000_000
  /// What is done when the clients are done, the weather is calm, and what travels has landed: a repair of everything,
  /// say. It is given the stores, without anybody's own, and the runtime of a process to work in.
  public var maintenance: (@Sendable ([Faulty], Runtime) async throws -> Void)?
  /// Makes a client's tree of the stores, in their order, as the client sees them; its own ones come last.
  public var tree: @Sendable ([Faulty]) throws -> any Driver

  /// Describes a scenario; everything else has a default that can be changed.
  ///
  /// - Parameters:
  ///   - name: What it is called in reports.
  ///   - stores: The stores.
  ///   - guarantees: What must hold.
  ///   - survives: How many stores may be lost for good.
  ///   - tree: Makes a client's tree of the stores.
  public init(
    _ name: String, stores: [Store], guarantees: [Guarantee], survives: Int = 0,
    tree: @escaping @Sendable ([Faulty]) throws -> any Driver
  ) {
    self.name = name
    self.stores = stores
    self.guarantees = guarantees
    self.survives = survives
    self.tree = tree
    check()
  }

  /// Stops where there is no script to make of what was set.
  func check() {
    precondition(!stores.isEmpty, "the scenario \(name) has no stores")
    let names = (stores + ownStores).map(\.name)
    let namesake = names.indices.first { names[..<$0].contains(names[$0]) }.map { names[$0] }
    precondition(namesake == nil, "two stores of the scenario \(name) are called \(namesake ?? "")")
    precondition(
      (0..<stores.count).contains(survives), "of \(stores.count) stores, \(survives) cannot be lost and one be left")
    precondition(clients >= 1, "the scenario \(name) has \(clients) clients")
    precondition(keys >= 1, "the scenario \(name) has \(keys) keys")
    precondition(operations >= 0, "the scenario \(name) has \(operations) operations")
    weather.clocks.check()
    precondition(weather.duration >= .zero, "a duration of \(weather.duration) is negative")
    for (what, mean) in [
      ("client crashes", weather.clientCrashes), ("store crashes", weather.storeCrashes), ("cuts", weather.cuts),
      ("wipes", weather.wipes),
    ] { precondition((0...1_000).contains(mean), "\(mean) \(what) on average: 0 to 1000 are possible") }
  }
}
