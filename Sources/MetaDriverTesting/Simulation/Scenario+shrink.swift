import MetaDriver

extension Scenario {
  /// How many runs a failure is made smaller with at most. One that has no end, or waits for ever, takes its time.
  private static func runLimit(for trial: Trial) -> Int { trial.failure == nil ? 5_000 : 50 }

  /// The smallest script found that fails in the same way: with as few steps, incidents, stores and faults as possible.
  ///
  /// What becomes of each call is written down first, so that it stays what it was whatever else is left out.
  func shrink(_ trial: Trial) -> Script {
    var budget = Self.runLimit(for: trial)
    func fails(_ script: Script) -> Bool {
      guard budget > 0 else { return false }
      budget -= 1
      // Without some of its stores a tree may not compose, which is another failure.
      guard let run = try? run(script, keepsTrace: false) else { return false }
      guard let first = trial.violations.first else { return run.failure != nil }
      return run.violations.contains { $0.guarantee == first.guarantee }
    }
    var script = trial.script
    guard fails(script) else { return script }
    // A step begins when it began, whether or not the steps before it, for which it waited, are left out.
    let timed = script.with { script in
      script.beginSteps(at: trial.history.operations.map { ($0.id, .nanoseconds($0.invoked)) })
    }
    if fails(timed) { script = timed }
    var size = script.size
    repeat {
      size = script.size
      script.steps = Shrinker.minimize(script.steps) { steps in fails(script.with { $0.steps = steps }) }
      script.incidents = Shrinker.minimize(script.incidents) { incidents in
        fails(script.with { $0.incidents = incidents })
      }
      script.stores = Shrinker.minimize(script.stores) { stores in
        !stores.isEmpty && fails(script.with { $0.stores = stores })
      }
      script.dropUnusedCalls()
      script.calls = Shrinker.minimize(script.calls ?? []) { calls in fails(script.with { $0.calls = calls }) }
      for index in (script.calls ?? []).indices {
        for simplify in Journey.simplifications {
          let candidate = script.with { script in
            if var journey = script.calls?[index].journey {
              simplify(&journey)
              script.calls?[index].journey = journey
            }
          }
          if candidate != script, fails(candidate) { script = candidate }
        }
      }
      for simplify in script.clockSimplifications {
        let candidate = script.with(simplify)
        if candidate != script, fails(candidate) { script = candidate }
      }
    } while script.size != size && budget > 0
    // The moments as the seed had them, where they do as well.
    let earlier = script.with { $0.beginSteps(at: trial.script.steps.map { ($0.number, $0.moment) }) }
    if earlier != script, fails(earlier) { script = earlier }
    for change in script.roundings {
      let candidate = script.with(change)
      if candidate != script, fails(candidate) { script = candidate }
    }
    return script
  }
}

extension Journey {
  /// Ways to make a journey plainer by one thing.
  fileprivate static let simplifications: [@Sendable (inout Journey) -> Void] = [
    { $0.fault = nil }, { $0.request = Script.baseDelay }, { $0.reply = Script.baseDelay },
    { $0.isCancellable = false },
  ]
}

extension Script {
  /// The script with something changed.
  fileprivate func with(_ change: (inout Script) -> Void) -> Script {
    var script = self
    change(&script)
    return script
  }

  /// Lets each step of these numbers begin at its moment.
  fileprivate mutating func beginSteps(at moments: [(Int, Duration)]) {
    let moments = Dictionary(moments) { first, _ in first }
    for index in steps.indices {
      if let moment = moments[steps[index].number] { steps[index].moment = moment }
    }
    steps.sort { ($0.moment, $0.number) < ($1.moment, $1.number) }
  }

  /// Ways to make one of its times a whole number of milliseconds, so that a person can read it.
  fileprivate var roundings: [(inout Script) -> Void] {
    func round(_ duration: inout Duration) {
      duration = .milliseconds((duration.nanoseconds + 999_999) / 1_000_000)
    }
    // All at once is tried first, and usually enough.
    let all: (inout Script) -> Void = { script in
      for index in script.steps.indices { round(&script.steps[index].moment) }
      for index in (script.calls ?? []).indices {
        if var journey = script.calls?[index].journey {
          round(&journey.request)
          round(&journey.reply)
          script.calls?[index].journey = journey
        }
      }
    }
    let steps = steps.indices.map { index in { (script: inout Script) in round(&script.steps[index].moment) } }
    let incidents = incidents.indices.map { index in
      { (script: inout Script) in
        round(&script.incidents[index].moment)
        round(&script.incidents[index].duration)
      }
    }
    return [all] + steps + incidents
  }

  /// Leaves out what is said of calls that nothing makes any more, or that nothing happens to.
  fileprivate mutating func dropUnusedCalls() {
    let numbers = Set(steps.map(\.number))
    calls?.removeAll { call in
      call.journey == .base || !stores.contains(call.call.leaf) || call.call.step.map { !numbers.contains($0) } ?? false
    }
  }
}
