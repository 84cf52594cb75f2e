import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// What is said when a tree is composed: where, why, and how to mend it. The texts are part of the interface.
@Suite struct StrategyChecksTests {
  private let a = Scripted("a", ordering: .newestWins), b = Scripted("b", ordering: .newestWins)
  private let c = Scripted("c", ordering: .newestWins)

  /// A leaf that says which store it is, as a driver for a folder does.
  private struct FolderDriver: Driver {
    let leaf: Leaf?
    let outline: Outline
    init(_ name: String, folder: String) {
      let leaf = Leaf(name, identity: "file:\(folder)")
      self.leaf = leaf
      outline = Outline(leaf: leaf, kind: "FolderDriver", capabilities: .basic)
    }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { nil }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.stored)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.deleted)
    }
  }

  private func errors(
    visibility: Strategy.Visibility = .shared, @DriverBuilder _ root: () -> [any Driver]
  ) -> [String] {
    do throws(CompositionError) {
      _ = try Strategy("s", visibility: visibility, root)
      return []
    } catch {
      #expect(error.remarks.sorted { $0.severity > $1.severity } == error.remarks)
      return error.remarks.filter { $0.severity == .error }.map(\.description)
    }
  }

  private func warnings(@DriverBuilder _ root: () -> [any Driver]) throws -> [String] {
    try Strategy("s", root).warnings.map(\.description)
  }

  // MARK: Errors

  @Test("A quorum size out of range", arguments: [(0, 2), (4, 2), (2, 0), (2, 4), (-1, 3)])
  func quorumSizes(read: Int, write: Int) {
    let wrong = (1...3).contains(read) ? "write: \(write)" : "read: \(read)"
    #expect(
      errors {
        Quorum(read: .exactly(read), write: .exactly(write)) {
          a; b; c
        }
      } == [
        "error: s/Quorum: \(wrong) is no size for a quorum of 3 children. Ask for 1 to 3."
      ])
  }

  @Test("Sizes whose sum a read can slip through, unless sloppy is spelled out")
  func overlap() {
    #expect(
      errors {
        Quorum(read: 1, write: 1) {
          a; b; c
        }
      } == [
        "error: s/Quorum: read 1 + write 1 is not more than 3 children: a read can miss an acknowledged write. "
          + "Raise one of them by 2, or say sloppy: true if missing writes is acceptable."
      ])
    #expect(
      errors {
        Quorum(read: 1, write: 2) {
          a; b; c
        }
      }.count == 1)
    #expect(
      errors {
        Quorum(read: 1, write: 1, sloppy: true) {
          a; b; c
        }
      } == [])
    #expect(
      errors {
        Quorum(read: 1, write: .all) {
          a; b; c
        }
      } == [])
    #expect(
      errors {
        Quorum {
          a; b; c
        }
      } == [])
    #expect(
      errors {
        Quorum {
          a; b
        }
      } == [])
  }

  // A8, R9
  @Test("A quorum that its children cannot meet")
  func unmeetable() {
    #expect(
      errors {
        Quorum(read: 2, write: 2) {
          a; b.readOnly(); c.readOnly()
        }
      } == [
        "error: s/Quorum: write: 2 can never be met: only 1 of 3 children can put. "
          + "Ask for at most 1, or add children that can put."
      ])
    #expect(
      errors {
        Quorum(read: 2, write: 2) {
          a; b; c.readOnly().required()
        }
      } == [
        "error: s/Quorum: c cannot put, and it is required. Make another child required."
      ])
  }

  @Test("A composite without children, also one whose conditions leave none", arguments: [0, 1, 2])
  func empty(kind: Int) {
    let flag = kind > 2
    let tree: any Driver =
      switch kind {
      case 0: FirstSuccess { if flag { a } }
      case 1: Replicated { for driver in [a, b] where flag { driver } }
      default: Quorum { if flag { a } }
      }
    let name = ["FirstSuccess", "Replicated", "Quorum"][kind]
    #expect(
      errors { tree } == [
        "error: s/\(name): it has no child, so it can neither read nor write. "
          + "Put at least one driver into its block; look at the conditions that left all of them out."
      ])
    #expect(
      errors {
        FirstSuccess {
          a; tree.self
        }
      }.first?.hasPrefix("error: s/FirstSuccess/\(name == "FirstSuccess" ? "FirstSuccess" : name): ") == true)
  }

  @Test("Several roots, and none")
  func roots() {
    let flag = false
    #expect(
      errors {
        a; b
      } == [
        "error: s: a strategy has one root, and its block holds 2 drivers. "
          + "Combine them with Replicated, FirstSuccess or Quorum."
      ])
    #expect(
      errors { if flag { a } } == [
        "error: s: a strategy has one root, and its block holds none. Look at the conditions that left all drivers out."
      ])
  }

  // A8, A19, R9
  @Test("A required child that cannot put")
  func readOnlyRequired() {
    #expect(
      errors {
        Replicated(writes: .atLeast(1)) {
          a; b.readOnly().required()
        }
      } == [
        "error: s/Replicated: b cannot put, and it is required. Make another child required."
      ])
    #expect(
      errors {
        Replicated {
          a; b.readOnly()
        }
      } == [
        "error: s/Replicated: b cannot put, and every child must accept a write. "
          + "Say writes: .atLeast(k), or leave b out."
      ])
  }

  @Test("A number of writes out of range", arguments: [0, 3, -2])
  func writes(needed: Int) {
    #expect(
      errors {
        Replicated(writes: .atLeast(needed)) {
          a; b
        }
      } == [
        "error: s/Replicated: writes need at least \(needed) of 2 children. Ask for 1 to 2."
      ])
  }

  @Test("More writes than there are children that can put")
  func tooFewWriters() {
    #expect(
      errors {
        Replicated(writes: .atLeast(2)) {
          a; b.readOnly()
        }
      } == [
        "error: s/Replicated: writes need at least 2 children, and only 1 of 2 can put. Ask for at most 1."
      ])
  }

  // R28
  @Test("One store at two places under a node that counts: one value twice, two values of one folder, deep below")
  func sameStore() {
    #expect(
      errors {
        Quorum {
          a; a; b
        }
      } == [
        "error: s/Quorum: a stands here twice, so it would be counted twice. "
          + "Leave one of them out, or give each a store of its own; weighted: true gives a child two votes."
      ])
    let one = FolderDriver("one", folder: "/data"), two = FolderDriver("two", folder: "/data")
    #expect(
      errors {
        Replicated {
          one; two
        }
      } == [
        "error: s/Replicated: one and two are the same store, so it would be counted twice. "
          + "Leave one of them out, or give each a store of its own."
      ])
    #expect(
      errors {
        Quorum {
          FirstSuccess {
            a; b
          }
          FirstSuccess {
            a; c
          }
          Scripted("d")
        }
      } == [
        "error: s/Quorum: a stands below FirstSuccess and below FirstSuccess, so it would be counted twice. "
          + "Leave one of them out, or give each a store of its own; weighted: true gives a child two votes."
      ])
    #expect(
      errors {
        Quorum {
          FolderDriver("one", folder: "/1"); FolderDriver("two", folder: "/2")
        }
      } == [])
  }

  // R28
  @Test("One store at two places under FirstSuccess is one leaf asked twice, which is allowed, and it is one store")
  func sameStoreInTurn() async throws {
    let strategy = try Strategy("s") {
      FirstSuccess {
        a.timeout(.seconds(1)); b; a
      }
    }
    try await strategy.put([1], at: "k")
    #expect(a.contents.count == 1)
    _ = try await strategy.get("k")
    #expect(a.calls.count == 2)
  }

  // A46
  @Test("A tree that contains itself by declaration")
  func declaredCycle() {
    struct Gateway: Driver {
      let leaf: Leaf? = Leaf("gateway", identity: "https://gateway.example")
      var below: [Outline] = []
      var outline: Outline {
        var outline = Outline(leaf: leaf!, kind: "Gateway", capabilities: .basic)
        outline.children = below
        outline.mutable = Access(read: .child(0), write: .child(0))
        outline.immutable = outline.mutable
        return outline
      }
      func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { nil }
      func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
        Receipt(.stored)
      }
      func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
        Receipt(.deleted)
      }
    }
    var gateway = Gateway()
    gateway.below = [
      FirstSuccess {
        a; Gateway()
      }.outline
    ]
    #expect(
      errors { Verified { gateway } } == [
        "error: s/Verified/gateway/FirstSuccess/gateway: the tree contains itself: https://gateway.example stands below "
          + "itself. Break the cycle."
      ])
  }

  @Test("Everything that is wrong is said at once, each with its place, and nothing runs")
  func several() {
    let error = #expect(throws: CompositionError.self) {
      try Strategy("s") {
        FirstSuccess {
          Quorum(read: 0, write: 1) {
            a; b
          }
          Replicated(writes: .atLeast(7)) { c }
        }
      }
    }
    #expect(
      error?.description == """
        the strategy "s" does not compose: 2 errors
          error: s/FirstSuccess/Quorum: read: 0 is no size for a quorum of 2 children. Ask for 1 to 2.
          error: s/FirstSuccess/Replicated: writes need at least 7 of 1 children. Ask for 1 to 1.
          warning: s/FirstSuccess/Quorum: a write holds with one copy, and the others are written in the background: \
        they are lost if the process ends. Say write: 2 or remainder: .await, or call drain() before the process ends.
        """)
    #expect((a.calls + b.calls + c.calls).isEmpty)
  }

  // MARK: Publication

  // A40, R22
  @Test("A write that local drivers alone can satisfy does not compose, unless the data is private")
  func notPublished() {
    let text =
      "error: s/Replicated: local-only drivers alone (a) can satisfy a write of mutable data, so an acknowledged write "
      + "may be seen by no other client. Make a shared driver Required, or say visibility: .privateData."
    #expect(
      errors {
        Replicated(writes: .atLeast(1)) {
          a.localOnly(); b
        }
      } == [text])
    #expect(
      errors(visibility: .privateData) {
        Replicated(writes: .atLeast(1)) {
          a.localOnly(); b
        }
      } == [])
    #expect(
      errors {
        Replicated(writes: .atLeast(1)) {
          a.localOnly(); b.required()
        }
      } == [])
    #expect(
      errors {
        Replicated {
          a.localOnly(); b
        }
      } == [])
    #expect(errors { a.localOnly() }.count == 1)
    #expect(errors { a.localOnly().readOnly() } == [])
    #expect(
      errors {
        FirstSuccess {
          a.localOnly(); b
        }
      }.count == 1)
    #expect(
      errors {
        FirstSuccess {
          a.localOnly().readOnly(); b
        }
      } == [])
  }

  // A40, R22
  @Test("Publication through nested quorums, kinds of data, and one store under two marks")
  func nestedPublication() {
    let (d, e) = (Scripted("d"), Scripted("e"))
    // Two of three halves are local: a write may hold in them alone.
    #expect(
      errors {
        Quorum {
          a.localOnly(); b.localOnly(); c
        }
      }.count == 1)
    #expect(
      errors {
        Quorum {
          a.localOnly(); b; c
        }
      } == [])
    #expect(
      errors {
        Quorum(read: 1, write: .all) {
          a.localOnly(); b.localOnly(); c
        }
      } == [])
    #expect(
      errors {
        Quorum {
          LocalOnly {
            Quorum {
              a; b
            }
          };
          Quorum {
            c; d
          }; e.localOnly()
        }
      }.count == 1)
    #expect(
      errors {
        Quorum {
          Quorum {
            a.localOnly(); b
          };
          Quorum {
            c.localOnly(); d
          }; e.localOnly()
        }
      } == [])
    #expect(
      errors {
        Quorum {
          Replicated(writes: .atLeast(1)) {
            a.localOnly(); b
          }; c.localOnly(); d
        }
      }.count == 1)

    // Only mutable data must be published, and only the mutable tree counts, whatever the other one can do.
    #expect(
      errors {
        ByKind {
          a
        } immutable: {
          b.localOnly()
        }
      } == [])
    #expect(
      errors {
        ByKind {
          a.localOnly()
        } immutable: {
          b
        }
      }.count == 1)
    #expect(
      errors {
        ByKind {
          a.localOnly()
        } immutable: {
          b.readOnly()
        }
      }.count == 1)
    #expect(
      errors {
        ByKind {
          a.localOnly()
        } immutable: {
          b.readOnly()
        }.timeout(.seconds(1))
      }.count == 1)
    #expect(
      errors {
        ByKind {
          a.localOnly()
        } immutable: {
          b.readOnly()
        }.readOnly()
      } == [])

    // One store is local wherever it stands, in whatever order.
    #expect(
      errors {
        FirstSuccess {
          a; a.localOnly()
        }
      }.count == 1)
    #expect(
      errors {
        FirstSuccess {
          a.localOnly(); a
        }
      }.count == 1)
  }

  // MARK: Warnings

  @Test("A read that can miss an acknowledged write, with its witness")
  func missedWrites() throws {
    #expect(
      try warnings {
        Replicated(writes: .atLeast(2), remainder: .await) {
          a; b; c
        }
      } == [
        "warning: s/Replicated: a read can miss an acknowledged write: written to {a, b}, read from {c}. "
          + "Require more drivers for a write, or use a Quorum whose read and write overlap."
      ])
    #expect(
      try warnings {
        Replicated {
          a; b; c
        }
      } == [])
    #expect(
      try warnings {
        Quorum {
          a; b; c
        }
      } == [])
    #expect(
      try warnings {
        Quorum(read: 1, write: 2, sloppy: true) {
          a; b; c
        }
      }.first?.contains("written to {a, b}, read from {c}") == true)
  }

  @Test("Beyond the leaves that a table has, too", arguments: [20, 21, 22, 25, 60])
  func missedWritesOfMany(count: Int) throws {
    let many = (1...count).map { Scripted("d\($0)", ordering: .newestWins) }
    func group(_ range: Range<Int>) -> Quorum { Quorum { for driver in many[range] { driver } } }
    let text = "a read can miss an acknowledged write"
    #expect(
      try warnings { FirstSuccess { for driver in many { driver } } }.contains {
        $0.contains("\(text): written to {d") && $0.contains("}, read from {d")
      })
    #expect(
      try warnings { Replicated(writes: .atLeast(2), remainder: .await) { for driver in many { driver } } }.contains {
        $0.contains("\(text): written to {d") && $0.contains("}, read from {d")
      })
    // No doubt where there is none.
    #expect(try warnings { Quorum { for driver in many { driver } } } == [])
    #expect(try warnings { Replicated { for driver in many { driver } } } == [])
    #expect(
      try warnings {
        Quorum {
          group(0..<5); group(5..<12); group(12..<count)
        }
      } == [])
    #expect(
      try warnings {
        Quorum {
          group(0..<5); group(5..<12); FirstSuccess { for driver in many[12..<count] { driver } }
        }
      }.contains { $0.contains("\(text): written to {d") && $0.contains("}, read from {d") })
    let local = try warnings {
      Quorum {
        many[0].localOnly()
        for driver in many[1...] { driver }
      }
    }
    #expect(!local.contains { $0.contains("not known") })
    // Two majorities of an odd number may have the local one alone in common.
    #expect(local.contains { $0.contains("another client, whose local-only drivers are others") } == (count % 2 == 1))
  }

  @Test("Where the sets are too many to compare, the doubt is told")
  func missedWritesUnknown() throws {
    let many = (1...29).map { Scripted("d\($0)", ordering: .newestWins) }
    // The second vote of some makes a set of fewer stores enough, which the number of children does not tell.
    let weighted = try warnings {
      Quorum(weighted: true) {
        for driver in many { driver }
        for driver in many[..<4] { driver }
      }
    }
    #expect(
      weighted == [
        "warning: s/Quorum: whether a read can miss an acknowledged write is not known: of 29 leaves, the sets that are enough "
          + "are too many to compare. Compose it of nodes with at most 20 children, or use a Quorum whose read and write "
          + "overlap."
      ])
  }

  @Test("All copies in one failure domain")
  func domains() throws {
    func driver(_ name: String, _ domain: String?) -> Scripted {
      Scripted(name, ordering: .newestWins, domain: domain)
    }
    #expect(
      try warnings {
        Quorum {
          driver("x", "eu-west"); driver("y", "eu-west").timeout(.seconds(1)); driver("z", "eu-west")
        }
      } == [
        "warning: s/Quorum: all copies are in one failure domain, eu-west. Put at least one of them elsewhere."
      ])
    #expect(
      try warnings {
        Quorum {
          driver("x", "eu-west"); driver("y", "us-east"); driver("z", "eu-west")
        }
      } == [])
    #expect(
      try warnings {
        Quorum {
          driver("x", nil); driver("y", nil); driver("z", nil)
        }
      } == [])
    #expect(
      try warnings {
        Quorum {
          driver("x", "eu-west"); driver("y", nil); driver("z", "eu-west")
        }
      } == [])
  }

  @Test("A write that holds with one copy while the others are written in the background")
  func oneCopy() throws {
    let text =
      "a write holds with one copy, and the others are written in the background: they are lost if the process ends. "
    #expect(
      try warnings {
        Replicated(writes: .atLeast(1)) {
          a.required(); b
        }
      }.contains(
        "warning: s/Replicated: \(text)Say writes: .atLeast(2) or remainder: .await, or call drain() before the process ends."
      ))
    #expect(
      try warnings {
        Quorum(read: .all, write: 1) {
          a; b
        }
      } == [
        "warning: s/Quorum: \(text)Say write: 2 or remainder: .await, or call drain() before the process ends."
      ])
    #expect(
      try warnings {
        Quorum(read: .all, write: 1, remainder: .await) {
          a; b
        }
      } == [])
    #expect(
      try !warnings {
        Replicated(writes: .atLeast(1), remainder: .await) {
          a; b
        }
      }.contains { $0.contains(text) })
  }

  @Test("Required where nothing reads it")
  func requiredWithoutEffect() throws {
    func text(_ path: String) -> String {
      "warning: s/\(path): Required says nothing here: no Replicated or Quorum stands directly above it. "
        + "Move it to a child of Replicated or Quorum, or leave it out."
    }
    #expect(try warnings { a.required() } == [text("Required")])
    #expect(try warnings { FirstSuccess { a.required() } } == [text("FirstSuccess/Required")])
    #expect(
      try warnings {
        ByKind {
          a.required()
        } immutable: {
          b
        }
      }.contains(text("ByKind/Required")))
    #expect(
      try warnings { Replicated { FirstSuccess { a.required() } } } == [text("Replicated/FirstSuccess/Required")])
    // Through modifiers, and for an only child, it is read.
    #expect(try warnings { Replicated(writes: .atLeast(1)) { a.required() } } == [])
    #expect(
      try warnings {
        Quorum {
          a.required().timeout(.seconds(1)); b; c
        }
      } == [])
    #expect(
      try warnings {
        Replicated {
          a.required(); b
        }
      } == [
        "warning: s/Replicated: every child must accept a write, so Required around a says nothing. "
          + "Say writes: .atLeast(1) to make the other children optional."
      ])
  }

  @Test("Verified above a composite, where one bad copy ends the search")
  func verifiedAbove() throws {
    #expect(
      try warnings {
        Verified {
          Replicated {
            a; b
          }
        }
      } == [
        "warning: s/Verified: one bad copy ends the search of the Replicated below. "
          + "Put Verified around each child of Replicated instead."
      ])
    #expect(
      try warnings {
        Replicated {
          Verified { a }; Verified { b }
        }
      } == [])
    #expect(try warnings { Verified { FirstSuccess { a } } } == [])
  }

  @Test("A path tells children of one name apart")
  func paths() throws {
    #expect(
      errors {
        FirstSuccess {
          Quorum {
            a; b
          }; Quorum(read: 9, write: 1) { c }
        }
      }.first?
      .hasPrefix("error: s/FirstSuccess/Quorum#2: read: 9 ") == true)
  }

  // R27
  @Test("Composing, checking, printing and asking what a tree can do performs no call")
  func noCalls() throws {
    let leaf = RecordingDriver()
    let strategy = try Strategy("s") {
      ReadYourWrites {
        Quorum(read: 1, write: 2) {
          leaf.verified().timeout(.seconds(1)).required()
          a.localOnly()
        }
      }
    }
    _ = "\(strategy) \(strategy.outline) \(strategy.warnings) \(strategy.outline.capabilities)"
    _ = strategy.url(for: .mutable("k"))
    _ = errors {
      Quorum {
        leaf; leaf
      }
    }
    #expect(leaf.calls.isEmpty)
    #expect(a.calls.isEmpty)
  }
}
