import MetaDriver
package import MetaDriverTesting

/// Mistakes that others made in replication, each switched on in a tree that is sound without it.
package enum Mutant: String, CaseIterable, Sendable {
  case putsOvertake, readOneWriteOne, readOneWriteTwo, readTwoWriteOne, deletesWithoutTombstones
  case acknowledgedBeforeDurable, timeoutIsCertainFailure, stragglersCancelled, repairsBackwards
  case missesOwnWrites, readsGoBack, writesOvertakeWrites, writesOvertakeReads, forgetsOwnWrites, forgetsReads
  case stragglersForgotten, replaysBlindly, queuedBeforeDurable, removedBeforeSent, queueForgotten
  case regularIsNotAtomic, supersededCounts, repairsBlindly
  case purgesEarly, purgesWithoutTheAbsent, scrubTakesAbsenceForDeletion
  case phaseRemembered, switchedBeforeCopied, readSideWrittenFirst

  /// What must be found.
  package var guarantee: Guarantee {
    switch self {
    case .putsOvertake: .readYourWrites
    case .readOneWriteOne, .readOneWriteTwo, .readTwoWriteOne: .readYourWrites
    case .deletesWithoutTombstones: .noResurrection
    case .acknowledgedBeforeDurable, .stragglersCancelled: .durable
    case .timeoutIsCertainFailure: .regular
    case .repairsBackwards: .regular
    case .missesOwnWrites, .forgetsOwnWrites: .readYourWrites
    case .readsGoBack, .forgetsReads: .monotonicReads
    case .writesOvertakeWrites: .monotonicWrites
    case .writesOvertakeReads: .writesFollowReads
    case .stragglersForgotten, .replaysBlindly, .queuedBeforeDurable, .removedBeforeSent, .queueForgotten: .durable
    case .regularIsNotAtomic: .linearizable
    case .supersededCounts, .repairsBlindly: .regular
    case .purgesEarly, .purgesWithoutTheAbsent: .noResurrection
    case .scrubTakesAbsenceForDeletion: .durable
    case .phaseRemembered, .switchedBeforeCopied: .durable
    case .readSideWrittenFirst: .linearizable
    }
  }

  /// What the tree promises without the mistake.
  package var promises: [Guarantee] {
    switch self {
    case .stragglersCancelled: [.durable]
    case .missesOwnWrites, .readsGoBack, .writesOvertakeWrites, .writesOvertakeReads, .forgetsOwnWrites, .forgetsReads:
      Healthy.ofSession
    case .stragglersForgotten, .replaysBlindly, .queuedBeforeDurable, .removedBeforeSent, .queueForgotten: [.durable]
    case .regularIsNotAtomic: [.linearizable, .durable, .noResurrection]
    case .phaseRemembered, .switchedBeforeCopied: [.regular, .readYourWrites, .durable, .noResurrection]
    case .readSideWrittenFirst: [.linearizable, .durable]
    default: [.regular, .readYourWrites, .monotonicWrites, .writesFollowReads, .durable, .noResurrection]
    }
  }

  /// The tree, with the mistake or without it.
  package func scenario(isOn: Bool) -> Scenario {
    let stores: [Scenario.Store] = ["a", "b", "c"]
    let blind = stores.map { Scenario.Store($0.name, ordering: isOn && self == .putsOvertake ? .none : .fifo) }
    var scenario: Scenario
    switch self {
    case .putsOvertake:
      scenario = Scenario("puts overtake", stores: blind, guarantees: promises) { leaves in
        Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
      }
      scenario.clients = 1
    case .readOneWriteOne: scenario = Self.quorum(read: isOn ? 1 : 2, write: isOn ? 1 : 2, promises)
    case .readOneWriteTwo: scenario = Self.quorum(read: isOn ? 1 : 2, write: 2, promises)
    case .readTwoWriteOne: scenario = Self.quorum(read: 2, write: isOn ? 1 : 2, promises)
    case .deletesWithoutTombstones:
      scenario = Scenario("deletes without tombstones", stores: stores, guarantees: promises) { leaves in
        let quorum = Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
        return isOn ? BareDeletes(quorum: quorum, leaves: leaves) : quorum
      }
      scenario.deletes = 0.4
    case .acknowledgedBeforeDurable:
      scenario = Scenario("acknowledged before durable", stores: stores, guarantees: promises) { leaves in
        Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
      }
      scenario.weather = Healthy.rough
      scenario.weather.storeCrashes = 3
      if isOn { scenario.weather.faults.durability = .lazy(every: .milliseconds(500)) }
      return scenario
    case .timeoutIsCertainFailure:
      scenario = Scenario("a timeout is a failure", stores: stores, guarantees: promises) { leaves in
        let quorum = Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
        return isOn ? CertainFailures { quorum } : quorum
      }
    case .stragglersCancelled:
      scenario = Scenario("stragglers cancelled", stores: blind, guarantees: promises, survives: 2) { leaves in
        Replicated(writes: .atLeast(1), remainder: isOn ? .cancel : .background) { for leaf in leaves { leaf } }
      }
      scenario.clients = 1
      scenario.deletes = 0
      // Nothing is lost, and everything takes its time.
      scenario.weather = .calm
      scenario.weather.faults.delay = .exponential(mean: .milliseconds(20))
      return scenario
    case .missesOwnWrites, .readsGoBack, .writesOvertakeWrites, .writesOvertakeReads:
      scenario = Healthy.late(rawValue, survivesRestarts: true) { leaves, journal in
        isOn ? Healthy.lateStores(leaves) : Healthy.session(over: leaves, Session(journal: journal))
      }
      if self == .writesOvertakeWrites || self == .writesOvertakeReads {
        // A clock that nobody has set since the battery was empty.
        scenario.weather.clocks = .restartBehind
        scenario.weather.clientCrashes = 6
        scenario.weather.duration = .milliseconds(10)
        scenario.clients = 1
        scenario.keys = 1
      }
      return scenario
    case .forgetsOwnWrites, .forgetsReads:
      scenario = Healthy.late(rawValue, survivesRestarts: true) { leaves, journal in
        Healthy.session(over: leaves, isOn ? Session() : Session(journal: journal))
      }
      // What is forgotten must be asked for soon after a restart.
      scenario.weather.clientCrashes = 6
      scenario.weather.duration = .milliseconds(10)
      scenario.keys = 1
      scenario.reads = 0.7
      return scenario
    case .phaseRemembered:
      return Self.moving("the phase is remembered", isOn ? .phaseRemembered : nil, promises)
    case .switchedBeforeCopied:
      return Self.moving("switched before everything was copied", isOn ? .switchedBeforeCopied : nil, promises)
    case .readSideWrittenFirst:
      // What was begun before the migration is written where reads look, and nowhere else yet.
      scenario = Self.moving(
        "the side that is read is written first", isOn ? .readSideWrittenFirst : nil, beginsFirst: true, promises)
      scenario.keys = 1
      scenario.operations = 40
      return scenario
    case .repairsBackwards:
      scenario = Scenario("repairs backwards", stores: blind, guarantees: promises) { leaves in
        let quorum = Quorum(read: 2, write: 2) { for leaf in leaves { leaf } }
        return isOn ? BackwardRepair(quorum: quorum, leaves: leaves) : quorum
      }
      scenario.clients = 1
    case .stragglersForgotten, .replaysBlindly, .queuedBeforeDurable, .removedBeforeSent, .queueForgotten:
      return handoffScenario(isOn: isOn)
    case .regularIsNotAtomic:
      scenario = Scenario("regular reads are not atomic", stores: stores, guarantees: promises) { leaves in
        Quorum(reads: isOn ? .regular : .atomic, writers: .many, repair: .off) { for leaf in leaves { leaf } }
      }
    case .supersededCounts:
      scenario = Scenario("superseded counts, skewed clocks", stores: stores, guarantees: promises) { leaves in
        Quorum { for leaf in leaves { if isOn { Credulous(base: leaf) } else { leaf } } }
      }
    case .repairsBlindly:
      scenario = Scenario("repairs blindly", stores: blind, guarantees: promises) { leaves in
        let quorum = Quorum(read: 2, write: 2, repair: isOn ? .off : .blocking) { for leaf in leaves { leaf } }
        return isOn ? BlindRepair(quorum: quorum, leaves: leaves) : quorum
      }
      scenario.clients = 1
    case .purgesEarly: return Self.purges(early: isOn)
    case .purgesWithoutTheAbsent: return Self.purges(withoutTheAbsent: isOn)
    case .scrubTakesAbsenceForDeletion: return Self.scrub(takesAbsenceForDeletion: isOn)
    }
    scenario.weather = Healthy.rough
    scenario.weather.clientCrashes = 0
    if self == .regularIsNotAtomic || self == .supersededCounts {
      scenario.clients = 3
      scenario.weather.skew = .milliseconds(200)
    }
    if self == .regularIsNotAtomic {
      // Two reads must overlap one write, and ask different stores.
      scenario.weather.faults.delay = .exponential(mean: .milliseconds(30))
      scenario.pause = .exponential(mean: .milliseconds(10))
      scenario.reads = 0.7
      scenario.operations = 40
    }
    if self == .putsOvertake {
      // A put overtakes another when its messages take as long as the writer's pauses, and a read must meet it.
      scenario.weather.faults.delay = .exponential(mean: .milliseconds(40))
      scenario.pause = .exponential(mean: .milliseconds(10))
      scenario.operations = 60
    }
    return scenario
  }

  private static func quorum(read: Int, write: Int, _ promises: [Guarantee]) -> Scenario {
    Scenario("read \(read), write \(write)", stores: ["a", "b", "c"], guarantees: promises) { leaves in
      Quorum(read: .exactly(read), write: .exactly(write), sloppy: true) { for leaf in leaves { leaf } }
    }
  }
}

