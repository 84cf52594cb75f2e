import MetaDriver

extension Simulation {
  /// What the wall clock of a process does: how far it is ahead, and how fast it goes.
  ///
  /// ```swift
  /// let fast = Simulation.WallClock(ahead: .seconds(5), rate: 1.01)   // gains 10 ms a second besides
  /// let alice = world.process("alice", clock: fast)
  /// alice.setClock(by: .seconds(-180))                                // somebody sets it three minutes back
  /// alice.wallClock.rate = 0                                          // it shows one moment from now on
  /// ```
  ///
  /// The right time begins with 2026-01-01 and goes with the world's virtual time, which no clock of a process changes.
  /// A wall clock that is set far enough back shows a time before 1970; a runtime takes that for 1970.
  public struct WallClock: Hashable, Sendable {
    /// How far it is ahead of the right time, or behind.
    public var ahead: Duration
    /// How many seconds it goes forward in a second: 1 is right, 0 is frozen, 1.01 gains 10 ms a second.
    ///
    /// - Precondition: 0 to 1000.
    public var rate: Double { didSet { check() } }

    /// Describes a clock.
    ///
    /// - Parameters:
    ///   - ahead: How far it is ahead of the right time, or behind.
    ///   - rate: How many seconds it goes forward in a second.
    /// - Precondition: `rate` is 0 to 1000.
    public init(ahead: Duration = .zero, rate: Double = 1) {
      self.ahead = ahead
      self.rate = rate
      check()
    }

    /// The right time.
    public static let right = WallClock()

    /// A clock that has lost the time, and begins with 1970 when the world begins.
    public static let since1970 = WallClock(ahead: .zero - World.epoch)

    /// The rates that a clock can have.
    static let rates = 0.0...1_000.0

    private func check() { precondition(Self.rates.contains(rate), "a clock cannot go \(rate) seconds in a second") }
  }
}

extension Simulation.WallClock: CustomStringConvertible {
  /// What is not right about it, as it stands in a ``Script``: `skew 2d drift 1.01`; `right` when nothing is.
  public var description: String { self == .right ? "right" : fields.joined(separator: " ") }

  /// `skew 2d`, `drift 1.01`: what is right is left out.
  var fields: [String] {
    (ahead == .zero ? [] : ["skew \(ahead.signedText)"]) + (rate == 1 ? [] : [Self.text(rate: rate)])
  }

  /// `drift 1.01`, `frozen`.
  static func text(rate: Double) -> String { rate == 0 ? "frozen" : "drift \(rate)" }
}
