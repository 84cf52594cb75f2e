import MetaDriver

extension Script {
  /// Ways to make what clocks do plainer by one thing each: right, or else wrong by a smaller and rounder number. The
  /// plainest come first, and what follows changes nothing where a plainer one was taken.
  var clockSimplifications: [(inout Script) -> Void] {
    let ofClients = clocks.indices.filter { clocks[$0] != .right }.flatMap { client in
      [{ (script: inout Script) in script.clocks[client] = .right }]
        + Self.sizes.map { size in { script in script.clocks[client].ahead.shorten(to: size) } }
        + Self.rates.map { rate in { script in script.clocks[client].makePlainer(rate: rate) } }
    }
    let ofIncidents = incidents.indices.filter { incidents[$0].kind.isOfClock }.flatMap { index in
      // That a clock is not set right again is plainer than that it is.
      [{ (script: inout Script) in script.incidents[index].makeLastingClock() }]
        + Self.sizes.map { size in { script in script.incidents[index].kind.shortenChange(to: size) } }
    }
    return ofClients + ofIncidents
  }

  private static let sizes: [Duration] =
    [.zero] + [1, 10, 100].map { .milliseconds($0) } + [1, 10, 60, 3_600, 86_400].map { .seconds($0) }

  /// The rates that a person can reckon with, the plainest first.
  fileprivate static let rates = [1, 0, 0.5, 2, 0.9, 1.1, 0.99, 1.01]
}

extension Duration {
  /// Makes it as short as a length, in its own direction, unless it is shorter.
  fileprivate mutating func shorten(to length: Duration) {
    self = self < .zero ? max(self, .zero - length) : min(self, length)
  }
}

extension Simulation.WallClock {
  fileprivate mutating func makePlainer(rate plain: Double) {
    let place = { (rate: Double) in Script.rates.firstIndex(of: rate) ?? .max }
    if place(plain) < place(rate) { rate = plain }
  }
}

extension Script.Incident {
  fileprivate mutating func makeLastingClock() {
    if case .clientCrash = kind { return }
    duration = .zero
  }
}

extension Script.Incident.Kind {
  fileprivate var isOfClock: Bool {
    switch self {
    case .clientCrash(_, let change): change != .zero
    case .clockStep, .clockRate: true
    case .storeCrash, .cut, .storeWipe: false
    }
  }

  /// That a clock is not set at all is another incident less.
  fileprivate mutating func shortenChange(to length: Duration) {
    switch self {
    case .clientCrash(let client, var change):
      change.shorten(to: length)
      self = .clientCrash(client, clock: change)
    case .clockStep(let client, var change) where length > .zero:
      change.shorten(to: length)
      self = .clockStep(client, by: change)
    default: return
    }
  }
}
