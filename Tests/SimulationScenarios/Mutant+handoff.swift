import MetaDriver
import MetaDriverTesting

/// Mistakes in handing writes off.
extension Mutant {
  func handoffScenario(isOn: Bool) -> Scenario {
    let isBlind = isOn && self == .replaysBlindly
    let mistake = isOn ? self : nil
    // Blind stores keep what comes last, so that whoever sends must look first.
    var scenario = Healthy.handingOff(
      rawValue, promises, survives: 2, ordering: self == .replaysBlindly ? .fifo : .newestWins,
      keptOn: { Self.kept(on: $0, mistake) }
    ) { stores, journal in
      let children: [any Driver] = isBlind ? stores.map(Self.blind) : stores
      return Quorum(
        read: 1, write: 1, repair: .off, sloppy: true,
        remainder: mistake == .stragglersForgotten ? .background : .handoff(journal)
      ) { for child in children { child } }
    }
    if self == .replaysBlindly {
      // The package keeps the puts of one process in order.
      scenario.clients = 1
      scenario.weather.clientCrashes = 0
      // A put that never ends would keep its turn, and with it the key, for ever.
      scenario.weather.cuts = 0
      scenario.weather.storeCrashes = 0
      scenario.weather.faults[.hang] = 0
      scenario.weather.faults[.lostReply] = 0
      scenario.weather.faults[.refused] = 0.2
      scenario.pause = .exponential(mean: .milliseconds(60))
    }
    return scenario
  }

  private static func blind(_ store: Faulty) -> any Driver { BlindPuts { store } }

  private static func kept(on store: Faulty, _ mistake: Mutant?) -> any Driver {
    switch mistake {
    case .queuedBeforeDurable: AnswersFirst { store }
    case .removedBeforeSent: RemovesWhatItGives { store }
    case .queueForgotten: ListsNothing { store }
    default: store
    }
  }
}

/// Puts whatever it is given, however old, in place of whatever is there.
private struct BlindPuts<Base: Driver>: Modifier {
  let base: Base
  init(_ base: () -> Base) { self.base = base() }
  var outline: Outline { Outline(modifier: "BlindPuts", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await Context(context.runtime).put(record, at: key, to: base)
  }
}

/// Answers a put, and stores it a moment later.
private struct AnswersFirst<Base: Driver>: Modifier {
  let base: Base
  init(_ base: () -> Base) { self.base = base() }
  var outline: Outline { Outline(modifier: "AnswersFirst", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let base = base
    context.runtime.start {
      do throws(DriverError) {
        try await context.runtime.sleep(for: .milliseconds(50))
        _ = try await context.put(record, at: key, to: base)
      } catch {}
    }
    return Receipt(.stored, stamp: record.stamp)
  }
}

/// Removes an entry when it is read.
private struct RemovesWhatItGives<Base: Driver>: Modifier {
  let base: Base
  init(_ base: () -> Base) { self.base = base() }
  var outline: Outline { Outline(modifier: "RemovesWhatItGives", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let record = try await context.get(key, from: base)
    _ = try await context.delete(key, proof: nil, from: base)
    return record
  }
}

/// Has nothing left when its process starts again.
private struct ListsNothing<Base: Driver>: Modifier {
  let base: Base
  init(_ base: () -> Base) { self.base = base() }
  var outline: Outline { Outline(modifier: "ListsNothing", of: base.outline) }

  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page { Page([], next: nil) }
}
