import MetaDriver
import MetaDriverDisk
import MetaDriverTesting
import TestSupport
import Testing

/// The disk has threads of its own, so these run on several; the clock stands still, so that a busy machine fails no case.
@Suite(.timeLimit(.minutes(10))) struct DiskConformanceTests {
  @Test("A folder conforms", arguments: Conformance.Case.allCases)
  func disk(testCase: Conformance.Case) async throws {
    try await Conformance(runtime: .manual(), place: { try TemporaryFolder() }, driver: { $0.disk() }).check(testCase)
  }

  @Test("A folder below modifiers conforms")
  func modified() async throws {
    let suite = Conformance(runtime: .manual(), largestPayload: 20_000, place: { try TemporaryFolder() }) { place in
      place.disk().verified().timeout(.seconds(50)).required().localOnly()
    }
    try await suite.check()
  }

  @Test("Folders below nodes that stamp conform")
  func quorum() async throws {
    let suite = Conformance(runtime: .manual(), largestPayload: 20_000, place: { try TemporaryFolder() }) { place in
      Quorum(read: 2, write: 2) { for name in ["a", "b", "c"] { place.disk(name) } }.readYourWrites()
    }
    try await suite.check()
  }

  @Test("A folder and a copy conform")
  func replicated() async throws {
    let suite = Conformance(runtime: .manual(), largestPayload: 20_000, place: { try TemporaryFolder() }) { place in
      Replicated { for name in ["a", "b"] { place.disk(name) } }
    }
    try await suite.check()
  }
}

extension TemporaryFolder {
  /// A folder of one case. The names in it are longer than a path may be, so that `FileManager` could not remove it.
  fileprivate func disk(_ name: String = "disk") -> DiskDriver {
    DiskDriver(at: "\(path)/\(name)", name: name, durability: .none)
  }
}
