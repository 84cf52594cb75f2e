import MetaDriver
import Testing

@testable import MetaDriverTesting

@Suite struct FaultProfileTests {
  static let operations: [Event.Operation] = [.get, .put, .compareAndPut, .delete, .list, .stat, .open, .close]

  private func calls(_ operation: Event.Operation, _ count: Int = 10_000, step: Int? = nil) -> [FaultCall] {
    (1...count).map { FaultCall(leaf: "eu", step: step, operation: operation, number: $0) }
  }

  @Test("Faults are drawn as often as their rates say, and no call has two", arguments: [1, 2, 3] as [UInt64])
  func rates(seed: UInt64) {
    var profile = FaultProfile()
    profile[.lostReply] = 0.1
    profile[.tornWrite, on: .put] = 0.02
    profile[.reordered, on: .put] = 0.3
    let journeys = calls(.put).map { profile.journey(of: $0, seed: seed) }
    func share(_ kind: Fault.Kind) -> Double { Double(journeys.count { $0.fault?.kind == kind }) / 10_000 }
    #expect((0.09...0.11).contains(share(.lostReply)), "seed \(seed)")
    #expect((0.015...0.025).contains(share(.tornWrite)), "seed \(seed)")
    #expect((0.28...0.32).contains(share(.reordered)), "seed \(seed)")
    #expect((0.48...0.52).contains(Double(journeys.count(where: \.isCancellable)) / 10_000), "seed \(seed)")
    #expect(Set(journeys.compactMap(\.fault?.kind)) == [.lostReply, .tornWrite, .reordered])
  }

  @Test(
    "A rate for every operation reaches those that can suffer the fault, and no other", arguments: Fault.Kind.allCases)
  func applies(kind: Fault.Kind) {
    var profile = FaultProfile()
    profile[kind] = 1
    for operation in Self.operations {
      let drawn = calls(operation, 20).map { profile.journey(of: $0, seed: 1).fault?.kind }
      #expect(Set(drawn) == [kind.applies(to: operation) ? kind : nil], "\(kind) on \(operation)")
    }
  }

  @Test("Each operation suffers exactly the faults that its documentation names") func table() {
    let always: Set<Fault.Kind> = [.refused, .failedAfterEffect, .lostReply, .hang, .throttled]
    let expected: [Event.Operation: Set<Fault.Kind>] = [
      .get: [.staleRead, .bitFlipOnRead, .truncatedRead], .stat: [.staleRead, .bitFlipOnRead, .truncatedRead],
      .list: [.staleRead], .open: [], .close: [], .delete: [.full],
      .put: [.full, .delayedVisibility, .tornWrite, .bitFlipAtRest, .duplicated, .reordered],
      .compareAndPut: [.full, .delayedVisibility, .tornWrite, .bitFlipAtRest],
    ]
    for operation in Self.operations {
      let found = Set(Fault.Kind.allCases.filter { $0.applies(to: operation) })
      #expect(found == always.union(expected[operation] ?? []), "\(operation)")
    }
  }

  @Test("What becomes of a call depends on the seed and the call alone") func keyed() {
    var profile = FaultProfile()
    profile[.refused] = 0.5
    profile.delay = .exponential(mean: .milliseconds(20))
    let call = FaultCall(leaf: "eu", step: 4, operation: .put, number: 2)
    let journey = profile.journey(of: call, seed: 9)
    #expect(profile.journey(of: call, seed: 9) == journey)
    let others = [
      FaultCall(leaf: "us", step: 4, operation: .put, number: 2),
      FaultCall(leaf: "eu", step: 5, operation: .put, number: 2),
      FaultCall(leaf: "eu", step: nil, operation: .put, number: 2),
      FaultCall(leaf: "eu", step: 4, operation: .get, number: 2),
      FaultCall(leaf: "eu", step: 4, operation: .put, number: 3),
    ]
    let drawn = others.map { profile.journey(of: $0, seed: 9).request } + [profile.journey(of: call, seed: 8).request]
    #expect(Set(drawn + [journey.request]).count == 7)
  }

