import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
import Testing

/// Each loss that a strategy warns of when it is composed happens in the simulator.
@Suite struct WarningTests {
  private static let names = ["a", "b", "c"]

  /// What a tree warns of.
  private func warns(of text: String, _ tree: ([Faulty]) -> any Driver) throws -> Bool {
    let root = tree(Self.names.map { Faulty($0) })
    return try Strategy("warned", visibility: .privateData) { root }.warnings.contains { $0.reason.contains(text) }
  }

  /// What a new process reads when a writer has done its work.
  private func found(
    _ tree: @escaping @Sendable ([Faulty]) -> any Driver, ordering: PutOrdering = .newestWins,
    after work: @escaping @Sendable (Simulation.World, Simulation.Process, Strategy) async throws -> Void
  ) throws -> String {
    let report = try Simulation(seed: 1) { world in
      for name in Self.names {
        world.leaf(name, ordering: ordering).faults.delay = .constant(.milliseconds(name == "a" ? 1 : 50))
      }
      func strategy(_ process: Simulation.Process) throws -> Strategy {
        let root = tree(Self.names.map(process.leaf))
        return try Strategy("warned", runtime: process.runtime, visibility: .privateData) { root }
      }
      let writer = world.process("writer")
      let notes = try strategy(writer)
      try await notes.put(Array("old".utf8), at: "datum")
      await writer.runtime.drain()
      try await work(world, writer, notes)
      do {
        let record = try await strategy(world.process("reader")).get("datum")
        world.note("found \(record.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "nothing")")
      } catch { world.note("found no answer") }
    }.run()
    let last = try #require(report.trace.last { $0.contains("found ") })
    return String(last.split(separator: "found ")[1])
  }

  @Test("A read misses a write, when it asks others than those that have it") func missed() throws {
    let tree: @Sendable ([Faulty]) -> any Driver = { leaves in
      Quorum(read: 1, write: 1, repair: .off, sloppy: true) { for leaf in leaves { leaf } }
    }
    #expect(try warns(of: "can miss an acknowledged write", tree))
    let answer = try found(tree) { world, writer, notes in
      for name in ["b", "c"] { world.leaf(name).faults.requestDelays[.put] = .constant(.milliseconds(200)) }
      _ = try await writer.perform { try await notes.put(Array("new".utf8), at: "datum") }
      world.leaf("a").isDown = true
    }
    #expect(answer == "old")
  }

  @Test("What is written in the background ends with the process, and the one copy with its store", arguments: [1, 2])
  func background(needed: Int) throws {
    let tree: @Sendable ([Faulty]) -> any Driver = { leaves in
      Replicated(writes: .atLeast(needed), reads: .race) { for leaf in leaves { leaf } }
    }
    #expect(try warns(of: "they are lost if the process ends", tree) == (needed == 1))
    let answer = try found(tree, ordering: .fifo) { world, writer, notes in
      _ = try await writer.perform {
        // At the slow stores the second of these waits for the first, in the process.
        try await notes.put(Array("middle".utf8), at: "datum")
        try await notes.put(Array("new".utf8), at: "datum")
      }
      writer.crash()
      world.leaf("a").isDown = true
      try await world.sleep(for: .seconds(1))
    }
    #expect(answer == (needed == 1 ? "middle" : "new"))
  }

  @Test("What is in one failure domain is gone with it") func domain() throws {
    let tree: @Sendable ([Faulty]) -> any Driver = { leaves in
      Quorum { for leaf in leaves { Placed(base: leaf, domain: "eu") } }
    }
    #expect(try warns(of: "all copies are in one failure domain, eu", tree))
    let root = tree(Self.names.map { Faulty($0) })
    #expect(!Analysis(of: root.outline).survives(domainFailures: 1, of: .reads))
    let answer = try found(tree) { world, _, _ in
      for name in Self.names { world.leaf(name).isDown = true }
    }
    #expect(answer == "no answer")
  }

  @Test("A child with the votes of a write takes it along") func votes() throws {
    let tree: @Sendable ([Faulty]) -> any Driver = { leaves in
      Quorum(read: 2, write: 2, weighted: true) {
        leaves[0]; leaves[0]; leaves[1]
      }
    }
    #expect(try warns(of: "so a write holds with its copy alone", tree))
    let answer = try found(tree) { world, writer, notes in
      world.leaf("b").isDown = true
      _ = try await writer.perform { try await notes.put(Array("new".utf8), at: "datum") }
      world.leaf("b").isDown = false
      world.leaf("a").isDown = true
    }
    #expect(answer == "no answer")
  }

  @Test("One bad copy ends the search below Verified, and not around each child", arguments: [true, false])
  func badCopy(isAbove: Bool) throws {
    let tree: @Sendable ([Faulty]) -> any Driver = { leaves in
      guard isAbove else { return Replicated { for leaf in leaves { leaf.verified() } } }
      return Verified { Replicated { for leaf in leaves { leaf } } }
    }
    #expect(try warns(of: "one bad copy ends the search", tree) == isAbove)
    try Simulation(seed: 1) { world in
      let process = world.process("client")
      let root = tree(Self.names.map(process.leaf))
      let notes = try Strategy("warned", runtime: process.runtime) { root }
      let (hash, _) = try await notes.putImmutable(Array("datum".utf8))
      world.leaf("a").faults[.bitFlipOnRead] = 1
      var bytes: [UInt8]?
      do { bytes = try await notes.getImmutable(hash)?.bytes } catch {}
      #expect(bytes == (isAbove ? nil : Array("datum".utf8)))
    }.run()
  }
}

/// A store that says where it is.
private struct Placed: Modifier {
  let base: Faulty
  let domain: String

  var outline: Outline {
    var outline = base.outline
    outline.domain = domain
    return outline
  }
}
