import MetaDriver
import TestSupport
import Testing

@Suite("Every read of Quorum over every fault vector")
struct QuorumReadVectorTests {
  private static func world(_ count: Int, _ read: Int, write: QuorumSize = .all) -> VectorWorld {
    VectorWorld(count) { children in Quorum(read: .exactly(read), write: write, repair: .off) { children } }
  }

  // A15, A27, B4, B28, R1, R2
  @Test("Children that answer at once or hang", arguments: 1...5)
  func atOnce(count: Int) {
    for read in 1...count {
      for operation in [ReadTrial.Operation.get, .stat] where operation == .get || count < 5 {
        var trial = ReadTrial(Self.world(count, read), .quorum(read), operation)
        for vector in vectors(count, of: Behaviour.reads) { trial.run(vector) }
        trial.mismatches.report("\(count) children, \(operation), read \(read)")
      }
    }
  }

  @Test("What a quorum needs of a write changes nothing for a read", arguments: 1...4)
  func sloppy(count: Int) {
    for read in 1...count {
      for write in 1...count {
        let world = VectorWorld(count) { children in
          Quorum(read: .exactly(read), write: .exactly(write), repair: .off, sloppy: read + write <= count) { children }
        }
        var trial = ReadTrial(world, .quorum(read), .get)
        for vector in vectors(count, of: Behaviour.reads) { trial.run(vector) }
        trial.mismatches.report("\(count) children, read \(read), write \(write)")
      }
    }
  }

  // A27, B28: the newest of the first `read` answers, whoever they come from.
  @Test("Children that answer in every order", arguments: 1...4)
  func inEveryOrder(count: Int) {
    for read in 1...count {
      var trial = ReadTrial(Self.world(count, read), .quorum(read), .get)
      for vector in vectors(count, of: Behaviour.reads) {
        for order in permutations(vector.indices.filter { vector[$0] != .hang }) { trial.run(vector, order: order) }
      }
      trial.mismatches.report("\(count) children, read \(read)")
    }
  }

  // R25
  @Test("A read that is cancelled is answered at once", arguments: 1...4)
  func cancelled(count: Int) {
    for read in 1...count {
      var trial = ReadTrial(Self.world(count, read), .quorum(read), .get)
      for vector in vectors(count, of: Behaviour.reads) where vector.contains(.hang) { trial.cancel(vector) }
      trial.mismatches.report("\(count) children, read \(read)")
    }
  }

  // A31, R18: tombstone over data, then the larger digest; the order of the answers means nothing.
  @Test("Equal stamps with different bytes are resolved by rule and reported, in every order")
  func conflict() throws {
    let stamp = Stamp(time: 1_600_000_000_000 << 16, writer: 9)
    let live = (0..<3).map { Record([UInt8($0)], stamp: stamp) }
    let largest = try #require(live.max { ContentHash(of: $0.bytes) < ContentHash(of: $1.bytes) })
    let tombstone = Record.tombstone(stamp: stamp)
    for (contents, expected) in [(live, largest), ([live[0], tombstone, live[1]], tombstone)] {
      let recorder = Recorder()
      let world = VectorWorld(3, observer: recorder) { children in Quorum(read: 3, write: 1) { children } }
      for (number, order) in permutations([0, 1, 2]).enumerated() {
        world.reset([.ok, .ok, .ok], contents: contents, isGated: true)
        let probe = world.start { node, context throws(DriverError) in
          try await context.get(vectorKey, from: node)
        }
        world.run()
        for index in order { world.release(index) }
        #expect(try probe.result?.get() == expected, "answering in the order \(order)")
        let reports = recorder.events.count { if case .conflict(stamp) = $0.outcome { true } else { false } }
        #expect(reports == number + 1, "answering in the order \(order)")
        #expect(world.drains())
      }
    }
  }

  // B28, R18: two copies that agree are no conflict.
  @Test("Equal stamps with equal bytes are not reported")
  func agreement() throws {
    let recorder = Recorder()
    let world = VectorWorld(3, observer: recorder) { children in Quorum(read: 3, write: 1) { children } }
    world.reset([.ok, .ok, .ok], contents: [copies[0], copies[0], copies[0]], isGated: false)
    let probe = world.start { node, context throws(DriverError) in try await context.get(vectorKey, from: node) }
    world.run()
    #expect(try probe.result?.get() == copies[0])
    #expect(!recorder.events.contains { if case .conflict = $0.outcome { true } else { false } })
  }
}
