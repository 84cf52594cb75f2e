import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// The preset against a model of the clients that knew only the three lists.
@Suite(.timeLimit(.minutes(10))) struct StorageListsTests {
  private typealias Form = Strategy.StorageListsForm
  private let runtime = Runtime.manual()
  private let key = Key.mutable("k")

  /// What one driver does to a write and to a read.
  private enum Fault: CaseIterable {
    case none, fails, notGiven
  }

  /// The old client, written down from its rules: drivers in order, one after the other, and the first required driver
  /// that fails ends the write.
  private struct OldClient {
    let faults: [Fault]
    let required: Set<Int>

    /// Which drivers are asked, which hold the datum then, and whether the client said that it was written.
    func put() -> (asked: [Int], written: [Int], holds: Bool) {
      var (asked, written) = ([Int](), [Int]())
      for index in faults.indices {
        asked.append(index)
        if faults[index] == .none {
          written.append(index)
        } else if required.contains(index) {
          return (asked, written, false)
        }
      }
      return (asked, written, !written.isEmpty)
    }
  }

  private struct World {
    let drivers: [Scripted]
    let faults: [Fault]
    let strategy: Strategy

    init(_ faults: [Fault], required: Set<Int>, form: Form, runtime: Runtime) throws {
      self.faults = faults
      let drivers = faults.indices.map { index in
        Scripted("\(index)") { _ in faults[index] == .fails ? .error(.unavailable, effect: .unchanged) : .ok }
      }
      self.drivers = drivers
      let names = faults.indices.map(String.init)
      strategy = try Strategy(
        storageDrivers: names, requiredWrite: required.sorted().map(String.init), local: [],
        drivers: Dictionary(
          uniqueKeysWithValues: faults.indices.filter { faults[$0] != .notGiven }.map { (names[$0], drivers[$0]) }),
        form: form, runtime: runtime)
    }

    var asked: [Int] { drivers.indices.filter { drivers[$0].calls.contains { $0.operation == .put } } }
    var written: [Int] { drivers.indices.filter { !drivers[$0].contents.isEmpty } }
  }

  private static func worlds(_ count: Int) -> [[Fault]] {
    (0..<count).reduce([[]]) { worlds, _ in worlds.flatMap { world in Fault.allCases.map { world + [$0] } } }
  }

  private static func subsets(_ count: Int) -> [Set<Int>] {
    (0..<1 << count).map { mask in Set((0..<count).filter { mask & 1 << $0 != 0 }) }
  }

  // A16, A18, A20
  @Test(
    "parity: drivers in order, one after the other, until the first required failure, as the old client did",
    arguments: 1...4)
  func parityPuts(count: Int) async throws {
    for faults in Self.worlds(count) {
      for required in Self.subsets(count) {
        guard !required.contains(where: { faults[$0] == .notGiven }) else {
          // The old client found out at the first write; the preset refuses the lists.
          #expect(throws: CompositionError.self) {
            try World(faults, required: required, form: .parity, runtime: runtime)
          }
          continue
        }
        let world = try World(faults, required: required, form: .parity, runtime: runtime)
        let model = OldClient(faults: faults, required: required).put()
        let place: Comment = "\(faults), required \(required.sorted())"
        do throws(DriverError) {
          let receipt = try await world.strategy.put([1], at: "k")
          #expect(model.holds, place)
          #expect(receipt.children.map(\.node) == faults.indices.map(String.init), place)
        } catch {
          #expect(!model.holds, place)
          #expect(error.code == .quorumNotMet, place)
        }
        #expect(world.asked == model.asked.filter { faults[$0] != .notGiven }, place)
        #expect(world.written == model.written, place)
      }
    }
  }

  // A16, A17, A18
  @Test("strict: every driver is tried, and a write holds by the same rule", arguments: 1...4)
  func strictPuts(count: Int) async throws {
    for faults in Self.worlds(count) where !faults.contains(.notGiven) {
      for required in Self.subsets(count) {
        let world = try World(faults, required: required, form: .strict, runtime: runtime)
        let works = faults.indices.filter { faults[$0] == .none }
        let holds = required.isEmpty ? !works.isEmpty : required.isSubset(of: works)
        let place: Comment = "\(faults), required \(required.sorted())"
        do throws(DriverError) {
          try await world.strategy.put([1], at: "k")
          #expect(holds, place)
        } catch {
          #expect(!holds, place)
          #expect(error.outcomes.map(\.node) == faults.indices.map(String.init), place)
          #expect(!error.outcomes.contains { "\($0.result)" == "pending" }, place)
        }
        #expect(world.asked == Array(faults.indices), place)
        #expect(world.written == works, place)
      }
    }
  }

  // A11, A15
  @Test("Reads ask the drivers in order in both forms, and pass over what failed", arguments: Form.allCases)
  private func reads(form: Form) async throws {
    for faults in Self.worlds(3) where !faults.contains(.notGiven) {
      for holders in Self.subsets(3) {
        let world = try World(faults, required: [], form: form, runtime: runtime)
        for index in holders { world.drivers[index].contents[key] = Record([UInt8(index)]) }
        let first = faults.indices.first { faults[$0] == .none && holders.contains($0) }
        do throws(DriverError) {
          let record = try await world.strategy.get("k")
          #expect(record?.bytes == first.map { [UInt8($0)] }, "\(faults), \(holders)")
          #expect(record != nil || !faults.contains(.fails))
        } catch {
          #expect(first == nil && faults.contains(.fails), "\(faults), \(holders)")
        }
        let asked = world.drivers.indices.filter { !world.drivers[$0].calls.isEmpty }
        #expect(asked == Array(0...(first ?? 2)))
      }
    }
  }

  // MARK: Where parity differs on purpose

  private func lists(
    _ required: [String], local: [String] = [], drivers: [Scripted], form: Form = .parity,
    prefersLocal: Bool = false,
    visibility: Strategy.Visibility = .shared
  ) throws -> Strategy {
    try Strategy(
      storageDrivers: drivers.compactMap(\.outline.name), requiredWrite: required, local: local,
      drivers: Dictionary(uniqueKeysWithValues: drivers.map { ($0.outline.name ?? "", $0) }), form: form,
      prefersLocal: prefersLocal, runtime: runtime, visibility: visibility)
  }

  // B20, A17
  @Test("The abort at the first required failure says which drivers were changed and which were not tried")
  func abortReport() async throws {
    let a = Scripted("a"), c = Scripted("c")
    let b = Scripted("b", answers: [], then: .error(.denied))
    let strategy = try lists(["b"], drivers: [a, b, c])
    let error = await #expect(throws: DriverError.self) { try await strategy.put([1], at: "k") }
    #expect(
      error?.description
        == "quorumNotMet at storage lists/Replicated: put of 'k' was not acknowledged by b, which is required; 1 of 3 "
        + "acknowledged it [a: stored; b: failed, denied: scripted; "
        + "c: skipped, b failed first, and the write could no longer hold]")
    #expect(error?.effect == .unknown)
    #expect(c.calls.isEmpty)
  }

  // B29
  @Test("A required driver that was not loaded is an error when the strategy is made, never a success at no copy")
  func notLoaded() {
    for form in Form.allCases {
      let error = #expect(throws: CompositionError.self) {
        try Strategy(
          storageDrivers: ["s3"], requiredWrite: ["s3"], local: [], drivers: ["S3": MemoryDriver()], form: form)
      }
      #expect(
        error?.description == """
          the strategy "storage lists" does not compose: 1 error
            error: storage lists: there is no driver called s3, and it is required. \
          Give one, or correct the name; the drivers given are: S3.
          """)
    }
  }

  // B29
  @Test("An optional driver that was not loaded fails each time it is asked, and is named")
  func optionalNotLoaded() async throws {
    let a = Scripted("a")
    let strategy = try Strategy(
      storageDrivers: ["gone", "a"], requiredWrite: [], local: [], drivers: ["a": a], form: .parity, runtime: runtime)
    let receipt = try await strategy.put([1], at: "k")
    #expect(
      receipt.children.map(\.description) == [
        "gone: failed, unavailable: no driver was given under this name", "a: stored",
      ])
    #expect(try await strategy.get("k")?.bytes == [1])
    let opened = try await strategy.open()
    #expect(opened.children.first?.result.error?.code == .unavailable)
    #expect(throws: CompositionError.self) {
      try Strategy(storageDrivers: ["gone", "a"], requiredWrite: [], local: [], drivers: ["a": a], form: .strict)
    }
  }

  // B7, A34
  @Test("A delete must reach every driver, in both forms; repeated after recovery it does", arguments: Form.allCases)
  private func deletes(form: Form) async throws {
    let a = Scripted("a")
    let b = Scripted("b") { call in
      call.operation == .delete && call.number == 2 ? .error(.unavailable, effect: .unchanged) : .ok
    }
    let strategy = try lists(["a"], drivers: [a, b], form: form)
    try await strategy.put([1], at: "k")
    let error = await #expect(throws: DriverError.self) { try await strategy.delete("k") }
    #expect(error?.outcomes.map(\.description) == ["a: deleted", "b: failed, unavailable: scripted"])
    // The copy is there, and nobody is told otherwise.
    #expect(try await strategy.get("k")?.bytes == [1])
    try await strategy.delete("k")
    #expect(try await strategy.get("k") == nil)
  }

  // B28, R2
  @Test("Immutable data is what hashes to its key, whichever copy was looked at last", arguments: Form.allCases)
  private func immutable(form: Form) async throws {
    let a = Scripted("a"), b = Scripted("b"), c = Scripted("c")
    let strategy = try lists(["a"], drivers: [a, b, c], form: form)
    let (hash, _) = try await strategy.putImmutable([1, 2, 3])
    a.contents[.immutable(hash)] = Record([9])
    b.contents[.immutable(hash)] = nil
    #expect(try await strategy.getImmutable(hash)?.bytes == [1, 2, 3])
    #expect(c.calls.last?.operation == .get)
  }

  // B28, A27
  @Test("The version that counts is the winner's, not the last one looked at")
  func winner() async throws {
    // Newest first and oldest first: a session above takes the first copy, and its stamp is the one that is noted.
    for order in [[0, 1], [1, 0]] {
      let stores = [Scripted("new"), Scripted("old")]
      let context = Context(runtime)
      let new = Record([2], stamp: runtime.nextStamp()), old = Record([1], stamp: Stamp(time: 1, writer: 1))
      stores[0].contents[key] = new
      stores[1].contents[key] = old
      let tree = Quorum(read: .all) { for index in order { stores[index] } }
      #expect(try await tree.get(key, in: context) == new)
    }
  }

  // MARK: The lists themselves

  // A19
  @Test("Lists that contradict each other are refused, with everything that is wrong")
  func contradictions() {
    let error = #expect(throws: CompositionError.self) {
      try Strategy(
        "lists", storageDrivers: ["a", "a"], requiredWrite: ["b"], local: ["c"], drivers: ["a": MemoryDriver()])
    }
    #expect(
      error?.remarks.map(\.description) == [
        "error: lists: storageDrivers names a twice. Name it once.",
        "error: lists: requiredWrite names b, which storageDrivers does not. Add it to storageDrivers, or remove it here.",
        "error: lists: local names c, which storageDrivers does not. Add it to storageDrivers, or remove it here.",
      ])
    let empty = #expect(throws: CompositionError.self) {
      try Strategy(storageDrivers: [], requiredWrite: [], local: [], drivers: [:])
    }
    #expect(empty?.remarks.first?.reason == "storageDrivers is empty")
  }

  // A40, R22
  @Test("The rule of the three lists: a write must not hold in local drivers alone")
  func published() throws {
    let a = Scripted("a"), b = Scripted("b")
    #expect(throws: CompositionError.self) { try lists(["a"], local: ["a"], drivers: [a, b]) }
    #expect(throws: CompositionError.self) { try lists([], local: ["a"], drivers: [a, b]) }
    #expect(throws: Never.self) { try lists(["b"], local: ["a"], drivers: [a, b]) }
    #expect(throws: Never.self) { try lists(["a", "b"], local: ["a"], drivers: [a, b]) }
    #expect(throws: Never.self) { try lists(["a"], local: ["a"], drivers: [a, b], visibility: .privateData) }
  }

  @Test("A single required driver composes without a warning")
  func single() throws {
    #expect(try lists(["a"], drivers: [Scripted("a")]).warnings == [])
  }

  // A41
  @Test("Preferring local drivers asks them first and drops no other", arguments: Form.allCases)
  private func localFirst(form: Form) async throws {
    let shared = Scripted("shared"), disk = Scripted("disk")
    let strategy = try lists(["shared"], local: ["disk"], drivers: [shared, disk], form: form, prefersLocal: true)
    shared.contents[key] = Record([1])
    #expect(try await strategy.get("k")?.bytes == [1])
    #expect(disk.calls.count == 1)
    disk.contents[key] = Record([2])
    #expect(try await strategy.get("k")?.bytes == [2])
    #expect(shared.calls.count == 1)
  }

  // A22, R7
  @Test("strict writes at once, parity in turn", arguments: Form.allCases)
  private func latency(form: Form) async throws {
    let clock = ManualClock()
    let slow = ["x", "y"].map { Scripted($0, answers: [], then: .delay(.seconds(1))) }
    let strategy = try Strategy(
      storageDrivers: ["x", "y"], requiredWrite: ["x", "y"], local: [], drivers: ["x": slow[0], "y": slow[1]],
      form: form,
      runtime: .manual(clock))
    let call = Task { try await strategy.put([1], at: "k") }
    for _ in 0..<(form == .strict ? 1 : 2) {
      await clock.waitForSleepers(form == .strict ? 2 : 1)
      clock.advance(by: .seconds(1))
    }
    _ = try await call.value
    #expect(clock.elapsed == .seconds(form == .strict ? 1 : 2))
  }
}
