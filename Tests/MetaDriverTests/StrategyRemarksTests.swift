import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// The warnings of trees that compose, and the errors of trees whose nodes switch off promises of nodes below.
@Suite struct StrategyRemarksTests {
  private let a = MemoryDriver("a"), b = MemoryDriver("b"), c = MemoryDriver("c")
  private let journal = HandoffJournal(on: MemoryDriver("queue"))

  /// The remarks on a tree, whether it composes or not.
  private func remarks(
    _ visibility: Strategy.Visibility = .shared, @DriverBuilder _ root: () -> [any Driver]
  ) -> [String] {
    do throws(CompositionError) {
      return try Strategy("s", visibility: visibility, root).warnings.map(\.description)
    } catch { return error.remarks.map(\.description) }
  }

  @Test("A vote of a local-only driver is missed by another client")
  func localVote() {
    let text =
      "warning: s/Quorum: another client, whose local-only drivers are others, can miss an acknowledged write: "
      + "written to {a, b}, read from {a, c}. Let shared drivers alone count, three of them if one may be down; "
      + "or say visibility: .privateData if this client alone reads."
    @DriverBuilder func tree() -> [any Driver] {
      Quorum {
        a.localOnly(); b; c
      }
    }
    #expect(remarks(.shared, tree) == [text])
    #expect(remarks(.privateData, tree) == [])
    // Every write reaches both shared drivers.
    #expect(
      remarks {
        Quorum(read: 2, write: 3) {
          a.localOnly(); b; c
        }
      } == [])
  }

  @Test("A child whose copies are compared and that is never written")
  func neverWritten() {
    let text =
      "c is read and never written: what others write there tells no write here what it must rank above, and can be "
      + "answered in place of newer data. Put it below: Overlay { the other drivers } over: { c }, unless it is a "
      + "mirror of them and nothing else."
    #expect(
      remarks {
        Quorum(read: 3, write: 2) {
          a; b; c.readOnly()
        }
      } == ["warning: s/Quorum: " + text])
    #expect(
      remarks {
        Replicated(writes: .atLeast(2), reads: .newest) {
          a; b; c.readOnly()
        }
      }.contains("warning: s/Replicated: " + text))
    #expect(
      remarks {
        Overlay {
          a
        } over: {
          b.readOnly()
        }
      } == [])
  }

  @Test("A quorum that survives nothing")
  func fragile() {
    let mend = "Add children until a majority is left when one is down."
    #expect(
      remarks {
        Quorum {
          a; b
        }
      } == ["warning: s/Quorum: nothing is read or written while one of the 2 children is down. \(mend)"])
    #expect(
      remarks { Quorum { a } } == [
        "warning: s/Quorum: a quorum of one child: nothing is read or written while it is down. \(mend)"
      ])
    #expect(
      remarks {
        Quorum(read: 1, write: 2) {
          a; b
        }
      } == [])
  }

  @Test("Two children of one node with one name")
  func namesakes() {
    let text = "several children are called eu: reports call the second eu#2. Give each a name of its own."
    #expect(
      remarks {
        Replicated {
          MemoryDriver("eu"); MemoryDriver("eu").timeout(.seconds(1)); a
        }
      } == ["warning: s/Replicated: \(text)"])
    // Nodes that nobody named are told apart by their places.
    #expect(
      remarks {
        FirstSuccess {
          MemoryDriver(); MemoryDriver()
          Replicated { a }; Replicated { b }
        }
      }.filter { $0.contains("called") } == [])
  }

  @Test(
    "Leaves that compare no stamps, in a tree that stamps and has several writers",
    arguments: [PutOrdering.fifo, .none])
  func blind(ordering: PutOrdering) {
    let (x, y) = (Scripted("x", ordering: ordering), Scripted("y", ordering: ordering))
    let text =
      "do not compare stamps: where several processes write one key, a late put of one replaces what is newer there. "
      + "Let one process write each key, or use drivers whose order is newest wins."
    #expect(
      remarks {
        Quorum {
          a; x; y
        }
      } == ["warning: s/Quorum: x, y \(text)"])
    #expect(
      remarks(.privateData) {
        Quorum {
          a; x; y
        }
      } == [])
    // Records without stamps cannot be compared, and a read-only child is never written.
    #expect(
      remarks {
        Replicated {
          a; x
        }
      } == [])
    #expect(
      remarks {
        Quorum(read: 2, write: 2) {
          a; b; x.readOnly()
        }
      }.filter { $0.contains("compare stamps") } == [])
  }

  @Test("Atomic reads over children that can go back write back every time")
  func unsteady() {
    let mend =
      "Use children that keep what they answered: leaves whose order is newest wins, or a Quorum with reads: .atomic."
    #expect(
      remarks {
        Quorum(reads: .atomic) {
          Replicated {
            a; b
          }
          c; MemoryDriver("d")
        }
      } == [
        "warning: s/Quorum: Replicated may answer with something older later, so every read writes its answer back "
          + "there before it returns. \(mend)"
      ])
    #expect(
      remarks {
        Quorum(reads: .atomic) {
          a; b; c
        }
      } == [])
  }

  @Test("A session below a node that takes the answers of several children does not compose")
  func session() {
    func text(_ above: String, _ session: String) -> String {
      "error: s/\(above): \(above) takes the answers of several children, so \(session) below it promises nothing. "
        + "Put \(session) above \(above)."
    }
    #expect(
      remarks {
        Quorum {
          a.readYourWrites(); b; c
        }
      } == [text("Quorum", "ReadYourWrites")])
    #expect(
      remarks {
        Replicated {
          a; b.monotonicReads().timeout(.seconds(1))
        }
      } == [text("Replicated", "MonotonicReads")])
    #expect(
      remarks {
        FirstSuccess {
          a; b.readYourWrites()
        }
      } == [text("FirstSuccess", "ReadYourWrites")])
    // One child is read, and its session is the tree's.
    #expect(
      remarks {
        Replicated {
          a.readYourWrites(); b.writeOnly()
        }
      } == [])
    #expect(
      remarks {
        ReadYourWrites {
          Quorum {
            a; b; c
          }
        }
      } == [])
  }

  @Test("A session whose journal is a store of the tree does not compose")
  func journalInTree() {
    #expect(
      remarks {
        ReadYourWrites(journal: a) {
          Replicated {
            a; b
          }
        }
      } == [
        "error: s/ReadYourWrites: the session's journal is kept on a, which is a store of the tree: what this client knows "
          + "would stand among the data, and be gone with them. Keep the journal on a driver of its own."
      ])
    #expect(
      remarks {
        ReadYourWrites(journal: c) {
          Replicated {
            a; b
          }
        }
      } == [])
  }

  @Test(
    "A queue that is kept among the data is doubtful, and the state of a migration on one of its sides does not compose"
  )
  func keptAmongData() {
    let warning = "the handoff journal is kept on c, which is a store of the tree"
    func warns(@DriverBuilder _ tree: () -> [any Driver]) -> Bool {
      remarks { Replicated(tree) }.contains { $0.hasPrefix("warning: ") && $0.contains(warning) }
    }
    #expect(
      warns {
        a.hintedHandoff(HandoffJournal(on: c)); b; c
      })
    #expect(
      warns {
        Replicated(remainder: .handoff(HandoffJournal(on: c))) {
          a; b
        }; c
      })
    #expect(
      warns {
        Quorum(remainder: .handoff(HandoffJournal(on: c))) {
          a; b; MemoryDriver("e")
        }; c
      })
    #expect(
      !warns {
        a.hintedHandoff(HandoffJournal(on: MemoryDriver("own"))); b; c
      })
    for state in [a, b] {
      let errors = remarks {
        Migrating("m", state: state) {
          a
        } to: {
          b
        }
      }
      #expect(
        errors.first?.hasPrefix(
          "error: s/Migrating: the state is kept on \(state.outline.label), which is a store of")
          == true, "\(errors)")
    }
  }

  @Test("A tree whose only shared stores nobody reads does not compose") func nobodyReads() {
    let errors = remarks {
      Replicated {
        a.localOnly(); b.writeOnly()
      }
    }
    #expect(errors.first?.hasPrefix("error: s/Replicated: local-only drivers and such as nobody reads (a)") == true)
    #expect(!errors.isEmpty)
  }

  @Test("A queue that answers, above a quorum whose reads are atomic, does not compose")
  func queue() {
    let atomic = Quorum(reads: .atomic) {
      a; b; c
    }
    #expect(
      remarks { atomic.hintedHandoff(journal) } == [
        "error: s/HintedHandoff: HintedHandoff answers with what it has queued, so the atomic reads of Quorum go back. "
          + "Queue in the Quorum instead: remainder: .handoff(journal)."
      ])
    #expect(
      remarks {
        Quorum(reads: .atomic, remainder: .handoff(journal)) {
          a; b; c
        }
      } == [])
    let quorum = Quorum {
      a; b; c
    }
    #expect(
      remarks { quorum.hintedHandoff(journal) } == [
        "warning: s/HintedHandoff: HintedHandoff answers with what it has queued when Quorum does not, so a client may "
          + "read its own write after a newer one was acknowledged. Queue in the Quorum instead: remainder: "
          + ".handoff(journal)."
      ])
  }

  @Test("A session below a queue, which sends past it what it has queued, does not compose")
  func sessionBelowQueue() {
    let text = { (queue: String, session: String) in
      "error: s/\(queue): HintedHandoff answers with what it has queued, and sends it past \(session) below, which promises "
        + "nothing so. Put \(session) above HintedHandoff."
    }
    #expect(remarks { a.readYourWrites().hintedHandoff(journal) } == [text("HintedHandoff", "ReadYourWrites")])
    #expect(
      remarks { a.monotonicReads().timeout(.seconds(1)).hintedHandoff(journal) }
        == [text("HintedHandoff", "MonotonicReads")])
    #expect(
      remarks {
        HintedHandoff(journal) {
          ByKind {
            a.readYourWrites()
          } immutable: {
            b
          }
        }
      } == [text("HintedHandoff", "ReadYourWrites")])
    #expect(remarks { a.hintedHandoff(journal).monotonicReads().readYourWrites() } == [])
  }
}
