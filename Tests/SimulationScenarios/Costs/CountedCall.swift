import MetaDriver
import MetaDriverTesting
private import Synchronization

/// A call whose requests are counted.
package enum CountedCall: String, CaseIterable, Sendable {
  /// A put of a key that nobody has written.
  case firstPut = "first put"
  /// Another put by the same process.
  case nextPut = "next put"
  /// A put by a process that has not seen what another process wrote, on whose clock it is earlier.
  case putAfterAnother = "after another"
  /// The same where the clock of the other process is 30 s ahead.
  case putBehind = "behind"
  /// A get where all stores hold the same copy.
  case get
  /// A get where the first store has lost its copy.
  case getOfLost = "get, one copy lost"

  /// What a call took.
  package struct Cost: Hashable, Sendable, CustomStringConvertible {
    /// How many requests reached stores, those for which nobody waited included.
    package var requests: Int
    /// How long the caller waited, in requests one after the other.
    package var rounds: Int

    /// `3 / 1`: the requests, and the rounds.
    package var description: String { "\(requests) / \(rounds)" }
  }

  /// How long each request takes, with its reply. A disk takes no time.
  private static let requestTime = Duration.milliseconds(10)

  /// Carries the call out in virtual time, and counts.
  package func cost(in tree: CountedTree) throws -> Cost {
    let counter = CountedStore.Counter()
    let elapsed = Mutex(Duration.zero)
    let call = self
    _ = try Simulation(seed: 1, keepsTrace: false) { world in
      for name in ["a", "b", "c", "d", "e", "x", "y", "z"] {
        let leaf = world.leaf(name, ordering: "xyz".contains(name) ? .fifo : .newestWins)
        leaf.faults.delay = .constant(Self.requestTime / 2)
      }
      let alice = world.process("alice")
      let bob = world.process("bob", skew: call == .putBehind ? .seconds(30) : .zero)
      let (ofAlice, ofBob) = (tree.driver(alice, counter), tree.driver(bob, CountedStore.Counter()))
      try await call.prepare(alice, ofAlice, bob, ofBob)
      if call == .getOfLost { world.leaf(tree.firstStore).wipe() }
      counter.reset()
      let start = world.now
      try await alice.perform {
        let context = Context(alice.runtime)
        switch call {
        case .get, .getOfLost: _ = try await context.get("k", from: ofAlice)
        default: _ = try await context.put(Record([2]), at: "k", to: ofAlice)
        }
      }
      let end = world.now
      elapsed.withLock { $0 = end - start }
      await alice.runtime.drain()
    }.run()
    let rounds = elapsed.withLock(\.self) / Self.requestTime
    precondition(rounds == rounds.rounded(), "\(self) in \(tree) took \(rounds) rounds")
    return Cost(requests: counter.count, rounds: Int(rounds))
  }

  private func prepare(
    _ alice: Simulation.Process, _ ofAlice: any Driver, _ bob: Simulation.Process, _ ofBob: any Driver
  ) async throws {
    guard self != .firstPut else { return }
    let (writer, tree) = self == .nextPut ? (alice, ofAlice) : (bob, ofBob)
    _ = try await writer.perform {
      try await Context(writer.runtime).put(Record([1]), at: "k", to: tree)
    }
    await writer.runtime.drain()
  }
}
