import MetaDriver
import MetaDriverTesting

extension Mutant {
  private static func scenario(_ name: String, tree: @escaping @Sendable ([Faulty]) -> any Driver) -> Scenario {
    var scenario = Scenario(name, stores: ["a", "b", "c"], guarantees: [.durable, .noResurrection], tree: tree)
    scenario.weather = Healthy.rough
    scenario.weather.clientCrashes = 0
    scenario.deletes = 0.5
    return scenario
  }

  /// A purge after each delete, of tombstones that are settled and of any age: a put that is still under way lands on
  /// nothing.
  static func purges(early isOn: Bool) -> Scenario {
    var scenario = scenario("purges early") { leaves in
      let quorum = Quorum(read: 2, write: 2, repair: .off) { for leaf in leaves { leaf } }
      return Purging(
        quorum: quorum, leaves: leaves,
        purge: Purge(after: isOn ? .zero : .seconds(3_600)) { for leaf in leaves { leaf } })
    }
    // Nothing is lost, and some of it takes its time.
    scenario.weather = .calm
    scenario.weather.faults.delay = .mixture(
      0.3, .exponential(mean: .milliseconds(200)), or: .exponential(mean: .milliseconds(1)))
    scenario.reads = 0.3
    scenario.operations = 20
    return scenario
  }

  /// A purge that leaves out the store that is away, which comes back with an old copy.
  static func purges(withoutTheAbsent isOn: Bool) -> Scenario {
    var scenario = scenario("purges without the absent") { leaves in
      Quorum(read: 2, write: 2, repair: .off) { for leaf in leaves { leaf } }
    }
    scenario.weather.storeCrashes = 2
    scenario.weather.duration = .milliseconds(400)
    scenario.maintenance = { leaves, runtime in
      let (there, away) = (leaves.dropLast(), leaves[leaves.count - 1])
      guard there.count >= 2 else { return }
      away.isDown = true
      try await Maintenance.scrub(Array(there), .stamps, runtime)
      let purge = Purge(after: .seconds(60)) { for leaf in isOn ? Array(there) : leaves { leaf } }
      // Refused while one is away, which is the point.
      _ = try? await purge.plan(in: Context(runtime))
      try await runtime.sleep(for: .seconds(60))
      if let plan = try? await purge.plan(in: Context(runtime)) {
        _ = try await purge.apply(plan, in: Context(runtime))
      }
      away.isDown = false
      try await Maintenance.scrub(leaves, .stamps, runtime)
    }
    return scenario
  }

  /// A repair that deletes whatever some store does not have.
  static func scrub(takesAbsenceForDeletion isOn: Bool) -> Scenario {
    var scenario = scenario("a scrub takes absence for deletion") { leaves in
      Quorum(read: 2, write: 2, repair: .off) { for leaf in leaves { leaf } }
    }
    scenario.weather.storeCrashes = 2
    scenario.weather.duration = .milliseconds(400)
    scenario.deletes = 0.1
    scenario.maintenance = { leaves, runtime in
      guard isOn else { return try await Maintenance.scrub(leaves, .stamps, runtime) }
      let context = Context(runtime)
      var keys: [Set<Key>] = []
      for leaf in leaves { keys.append(Set(try await context.list(ListRequest(), from: leaf).entries.map(\.key))) }
      for key in keys.reduce(into: Set(), { $0.formUnion($1) }).sorted() where !keys.allSatisfy({ $0.contains(key) }) {
        for leaf in leaves { _ = try await context.delete(key, proof: nil, from: leaf) }
      }
    }
    return scenario
  }
}

/// A quorum that scrubs and purges after each delete.
private struct Purging: Modifier {
  let quorum: Quorum
  let leaves: [Faulty]
  let purge: Purge
  var base: Quorum { quorum }
  var outline: Outline { Outline(modifier: "Purging", of: quorum.outline) }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    let receipt = try await context.delete(key, proof: proof, from: quorum)
    do throws(DriverError) {
      let scrub = Scrub { for leaf in leaves { leaf } }
      _ = try await scrub.apply(try await scrub.plan(in: context), in: context)
      _ = try await purge.apply(try await purge.plan(in: context), in: context)
    } catch {}
    return receipt
  }
}
