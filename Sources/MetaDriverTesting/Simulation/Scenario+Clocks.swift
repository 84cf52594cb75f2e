extension Scenario.Weather {
  /// What the wall clocks of the clients do.
  ///
  /// ```swift
  /// var scenario = scenario
  /// scenario.weather.clocks = .stepBack                  // one of the faults that clocks are known for
  /// scenario.weather.clocks.apart = .seconds(5)          // and besides they do not agree
  /// ```
  ///
  /// How often and how long is drawn with everything else. A client that crashes keeps its clock, which goes on meanwhile.
  public struct Clocks: Hashable, Sendable {
    /// How far the clock of a client is off at most when the run begins, in either direction.
    public var apart: Duration = .zero
    /// How fast the clocks go: each client's rate is drawn from these, in seconds in a second; 0 is frozen.
    public var rates: ClosedRange<Double> = 1...1
    /// How many times, on average, a clock is set during a run.
    public var settings = 0.0
    /// By how much a clock is set: one of these is drawn each time.
    public var changes: [Duration] = []
    /// Whether a clock that was set is set right again after ``Scenario/Weather/duration``.
    public var isSetRight = false
    /// Whether the clocks of all clients are set at one moment by one change, and not that of one client.
    public var areAllSet = false
    /// How many times, on average, a clock stands still during a run, for ``Scenario/Weather/duration``.
    public var freezes = 0.0
    /// By how much a clock is set while its client does not run: one of these is drawn for each crash of a client.
    public var restartChanges: [Duration] = []

    /// Clocks that agree, and are right.
    public init() {}

    /// All clocks are right.
    public static let agree = Clocks()

    /// Clocks that go right and are up to so much off, in either direction.
    public static func apart(_ limit: Duration) -> Clocks {
      var clocks = Clocks()
      clocks.apart = limit
      return clocks
    }

    /// A clock is set back, by 20 ms to two days.
    public static let stepBack = stepping(sizes.map { .zero - $0 })
    /// A clock is set forward, by 20 ms to two days.
    public static let stepForward = stepping(sizes)
    /// A clock is set forward, by 20 ms to two days, and back again.
    public static let stepForwardAndBack = stepping(sizes) { $0.isSetRight = true }
    /// The clocks of all clients are set back at once.
    public static let allStepBack = stepping(sizes.map { .zero - $0 }) { $0.areAllSet = true }
    /// The clocks of all clients are set forward at once.
    public static let allStepForward = stepping(sizes) { $0.areAllSet = true }
    /// The clocks of all clients are set forward at once, and back again.
    public static let allStepForwardAndBack = stepping(sizes) { clocks in
      clocks.areAllSet = true
      clocks.isSetRight = true
    }
    /// The clocks of some clients lose half a second in a second, those of others gain as much.
    public static let drift: Clocks = {
      var clocks = Clocks()
      clocks.rates = 0.5...1.5
      return clocks
    }()
    /// Clocks stand still for a while, and go on from there.
    public static let frozen: Clocks = {
      var clocks = Clocks()
      clocks.freezes = 2
      return clocks
    }()
    /// A client that starts again has a clock that is 20 ms to two days behind the one that it had. Nothing happens where
    /// clients do not crash.
    public static let restartBehind: Clocks = {
      var clocks = Clocks()
      clocks.restartChanges = sizes.map { .zero - $0 }
      return clocks
    }()
    /// Some clients have lost the time: their clocks begin with 1970 when they start again, or are set there.
    public static let in1970: Clocks = stepping([Simulation.WallClock.since1970.ahead]) { clocks in
      clocks.restartChanges = clocks.changes + [.zero]
    }

    /// Everything that clocks are known to do, one after the other, with a name for each.
    public static let faults: [(name: String, clocks: Clocks)] = [
      ("agree", agree),
      ("apart by 20 ms", apart(.milliseconds(20))), ("apart by 200 ms", apart(.milliseconds(200))),
      ("apart by 5 s", apart(.seconds(5))), ("apart by 25 s", apart(.seconds(25))),
      ("apart by 3 min", apart(.seconds(180))), ("apart by 2 days", apart(.seconds(172_800))),
      ("one steps back", stepBack), ("one steps forward", stepForward),
      ("one steps forward and back", stepForwardAndBack),
      ("all step back", allStepBack), ("all step forward", allStepForward),
      ("all step forward and back", allStepForwardAndBack),
      ("drift", drift), ("frozen", frozen), ("restart behind", restartBehind), ("1970", in1970),
    ]

    private static let sizes: [Duration] = [
      .milliseconds(20), .seconds(2), .seconds(30), .seconds(180), .seconds(172_800),
    ]

    private static func stepping(_ changes: [Duration], _ more: (inout Clocks) -> Void = { _ in }) -> Clocks {
      var clocks = Clocks()
      clocks.settings = 2
      clocks.changes = changes
      more(&clocks)
      return clocks
    }

    /// Stops where there is no script to make of what was set.
    func check() {
      precondition(apart >= .zero, "clocks that are \(apart) apart are less than not apart")
      let known = Simulation.WallClock.rates
      precondition(
        known.contains(rates.lowerBound) && known.contains(rates.upperBound), "no clock has a rate of \(rates)")
      for (what, mean) in [("settings of clocks", settings), ("freezes", freezes)] {
        precondition((0...1_000).contains(mean), "\(mean) \(what) on average: 0 to 1000 are possible")
      }
      precondition(settings == 0 || !changes.isEmpty, "clocks are set, and nothing says by how much")
    }
  }
}
