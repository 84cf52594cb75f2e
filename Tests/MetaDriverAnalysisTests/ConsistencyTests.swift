import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
import Testing

/// What readers see, and on what it rests.
@Suite struct ConsistencyTests {
  private func verdicts(_ driver: some Driver) -> [Analysis.Guarantee.Verdict] {
    let analysis = driver.analysis
    return [analysis.readYourWrites, analysis.monotonicReads, analysis.regular, analysis.atomic].map(\.verdict)
  }

  private let a = MemoryDriver("a")
  private let b = MemoryDriver("b")
  private let c = MemoryDriver("c")

  @Test("A quorum is regular; with reads that write back it is atomic; clocks do not matter with many writers")
  func quorums() {
    #expect(
      verdicts(
        Quorum {
          a; b; c
        }) == [.yes, .no, .yes, .no])
    #expect(
      verdicts(
        Quorum(reads: .atomic) {
          a; b; c
        }) == [.yes, .yes, .yes, .yes])
    #expect(
      Quorum {
        a; b; c
      }.analysis.regular.restsOn == [])
    // Where writes do not meet, and none of them asks, clocks decide; where each asks, or there is one writer, they do not.
    #expect(
      Quorum(read: .all, write: 1, sloppy: true) {
        a; b; c
      }.analysis.regular.restsOn == [.clocks])
    #expect(
      Quorum(read: .all, write: 1) {
        a; b; c
      }.analysis.regular.restsOn == [])
    let register = Quorum(reads: .atomic, writers: .many) {
      a; b; c
    }.analysis
    #expect(register.atomic.holds && register.atomic.restsOn == [])
    // A node above that writes back needs no other below.
    #expect(
      verdicts(
        Quorum(reads: .atomic) {
          Quorum {
            a; b; c
          }; MemoryDriver("d"); MemoryDriver("e")
        })[3] == .yes)
    #expect(
      verdicts(
        Quorum {
          Quorum(reads: .atomic) {
            a; b; c
          }; MemoryDriver("d"); MemoryDriver("e")
        })[3] == .no)
  }

  @Test("That two reads can differ while a write is under way is shown by what they ask") func witness() {
    #expect(
      "\(Quorum { a; b; c }.analysis.atomic)"
        == "no: while a write is under way, one read may give the new value, and the next one the old "
        + "(a write has reached {a}, one read asks {a, b}, the next asks {b, c})")
    // 24 leaves are worked out from the formula.
    let many = Quorum { for number in 0..<24 { MemoryDriver("leaf \(number)") } }.analysis
    #expect(many.regular.holds && many.atomic.verdict == .no)
    #expect(many.atomic.witness?.parts.map(\.names.count) == [1, 13, 13])
    #expect(
      Quorum(read: .all, write: 1) { for number in 0..<24 { MemoryDriver("leaf \(number)") } }.analysis.atomic
        .verdict == .unknown)
  }

  @Test("What one leaf holds is as strong as the leaf") func single() {
    #expect(verdicts(a) == [.yes, .yes, .yes, .yes])
    #expect(a.analysis.atomic.reason == "there is one copy")
  }

  @Test("Replicas that are all written, and read anywhere, are regular as long as puts stay in order") func replicas() {
    let tree = Replicated(reads: .race) {
      a; b; c
    }.analysis
    #expect(tree.regular.holds && tree.atomic.verdict == .no)
    #expect(
      tree.regular.restsOn == [.orderedPuts(["a", "b", "c"])])
    #expect(
      verdicts(
        Replicated(writes: .atLeast(2)) {
          a; b; c
        }) == [.no, .no, .no, .no])
  }

  @Test("What rests on the order of puts says so, and leaves without any break it") func ordering() {
    let fifo = Faulty("fifo", ordering: .fifo)
    let tree = Quorum(writers: .many) {
      a; b; fifo
    }.analysis
    #expect(tree.regular.restsOn == [.orderedPuts(["fifo"])])
    let unordered = Faulty("loose", ordering: .none)
    let broken = Quorum(reads: .atomic, writers: .many) {
      a; b; unordered
    }.analysis
    #expect(
      "\(broken.regular)"
        == "no: a late old put can replace a newer one, because nothing keeps puts in order (put to {loose} late)")
    #expect(broken.atomic.verdict == .no)
    // What was acknowledged can be overwritten, and so is not kept.
    #expect(broken.keepsWrites(losses: 0).witness?.description == "put to {loose} late")
    #expect(broken.guarantees.first { $0.name == "writes kept" }?.guarantee.verdict == .no)
    #expect(tree.keepsWrites(losses: 1).restsOn == [.orderedPuts(["fifo"])])
  }

  @Test("Sessions keep their own promises above any tree, and say how long they last") func sessions() {
    let loose = Replicated(writes: .atLeast(1)) {
      a; b
    }
    #expect(verdicts(ReadYourWrites { loose }) == [.yes, .no, .no, .no])
    #expect(verdicts(MonotonicReads { ReadYourWrites { loose } }) == [.yes, .yes, .no, .no])
    let strict = Quorum {
      a; b; c
    }
    #expect(ReadYourWrites { strict }.analysis.readYourWrites.restsOn == [.session])
    #expect(ReadYourWrites(journal: c) { a }.analysis.readYourWrites.restsOn == [.journal("c")])
    // Another client's copy may rank above, and be older, where two writes need not meet.
    #expect(ReadYourWrites { loose }.analysis.readYourWrites.restsOn == [.session, .clocks])
    // Not everything goes through this one.
    #expect(
      verdicts(
        FirstSuccess {
          ReadYourWrites { a }; b
        })[0] == .no)
  }

  @Test("What a session knows rests on clocks where what is asked before a write can miss what was acknowledged")
  func askedInVain() {
    let blind = Replicated(writes: .atLeast(2), reads: .race) {
      a; b; c; MemoryDriver("d")
    }
    #expect(ReadYourWrites { Quorum { blind } }.analysis.readYourWrites.restsOn == [.session, .clocks])
    #expect(
      ReadYourWrites {
        Migrating("m", state: MemoryDriver("state")) {
          blind
        } to: {
          MemoryDriver("e")
        }
      }.analysis.readYourWrites.restsOn == [.session, .clocks])
    #expect(
      ReadYourWrites {
        Quorum {
          Quorum(read: .all, write: 1) {
            a; b; c
          }
        }
      }.analysis.readYourWrites.restsOn == [.session])
  }

  @Test("A queue answers its own client with nothing older than what was acknowledged, and others with anything")
  func queue() {
    let tree = a.hintedHandoff(HandoffJournal(on: c)).analysis
    #expect(tree.readYourWrites.holds && tree.regular.verdict == .no && tree.regular.witness != nil)
  }

  @Test("A late old put does harm only where somebody reads") func lateWhereNobodyReads() {
    let archive = Faulty("archive", ordering: .none)
    let tree = Quorum(read: 1, write: .all) {
      a; archive.writeOnly()
    }.analysis
    #expect(tree.readYourWrites.holds && tree.regular.holds)
    #expect(
      FirstSuccess {
        a; archive
      }.analysis.regular.verdict == .no)
  }

  @Test("Of a node that hides what another one writes nothing is claimed, and composing warns of it") func hidden()
    throws
  {
    let crossed = Replicated(writes: .atLeast(1)) {
      Overlay {
        a
      } over: {
        b
      }
      Overlay {
        b
      } over: {
        a
      }
    }
    #expect(crossed.analysis.regular.verdict == .unknown && crossed.analysis.keepsWrites(losses: 0).verdict == .unknown)
    let reason = "b is written elsewhere in the tree, and Overlay hides what is there behind older copies above"
    #expect(try Strategy("s") { crossed }.warnings.contains { $0.reason == reason })
    #expect(
      Overlay {
        a
      } over: {
        b
      }.analysis.regular.holds)
  }

  @Test("One leaf that is written twice is not one copy that is written once") func twice() {
    let tree = Replicated(writes: .atLeast(1), remainder: .handoff(HandoffJournal(on: c))) {
      a; a
    }.analysis
    #expect(tree.atomic.verdict == .unknown && tree.monotonicReads.verdict == .unknown && tree.regular.holds)
    #expect(a.analysis.atomic.holds)
  }

  @Test("What reaches only leaves that nobody reads is not published") func unread() {
    let tree = Replicated {
      a.localOnly(); b.writeOnly()
    }.analysis
    #expect(tree.published.verdict == .no && tree.published.witness != nil)
    #expect(
      Replicated {
        a.localOnly(); b
      }.analysis.published.holds)
    // Nobody reads here at all: whoever does has a tree of its own.
    #expect(a.writeOnly().analysis.published.holds)
  }

  @Test("Local-only leaves make nothing regular for others") func localOnly() {
    let tree = Quorum {
      a.localOnly(); b; c
    }.analysis
    #expect(tree.readYourWrites.holds && tree.regular.verdict == .no && tree.regular.witness != nil)
  }

  @Test("Of a node that does not say which copy it takes, nothing is claimed") func unknown() {
    let outline = Outline(
      composite: "Unanimous", of: [a.outline, b.outline], access: Access(read: .all(2), write: .any(2)))
    #expect(Analysis(of: outline).regular.verdict == .unknown)
    var ranked = outline
    ranked.marks = .ranking
    #expect(Analysis(of: ranked).regular.holds)
  }

  @Test("An acknowledged write is kept as long as reads meet it") func durability() {
    let quorum = Quorum {
      a; b; c
    }.analysis
    #expect(quorum.keepsWrites(losses: 1).holds)
    #expect(quorum.keepsWrites(losses: 2).witness?.description == "{a, b} fail")
    #expect(quorum.guarantees.first { $0.name == "writes kept" }?.guarantee.failures == 1)
    let loose = Replicated(writes: .atLeast(1)) {
      a; b
    }.analysis
    #expect("\(loose.keepsWrites(losses: 0))".hasPrefix("no: a read can miss a write before anything is lost"))
    #expect(
      Replicated {
        a; b
      }.analysis.keepsWrites(losses: 1).holds)
  }

  @Test("What ends an operation is listed in full") func fatal() throws {
    #expect(
      try Quorum {
        a; b; c
      }.analysis.fatalSets(.writes) == [["a", "b"], ["a", "c"], ["b", "c"]])
    let tree = Replicated(writes: .atLeast(2)) {
      a.required(); b; c
    }.analysis
    #expect(try tree.fatalSets(.writes) == [["a"], ["b", "c"]])
    #expect(try tree.fatalSets(.reads) == [["a", "b", "c"]])
  }
}
