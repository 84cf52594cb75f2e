import MetaDriverTesting
import Testing

@testable import MetaDriver

/// A store to wrap.
struct Shelf: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () -> any Driver

  static let all = [
    Shelf(testDescription: "MemoryDriver") { MemoryDriver("memory") },
    Shelf(testDescription: "MemoryDriver with a capacity") { MemoryDriver("memory", capacity: 100_000) },
    Shelf(testDescription: "a leaf of newest wins, with URLs") { ShelfDriver() },
    Shelf(testDescription: "a leaf in turns") { ShelfDriver(ordering: .fifo) },
    Shelf(testDescription: "a blind leaf") { ShelfDriver(ordering: .none) },
    Shelf(testDescription: "a leaf with get, put and delete") { ShelfDriver(capabilities: .basic).refusingTheRest() },
    Shelf(testDescription: "Scripted") { Scripted("scripted", ordering: .newestWins, scheme: "scripted") },
    Shelf(testDescription: "Scripted in turns") { Scripted("scripted", ordering: .fifo) },
    Shelf(testDescription: "Faulty without faults") { Faulty("faulty") },
    Shelf(testDescription: "a leaf that takes its time") { ShelfDriver(ordering: .fifo).slow() },
  ]
}

/// A node to put around stores.
struct Wrapping: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Makes the node, and as many stores as it takes.
  let wrap: @Sendable (_ make: @Sendable () -> any Driver) -> any Driver

  init(_ description: String, _ wrap: @escaping @Sendable (_ make: @Sendable () -> any Driver) -> any Driver) {
    testDescription = description
    self.wrap = wrap
  }

  /// Every node of the package.
  static let all = [
    Wrapping("LocalOnly") { make in localOnly(make()) },
    Wrapping("Required") { make in required(make()) },
    Wrapping("ReadOnly") { make in readOnly(make()) },
    Wrapping("WriteOnly") { make in writeOnly(make()) },
    Wrapping("Verified") { make in verified(make()) },
    Wrapping("Timeout") { make in timeout(make()) },
    Wrapping("ReadYourWrites") { make in readYourWrites(make()) },
    Wrapping("MonotonicReads") { make in monotonicReads(make()) },
    Wrapping("a session with a journal") { make in session(make()) },
    Wrapping("ByKind") { make in byKind(make(), make()) },
    Wrapping("Overlay") { make in overlay(make(), make()) },
    Wrapping("Replicated of three") { make in Replicated { for _ in 0..<3 { make() } } },
    Wrapping("Replicated with raced reads") { make in Replicated(reads: .race) { for _ in 0..<3 { make() } } },
    Wrapping("Replicated with a write-only copy") { make in
      Replicated(writes: .atLeast(1), remainder: .await) {
        required(make())
        writeOnly(make())
      }
    },
    Wrapping("FirstSuccess of two") { make in FirstSuccess { for _ in 0..<2 { make() } } },
    Wrapping("Quorum of one") { make in Quorum { make() } },
    Wrapping("Quorum of three") { make in Quorum { for _ in 0..<3 { make() } } },
    Wrapping("Migrating, not begun") { make in migrating(make(), make(), nil) },
    Wrapping("Migrating, retired") { make in migrating(make(), make(), .retired) },
    Wrapping("a tree") { make in
      readYourWrites(
        Quorum(read: 2, write: 2) {
          FirstSuccess {
            verified(make())
            make()
          }
          required(timeout(make()))
          localOnly(make())
        })
    },
  ]

  /// Other ways to use some of them, and what takes its time.
  static let variants = [
    Wrapping("Delayed") { make in delayed(make()) },
    Wrapping("ReadYourWrites whose journal is such a store") { make in
      journalled(make(), over: make().outline.capabilities.isSuperset(of: [.get, .put]) ? make() : nil)
    },
    Wrapping("Verified by a verifier") { make in verifiedBySignature(make()) },
    Wrapping("Verified by proofs of deletions") { make in verifiedByProofs(make()) },
    Wrapping("Overlay over what is read only") { make in overlay(make(), readOnly(make())) },
    Wrapping("ByKind of one that is read only") { make in byKind(make(), readOnly(make())) },
    Wrapping("Replicated of one") { make in Replicated { make() } },
    Wrapping("Replicated in turn") { make in Replicated(order: .sequential) { for _ in 0..<3 { make() } } },
    Wrapping("Migrating, while both sides are written") { make in
      // Nothing decides then for both, and it is not said that anything does.
      migrating(FirstSuccess { make() }, FirstSuccess { make() }, .copying)
    },
    Wrapping("Migrating, switched") { make in
      migrating(FirstSuccess { make() }, FirstSuccess { make() }, .switched)
    },
    Wrapping("FirstSuccess of one") { make in FirstSuccess { make() } },
    Wrapping("FirstSuccess that stops at a miss") { make in FirstSuccess(onMiss: .stop) { for _ in 0..<2 { make() } } },
  ]

  private static func localOnly(_ base: some Driver) -> any Driver { base.localOnly() }
  private static func required(_ base: some Driver) -> any Driver { base.required() }
  private static func readOnly(_ base: some Driver) -> any Driver { base.readOnly() }
  private static func writeOnly(_ base: some Driver) -> any Driver { base.writeOnly() }
  private static func verified(_ base: some Driver) -> any Driver { base.verified() }
  private static func verifiedBySignature(_ base: some Driver) -> any Driver { base.verified { _, _, _ in true } }
  private static func verifiedByProofs(_ base: some Driver) -> any Driver {
    base.verified(deletions: { _, _, _ in true })
  }
  private static func overlay(_ upper: some Driver, _ lower: some Driver) -> any Driver {
    Overlay {
      upper
    } over: {
      lower
    }
  }
  private static func timeout(_ base: some Driver) -> any Driver { base.timeout(.seconds(1)) }
  private static func delayed(_ base: some Driver) -> any Driver {
    base.delayed(by: .exponential(mean: .milliseconds(1)), seed: 7)
  }
  private static func readYourWrites(_ base: some Driver) -> any Driver { base.readYourWrites() }
  private static func monotonicReads(_ base: some Driver) -> any Driver { base.monotonicReads() }
  private static func session(_ base: some Driver) -> any Driver {
    let session = Session(journal: MemoryDriver("journal"), keyLimit: 4)
    return base.readYourWrites(session).monotonicReads(session)
  }
  private static func journalled(_ base: some Driver, over journal: (any Driver)?) -> any Driver {
    base.readYourWrites(journal: journal ?? MemoryDriver("journal"))
  }
  private static func migrating(_ old: some Driver, _ new: some Driver, _ phase: Migration.Phase?) -> any Driver {
    let state = Scripted("state")
    if let phase {
      let document = MigrationState(phase).document(of: "conformance", edit: 1)
      state.contents = ["metadriver/migration/conformance": Record(document)]
    }
    return Migrating("conformance", state: state) {
      old
    } to: {
      new
    }
  }
  private static func byKind(_ mutable: some Driver, _ immutable: some Driver) -> any Driver {
    ByKind {
      mutable
    } immutable: {
      immutable
    }
  }
}