  @Test("Another delay brings no other faults, and another fault no other delays") func independent() {
    var profile = FaultProfile()
    profile[.refused] = 0.5
    profile.delay = .exponential(mean: .milliseconds(20))
    var slower = profile
    slower.delay = .mixture(0.5, .none, or: .pareto(minimum: .seconds(1), shape: 1))
    var worse = profile
    worse[.lostReply] = 0.5
    for call in calls(.get, 200) {
      let journey = profile.journey(of: call, seed: 1)
      #expect(slower.journey(of: call, seed: 1).fault == journey.fault)
      #expect(worse.journey(of: call, seed: 1).request == journey.request)
      #expect(worse.journey(of: call, seed: 1).reply == journey.reply)
    }
  }

  @Test("Draws are the same in every process") func recorded() {
    var profile = FaultProfile()
    profile[.refused] = 0.5
    profile.delay = .uniform(.zero ... .milliseconds(1))
    let journeys = calls(.get, 4, step: 7).map { profile.journey(of: $0, seed: 42) }
    #expect(
      journeys.map { "\($0.request.text) \($0.reply.text) \($0.fault?.description ?? "-") \($0.isCancellable)" } == [
        "106395ns 128678ns - false", "883404ns 506994ns - false", "840176ns 229075ns - false",
        "418994ns 222404ns refused true",
      ])
  }

  @Test("Leaving a call out changes nothing for calls of other steps and operations") func leftOut() {
    func journeys(_ operations: [(step: Int, operation: Event.Operation)]) -> [String] {
      var profile = FaultProfile()
      profile[.refused] = 0.5
      var counts = FaultCall.Counts()
      return operations.map { operation in
        let call = counts.next(leaf: "eu", step: operation.step, operation: operation.operation)
        return "\(call): \(profile.journey(of: call, seed: 5))"
      }
    }
    let all: [(step: Int, operation: Event.Operation)] = [
      (1, .put), (2, .get), (2, .put), (3, .put), (3, .put), (4, .get),
    ]
    let whole = journeys(all)
    for left in all.indices where left != 3 {
      var fewer = all
      fewer.remove(at: left)
      var expected = whole
      expected.remove(at: left)
      #expect(journeys(fewer) == expected, "without \(all[left])")
    }
  }

  @Test("A rate is read as it was set, for one operation and for all") func subscripts() {
    var profile = FaultProfile()
    #expect(profile == .none)
    profile[.lostReply] = 0.2
    profile[.lostReply, on: .get] = 0.05
    #expect(profile[.lostReply, on: .get] == 0.05)
    #expect(profile[.lostReply, on: .put] == 0.2)
    #expect(profile[.lostReply] == 0.2)
    #expect(profile[.tornWrite, on: .get] == 0)
    profile[.lostReply] = 0
    #expect(profile == .none)
  }

  @Test("A profile prints on one line what differs from a store without faults") func description() {
    var profile = FaultProfile()
    #expect("\(profile)" == "no faults")
    profile.delay = .exponential(mean: .milliseconds(20))
    profile[.lostReply] = 0.01
    profile[.staleRead, on: .get] = 0.2
    profile[.reordered] = 0.1
    profile.durability = .lazy(every: .seconds(1))
    #expect(
      "\(profile)" == "delay 20ms on average; lostReply 0.01; staleRead on get 0.2; "
        + "reordered 0.1, late by 50ms on average; synced every 1s")
  }

  @Test("Rates that are no probabilities, together or alone, are refused") func refused() async {
    await #expect(processExitsWith: .failure) {
      var profile = FaultProfile()
      profile[.lostReply] = -0.1
    }
    await #expect(processExitsWith: .failure) {
      var profile = FaultProfile()
      profile[.lostReply] = .nan
    }
    await #expect(processExitsWith: .failure) {
      var profile = FaultProfile()
      profile[.lostReply, on: .get] = 0.6
      profile[.hang] = 0.5
    }
    await #expect(processExitsWith: .failure) {
      var profile = FaultProfile()
      profile[.tornWrite, on: .get] = 0.1
    }
    await #expect(processExitsWith: .failure) {
      var profile = FaultProfile()
      profile.durability = .lazy(every: .zero)
    }
  }

  @Test("Rates may add up to one, and then every call suffers a fault") func whole() {
    var profile = FaultProfile()
    let kinds = Fault.Kind.allCases.filter { $0.applies(to: .get) }
    for kind in kinds { profile[kind, on: .get] = 1 / Double(kinds.count) }
    #expect(kinds.count == 8)
    #expect(calls(.get, 1_000).allSatisfy { profile.journey(of: $0, seed: 1).fault != nil })
  }
}