/// A quorum whose deletes remove what is stored, at two of three.
private struct BareDeletes: Modifier {
  let quorum: Quorum
  let leaves: [Faulty]
  var base: Quorum { quorum }
  var outline: Outline { Outline(modifier: "BareDeletes", of: quorum.outline) }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    var acknowledged = 0
    for leaf in leaves {
      do throws(DriverError) {
        _ = try await context.delete(key, proof: proof, from: leaf)
        acknowledged += 1
      } catch {}
    }
    guard acknowledged >= 2 else { throw DriverError(.quorumNotMet, "\(acknowledged) of 2") }
    return Receipt(.deleted)
  }
}

/// Says that a write was made where something newer is.
private struct Credulous: Modifier {
  let base: Faulty
  var outline: Outline { Outline(modifier: "Credulous", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let receipt = try await context.put(record, at: key, to: base)
    if case .superseded = receipt.result { return Receipt(.stored, stamp: record.stamp) }
    return receipt
  }
}

/// Says of writes that failed that they certainly had no effect.
private struct CertainFailures: Modifier {
  let base: Quorum
  init(_ base: () -> Quorum) { self.base = base() }
  var outline: Outline { Outline(modifier: "CertainFailures", of: base.outline) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    do throws(DriverError) { return try await context.put(record, at: key, to: base) } catch {
      throw DriverError(error.code, error.message, effect: .unchanged)
    }
  }
}

/// A quorum that, after a read, brings every store to the oldest copy that it finds.
private struct BackwardRepair: Modifier {
  let quorum: Quorum
  let leaves: [Faulty]
  var base: Quorum { quorum }
  var outline: Outline { Outline(modifier: "BackwardRepair", of: quorum.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let answer = try await context.get(key, from: quorum)
    var oldest: Record?
    for leaf in leaves {
      do throws(DriverError) {
        guard let copy = try await context.get(key, from: leaf) else { continue }
        if oldest.map({ $0.ranksAbove(copy) }) ?? true { oldest = copy }
      } catch {}
    }
    guard let oldest else { return answer }
    for leaf in leaves {
      do throws(DriverError) { _ = try await context.put(oldest, at: key, to: leaf) } catch {}
    }
    return answer
  }
}

/// A quorum that, after a read, writes the answer to every store, whatever it holds by then.
private struct BlindRepair: Modifier {
  let quorum: Quorum
  let leaves: [Faulty]
  var base: Quorum { quorum }
  var outline: Outline { Outline(modifier: "BlindRepair", of: quorum.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let answer = try await context.get(key, from: quorum)
    guard let answer else { return nil }
    context.runtime.start {
      for leaf in leaves {
        do throws(DriverError) { _ = try await context.put(answer, at: key, to: leaf) } catch {}
      }
    }
    return answer
  }
}