extension ShelfDriver {
  /// Throws `unsupported` where nothing is declared.
  fileprivate func refusingTheRest() -> ShelfDriver {
    var shelf = self
    shelf.onStat = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no stat") }
    shelf.onList = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no list") }
    shelf.onGetURL = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no URLs") }
    shelf.onConditionalDelete = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no conditions") }
    shelf.makeURL = { _ in nil }
    shelf.onHandles = { _ in false }
    shelf.onConditionalDelete = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no conditions") }
    shelf.onPut = { shelf, write, _ throws(DriverError) in
      if write.condition != nil { throw DriverError(.unsupported, "no conditions") }
      return try shelf.write(write)
    }
    return shelf
  }

  /// Takes a millisecond for everything, unless the caller goes away.
  fileprivate func slow() -> ShelfDriver {
    var shelf = self
    shelf.onGet = { shelf, key, context throws(DriverError) in
      try await context.runtime.sleep(for: .milliseconds(1))
      return shelf[key]
    }
    shelf.onPut = { shelf, write, context throws(DriverError) in
      try await context.runtime.sleep(for: .milliseconds(1))
      let receipt = try shelf.write(write)
      await Task.yield()
      return receipt
    }
    shelf.onDelete = { shelf, key, context throws(DriverError) in
      try await context.runtime.sleep(for: .milliseconds(1))
      return shelf.remove(key)
    }
    shelf.onList = { shelf, request, context throws(DriverError) in
      try await context.runtime.sleep(for: .milliseconds(1))
      return shelf.page(request)
    }
    return shelf
  }
}
