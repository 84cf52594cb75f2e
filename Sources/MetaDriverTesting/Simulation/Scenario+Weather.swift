import MetaDriver

extension Scenario {
  /// How bad things are.
  public struct Weather: Hashable, Sendable {
    /// What goes wrong with the calls to each store.
    public var faults: FaultProfile
    /// How many times, on average, a client crashes during a run, and starts again.
    public var clientCrashes = 0.0
    /// How many times, on average, a store crashes during a run, and starts again.
    public var storeCrashes = 0.0
    /// How many times, on average, a client is cut off from a store during a run.
    public var cuts = 0.0
    /// How long, on average, such a thing lasts.
    public var duration: Duration = .milliseconds(100)
    /// How many times, on average, a store loses everything during a run, and comes back empty.
    ///
    /// No more than ``Scenario/survives`` stores of a scenario lose anything in one run, and then as many fewer are down
    /// in its audits. A store that comes back empty answers for what it does not hold: only a tree that sees through
    /// that can promise more than ``Guarantee/convergent``.
    public var wipes = 0.0
    /// What the wall clocks of the clients do.
    public var clocks = Clocks.agree
    /// How far the wall clock of a client is off at most, in either direction: ``Clocks/apart`` of ``clocks``.
    public var skew: Duration {
      get { clocks.apart }
      set { clocks.apart = newValue }
    }

    /// Describes the weather.
    public init(faults: FaultProfile = .none) { self.faults = faults }

    /// Nothing goes wrong, and nothing takes more than a moment.
    public static let calm = Weather()

    /// What a network and its machines do in a bad hour: one message in ten takes 20 ms to 20 s, one call in nine is
    /// refused, or has no effect, or no answer, or an effect and no answer, and every other run a client crashes, a store
    /// crashes, and a client is cut off from a store.
    public static let rough: Weather = {
      var faults = FaultProfile()
      faults.delay = .mixture(
        0.1, .pareto(minimum: .milliseconds(20), shape: 1), or: .exponential(mean: .milliseconds(5)))
      faults[.refused] = 0.03
      faults[.lostReply] = 0.02
      faults[.hang] = 0.02
      faults[.failedAfterEffect] = 0.03
      faults[.throttled] = 0.01
      var weather = Weather(faults: faults)
      weather.clientCrashes = 0.5
      weather.storeCrashes = 0.5
      weather.cuts = 0.5
      return weather
    }()
  }
}
