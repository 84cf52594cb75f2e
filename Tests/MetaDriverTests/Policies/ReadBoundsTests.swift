import MetaDriverTesting
import TestSupport
import Testing

@testable import MetaDriver

/// A29: minimum inclusive, maximum exclusive.
@Suite(.timeLimit(.minutes(10))) struct ReadBoundsTests {
  private static let key = Key.mutable("k")

  enum Tree: CaseIterable, Sendable {
    case firstSuccess, stopsAtAMiss, ordered, raced, newest, quorum

    func over(_ leaves: [Scripted]) -> any Driver {
      switch self {
      case .firstSuccess: FirstSuccess { for leaf in leaves { leaf } }
      case .stopsAtAMiss: FirstSuccess(onMiss: .stop) { for leaf in leaves { leaf } }
      case .ordered: Replicated { for leaf in leaves { leaf } }
      case .raced: Replicated(reads: .race) { for leaf in leaves { leaf } }
      case .newest: Replicated(reads: .newest) { for leaf in leaves { leaf } }
      case .quorum: Quorum(read: .all, write: 1, repair: .off) { for leaf in leaves { leaf } }
      }
    }
  }

  private static func stamp(_ number: UInt64) -> Stamp { Stamp(time: number, writer: 1) }

  /// Leaves that hold these versions; 0 is none.
  private static func leaves(_ versions: [UInt64]) -> [Scripted] {
    versions.enumerated().map { index, version in
      let leaf = Scripted("\(index)")
      if version > 0 { leaf.contents[key] = Record([UInt8(version)], stamp: stamp(version)) }
      return leaf
    }
  }

  // A29
  @Test(
    "Every tree gives a copy within bounds where one is asked for it, and is stale where there is none",
    arguments: Tree.allCases)
  func bounds(tree: Tree) async throws {
    let context = Context(.manual())
    for versions in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [2, 2, 2], [0, 2, 0], [0, 0, 0], [3, 0, 0]] as [[UInt64]] {
      for (minimum, maximum) in [(2, nil), (nil, 3), (2, 3), (4, nil), (nil, 1), (1, 4)] as [(UInt64?, UInt64?)] {
        let options = CallOptions(minimum: minimum.map(Self.stamp), maximum: maximum.map(Self.stamp))
        let bounded = Context(context.runtime, options: options)
        let fitting = versions.filter { $0 > 0 && $0 >= minimum ?? 0 && $0 < maximum ?? 9 }
        let what = "\(versions), at least \(minimum ?? 0), below \(maximum ?? 9)"
        for isWide in [false, true] {
          do throws(DriverError) {
            let found = try await tree.over(Self.leaves(versions)).get(Self.key, in: isWide ? bounded.wide : bounded)
            if let found {
              #expect(fitting.contains(UInt64(found.bytes[0])), "\(what)")
            } else {
              // Absent is believed where no minimum was asked for and nobody that was asked has a newer copy.
              let first = versions.first == 0 && tree == .stopsAtAMiss && !isWide
              #expect(minimum == nil && (first || versions.allSatisfy { $0 == 0 }), "\(what)")
            }
          } catch {
            #expect(error.code == .stale, "\(what): \(error)")
            #expect(fitting.isEmpty || tree == .stopsAtAMiss && versions.first == 0, "\(what): \(error)")
          }
        }
      }
    }
  }

  @Test("The strategy sees to it where no node searches")
  func strategy() async throws {
    let leaf = Self.leaves([2])[0]
    let strategy = try Strategy("s") { leaf }
    #expect(try await strategy.get("k", options: CallOptions(minimum: Self.stamp(2)))?.bytes == [2])
    let error = await #expect(throws: DriverError.self) {
      try await strategy.get("k", options: CallOptions(minimum: Self.stamp(3)))
    }
    #expect(error?.code == .stale)
    #expect(error?.staleness == .init(floor: Self.stamp(3), found: Self.stamp(2)))
    #expect(error?.message == "the caller asked for a copy of 'k' of at least 0.3@1, and what was found is 0.2@1")
    await #expect(throws: DriverError.self) {
      try await strategy.get("k", options: CallOptions(maximum: Self.stamp(2)))
    }
    leaf.contents = [:]
    #expect(try await strategy.get("k", options: CallOptions(maximum: Self.stamp(2))) == nil)
    await #expect(throws: DriverError.self) {
      try await strategy.get("k", options: CallOptions(minimum: Self.stamp(1)))
    }
    // A tombstone that is new enough is an answer, and it says that nothing is there.
    leaf.contents = [Self.key: .tombstone(stamp: Self.stamp(4))]
    #expect(try await strategy.get("k", options: CallOptions(minimum: Self.stamp(4))) == nil)
  }

  @Test("A copy without a stamp is below every minimum, and below every maximum")
  func unstamped() throws {
    let bare = Record([1])
    let minimum = try #require(ReadBounds(minimum: Self.stamp(1), maximum: nil))
    #expect(throws: DriverError.self) { try minimum.check(bare, of: "k") }
    try #require(ReadBounds(minimum: nil, maximum: Self.stamp(1))).check(bare, of: "k")
    #expect(ReadBounds(minimum: nil, maximum: nil) == nil)
  }
}
