import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting
import Testing

/// Plans of every node of the package, word for word.
@Suite struct PlanTests {
  private let a = Scripted("a", ordering: .newestWins)
  private let b = Scripted("b", ordering: .newestWins, capabilities: [.get, .put, .delete, .list])
  private let c = Scripted("c", ordering: .fifo, capabilities: [.get, .put, .delete])
  private let d = Scripted("d")
  private let readable = Scripted("readable", capabilities: [.get])
  private let queue = HandoffJournal(on: MemoryDriver("queue"))

  private func check(
    _ tree: any Driver, kind: Key.Kind = .mutable, options: CallOptions = CallOptions(),
    _ expected: KeyValuePairs<Plan.Operation, String>, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let strategy = try Strategy("s", visibility: .privateData) { tree }
    for (operation, text) in expected {
      let plan = strategy.explain(operation, kind: kind, options: options)
      #expect("\(plan)" == text, sourceLocation: sourceLocation)
    }
  }

  @Test("Quorum") func quorum() throws {
    try check(
      Quorum(read: 2, write: 2) {
        a; b.timeout(.seconds(2)); c
      },
      [
        .get: """
        get of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  asks 3 at once
        │  waits for 2 of 3, and gives the newest copy
        │  brings those that lag up to date, in the background
        ├─ Scripted "a"
        ├─ Timeout (2.0 seconds)
        │  │  fails after 2 s
        │  └─ Scripted "b"
        └─ Scripted "c"
        """,
        .put: """
        put of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  first reads: waits for 2 of 3
        │  stamps the record
        │  puts to 3 at once
        │  holds with 2 of 3
        │  the others go on in the background
        ├─ Scripted "a": keeps the newest by its stamp
        ├─ Timeout (2.0 seconds)
        │  │  fails after 2 s: what is under way then goes on
        │  └─ Scripted "b": keeps the newest by its stamp
        └─ Scripted "c": writes of one key take turns
        """,
        .compareAndPut: """
        conditional put of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  refuses: it has no compare-and-put: no child decides for the others, so of two conditional writes both could lose, or the wrong one win
        ├─ Scripted "a"
        ├─ Timeout (2.0 seconds)
        │  └─ Scripted "b"
        └─ Scripted "c"
        """,
        .delete: """
        delete of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  first reads: waits for 2 of 3
        │  makes a tombstone and stamps it
        │  puts the tombstone to 3 at once
        │  holds with 2 of 3
        │  the others go on in the background
        ├─ Scripted "a": keeps the newest by its stamp
        ├─ Timeout (2.0 seconds)
        │  │  fails after 2 s: what is under way then goes on
        │  └─ Scripted "b": keeps the newest by its stamp
        └─ Scripted "c": writes of one key take turns
        """,
        .list: """
        list of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  asks 2 at once
        │  merges their pages
        │  the page is complete once 2 of 3 have listed in full
        ├─ Scripted "a"
        ├─ Timeout (2.0 seconds)
        │  │  fails after 2 s
        │  └─ Scripted "b"
        └─ Scripted "c": not asked, it has no list
        """,
      ])
  }

  @Test("Quorum, atomic, with many writers") func quorumAtomicWithManyWriters() throws {
    try check(
      Quorum(read: 2, write: 3, reads: .atomic, writers: .many, repair: .blocking, remainder: .await) {
        a.required(); b; c; d
      },
      [
        .get: """
        get of mutable data in s
        Quorum (read: 2 of 4, write: 3 of 4, reads: atomic, repair: blocking, remainder: await)
        │  asks 4 at once
        │  waits for 2 of 4, and gives the newest copy
        │  puts it back before it answers, until as many hold it as a write needs
        │  brings those that lag up to date before it answers
        ├─ Required
        │  └─ Scripted "a"
        ├─ Scripted "b"
        ├─ Scripted "c"
        └─ Scripted "d"
        """,
        .put: """
        put of mutable data in s
        Quorum (read: 2 of 4, write: 3 of 4, reads: atomic, repair: blocking, remainder: await)
        │  first reads: waits for 2 of 4
        │  stamps the record
        │  puts to 4 at once
        │  waits for all, and holds with a and 3 of 4
        ├─ Required
        │  └─ Scripted "a": keeps the newest by its stamp
        ├─ Scripted "b": keeps the newest by its stamp
        ├─ Scripted "c": writes of one key take turns
        └─ Scripted "d": writes of one key may overtake each other
        """,
      ])
  }

  @Test("Quorum, weighted") func quorumWeighted() throws {
    try check(
      Quorum(read: 2, write: 3, reads: .digestFirst, weighted: true) {
        a; a; MemoryDriver("m"); MemoryDriver("n")
      },
      [
        .get: """
        get of mutable data in s
        Quorum (read: 2 of 4, write: 3 of 4, votes: 2 for a, 1 for m, 1 for n, reads: digest first)
        │  asks the first for its copy, the others for their stamps, at once
        │  waits for 2 of 4 votes, and gives the newest copy
        │  brings those that lag up to date, in the background
        ├─ Scripted "a"
        ├─ MemoryDriver "m"
        └─ MemoryDriver "n"
        """,
        .put: """
        put of mutable data in s
        Quorum (read: 2 of 4, write: 3 of 4, votes: 2 for a, 1 for m, 1 for n, reads: digest first)
        │  stamps the record
        │  puts to 3 at once
        │  holds with 3 of 4 votes
        │  the others go on in the background
        ├─ Scripted "a": keeps the newest by its stamp
        ├─ MemoryDriver "m": keeps the newest by its stamp
        └─ MemoryDriver "n": keeps the newest by its stamp
        """,
      ])
  }

  @Test("Replicated") func replicated() throws {
    try check(
      Replicated {
        a.required(); b; c
      },
      [
        .get: """
        get of mutable data in s
        Replicated (writes: all, reads: ordered)
        │  asks one after the other
        │  gives the first copy; goes on after an error or a miss
        ├─ Required: turn 1
        │  └─ Scripted "a"
        ├─ Scripted "b": turn 2
        └─ Scripted "c": turn 3
        """,
        .put: """
        put of mutable data in s
        Replicated (writes: all, reads: ordered)
        │  puts to 3 at once
        │  holds with all 3
        ├─ Required
        │  └─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c": writes of one key take turns
        """,
        .delete: """
        delete of mutable data in s
        Replicated (writes: all, reads: ordered)
        │  deletes at 3 at once
        │  holds with all 3, or a copy that is left would come back
        ├─ Required
        │  └─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c": writes of one key take turns
        """,
        .list: """
        list of mutable data in s
        Replicated (writes: all, reads: ordered)
        │  asks 2 at once
        │  merges their pages
        │  the page is incomplete: c may hold keys that nobody lists
        ├─ Required
        │  └─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c": not asked, it has no list
        """,
      ])
  }

  @Test("Replicated, with a child that is only read") func replicatedWithAChildThatIsOnlyRead() throws {
    try check(
      Replicated(writes: .atLeast(2)) {
        a; b; readable
      },
      [
        .get: """
        get of mutable data in s
        Replicated (writes: at least 2, reads: ordered)
        │  asks one after the other
        │  gives the first copy; goes on after an error or a miss
        ├─ Scripted "a": turn 1
        ├─ Scripted "b": turn 2
        └─ Scripted "readable": turn 3
        """,
        .put: """
        put of mutable data in s
        Replicated (writes: at least 2, reads: ordered)
        │  puts to 2 at once
        │  holds with 2 of 3
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "readable": not asked, it has no put
        """,
        .delete: """
        delete of mutable data in s
        Replicated (writes: at least 2, reads: ordered)
        │  refuses: it has no delete, because readable has none
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "readable"
        """,
        .list: """
        list of mutable data in s
        Replicated (writes: at least 2, reads: ordered)
        │  asks 2 at once
        │  merges their pages
        │  the page is incomplete: readable may hold keys that nobody lists
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "readable": not asked, it has no list
        """,
      ])
  }

  @Test("Replicated, in turn") func replicatedInTurn() throws {
    try check(
      Replicated(writes: .atLeast(2), reads: .localFirst, remainder: .cancel, order: .sequential) {
        a.required(); b; c.localOnly()
      },
      [
        .get: """
        get of mutable data in s
        Replicated (writes: at least 2, reads: local first, remainder: cancel, in turn)
        │  asks one after the other
        │  gives the first copy; goes on after an error or a miss
        ├─ Required: turn 2
        │  └─ Scripted "a"
        ├─ Scripted "b": turn 3
        └─ LocalOnly: turn 1
           └─ Scripted "c"
        """,
        .put: """
        put of mutable data in s
        Replicated (writes: at least 2, reads: local first, remainder: cancel, in turn)
        │  puts to one after the other
        │  waits for all, and holds with a and 2 of 3
        ├─ Required: turn 1
        │  └─ Scripted "a"
        ├─ Scripted "b": turn 2
        └─ LocalOnly: turn 3
           └─ Scripted "c": writes of one key take turns
        """,
        .delete: """
        delete of mutable data in s
        Replicated (writes: at least 2, reads: local first, remainder: cancel, in turn)
        │  deletes at one after the other
        │  holds with all 3, or a copy that is left would come back
        ├─ Required: turn 1
        │  └─ Scripted "a"
        ├─ Scripted "b": turn 2
        └─ LocalOnly: turn 3
           └─ Scripted "c": writes of one key take turns
        """,
      ])
  }

  @Test("Replicated, the newest") func replicatedTheNewest() throws {
    try check(
      Replicated(writes: .atLeast(2), reads: .newest, repair: .off, remainder: .handoff(queue)) {
        a; b; c
      },
      [
        .get: """
        get of mutable data in s
        Replicated (writes: at least 2, reads: newest, repair: off, remainder: handoff to queue)
        │  asks 3 at once
        │  waits for all, of which 2 of 3 must answer, and gives the newest copy
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c"
        """,
        .put: """
        put of mutable data in s
        Replicated (writes: at least 2, reads: newest, repair: off, remainder: handoff to queue)
        │  first reads: waits for 2 of 3
        │  stamps the record
        │  puts to 3 at once
        │  holds with 2 of 3
        │  queues in queue what the others do not take
        ├─ Scripted "a": keeps the newest by its stamp
        ├─ Scripted "b": keeps the newest by its stamp
        └─ Scripted "c": writes of one key take turns
        """,
        .delete: """
        delete of mutable data in s
        Replicated (writes: at least 2, reads: newest, repair: off, remainder: handoff to queue)
        │  first reads: waits for 2 of 3
        │  makes a tombstone and stamps it
        │  puts the tombstone to 3 at once
        │  holds with 2 of 3
        │  queues in queue what the others do not take
        ├─ Scripted "a": keeps the newest by its stamp
        ├─ Scripted "b": keeps the newest by its stamp
        └─ Scripted "c": writes of one key take turns
        """,
      ])
  }

  @Test("Replicated, racing") func replicatedRacing() throws {
    try check(
      Replicated(writes: .atLeast(2), reads: .race, remainder: .cancel) {
        a; b.localOnly().required(); c
      },
      [
        .get: """
        get of mutable data in s
        Replicated (writes: at least 2, reads: race, remainder: cancel)
        │  asks 3 at once
        │  gives the first copy, and cancels the others
        ├─ Scripted "a"
        ├─ Required
        │  └─ LocalOnly
        │     └─ Scripted "b"
        └─ Scripted "c"
        """,
        .put: """
        put of mutable data in s
        Replicated (writes: at least 2, reads: race, remainder: cancel)
        │  puts to 3 at once
        │  holds with b and 2 of 3
        │  the others are cancelled
        ├─ Scripted "a"
        ├─ Required
        │  └─ LocalOnly
        │     └─ Scripted "b"
        └─ Scripted "c": writes of one key take turns
        """,
      ])
  }

  @Test("FirstSuccess") func firstSuccess() throws {
    try check(
      FirstSuccess(onMiss: .stop) {
        readable; a; b
      },
      [
        .get: """
        get of mutable data in s
        FirstSuccess (on miss: stop)
        │  asks one after the other
        │  gives the first copy; goes on after an error, and not after a miss
        ├─ Scripted "readable": turn 1
        ├─ Scripted "a": turn 2
        └─ Scripted "b": turn 3
        """,
        .put: """
        put of mutable data in s
        FirstSuccess (on miss: stop)
        │  puts to one after the other
        │  holds with the first that accepts; goes on after an error
        ├─ Scripted "readable": not asked, it has no put
        ├─ Scripted "a": first
        └─ Scripted "b": then
        """,
        .delete: """
        delete of mutable data in s
        FirstSuccess (on miss: stop)
        │  refuses: it has no delete, because readable has none
        ├─ Scripted "readable"
        ├─ Scripted "a"
        └─ Scripted "b"
        """,
      ])
  }

  @Test("ByKind") func byKind() throws {
    try check(
      ByKind {
        a
      } immutable: {
        Verified { b }
      },
      [
        .get: """
        get of mutable data in s
        ByKind (mutable, immutable)
        ├─ Scripted "a"
        └─ Verified: not asked, it is for immutable data
           └─ Scripted "b"
        """,
        .put: """
        put of mutable data in s
        ByKind (mutable, immutable)
        ├─ Scripted "a"
        └─ Verified: not asked, it is for immutable data
           └─ Scripted "b"
        """,
        .delete: """
        delete of mutable data in s
        ByKind (mutable, immutable)
        ├─ Scripted "a"
        └─ Verified: not asked, it is for immutable data
           └─ Scripted "b"
        """,
        .list: """
        list of mutable data in s
        ByKind (mutable, immutable)
        ├─ Scripted "a"
        └─ Verified: not asked, it is for immutable data
           └─ Scripted "b"
        """,
      ])
  }

  @Test("ByKind, immutable") func byKindImmutable() throws {
    try check(
      ByKind {
        a
      } immutable: {
        Verified { b }
      }, kind: .immutable,
      [
        .get: """
        get of immutable data in s
          checks the answer against the hash once more
        ByKind (mutable, immutable)
        ├─ Scripted "a": not asked, it is for mutable data
        └─ Verified
           │  fails where the copy does not match its hash
           └─ Scripted "b"
        """,
        .put: """
        put of immutable data in s
        ByKind (mutable, immutable)
        ├─ Scripted "a": not asked, it is for mutable data
        └─ Verified
           │  checks the hash first
           └─ Scripted "b"
        """,
      ])
  }

  @Test("Overlay") func overlay() throws {
    try check(
      Overlay {
        d
      } over: {
        MemoryDriver("below")
      },
      [
        .get: """
        get of mutable data in s
        Overlay (upper, lower)
        │  gives the upper copy, or tombstone; asks below where there is none
        ├─ Scripted "d": first
        └─ MemoryDriver "below": where nothing is above
        """,
        .put: """
        put of mutable data in s
        Overlay (upper, lower)
        │  stamps the record
        ├─ Scripted "d": writes of one key may overtake each other
        └─ MemoryDriver "below": not asked, it is never written
        """,
        .delete: """
        delete of mutable data in s
        Overlay (upper, lower)
        │  looks whether there is anything to delete
        │  makes a tombstone and stamps it
        ├─ Scripted "d": read first, then written; writes of one key may overtake each other
        └─ MemoryDriver "below": read where nothing is above, never written
        """,
        .compareAndPut: """
        conditional put of mutable data in s
        Overlay (upper, lower)
        │  reads above, and below where there is nothing
        │  copies up what it finds below
        │  stamps the record
        ├─ Scripted "d": read first, then written; writes of one key may overtake each other
        └─ MemoryDriver "below": read where nothing is above, never written
        """,
        .list: """
        list of mutable data in s
        Overlay (upper, lower)
        │  merges both pages: what is above hides what is below
        ├─ Scripted "d": first
        └─ MemoryDriver "below": then
        """,
      ])
  }

  @Test("Migrating") func migrating() throws {
    try check(
      Migrating("m", state: MemoryDriver("state")) {
        d
      } to: {
        MemoryDriver("m")
      },
      [
        .get: """
        get of mutable data in s
        Migrating ("m", from, to, state: state)
        │  asks the side that reads use in this phase, which the state tells
        ├─ Scripted "d": until reads are switched
        └─ MemoryDriver "m": once reads are switched
        """,
        .put: """
        put of mutable data in s
        Migrating ("m", from, to, state: state)
        │  stamps the record
        │  writes both sides while data moves, the one that reads use last; the state tells the phase
        ├─ Scripted "d": until the old side is retired; writes of one key may overtake each other
        └─ MemoryDriver "m": once the migration has begun; keeps the newest by its stamp
        """,
      ])
  }

  @Test("Sessions") func sessions() throws {
    try check(
      ReadYourWrites(journal: MemoryDriver("j"), onStale: .wait(atMost: .seconds(1), every: .milliseconds(10))) {
        MonotonicReads {
          Quorum(read: 1, write: 2) {
            a; b
          }
        }
      },
      [
        .get: """
        get of mutable data in s
        ReadYourWrites (on stale: wait at most 1.0 seconds, journal: j)
        │  where the copy is older than what this session has written, asks again, and waits at most 1.0 seconds
        └─ MonotonicReads (on stale: widen)
           │  where the copy is older than what this session has read or written, asks every child below
           └─ Quorum (read: 1 of 2, write: 2 of 2)
              │  asks 2 at once
              │  waits for 1 of 2, and gives the newest copy
              │  brings those that lag up to date, in the background
              ├─ Scripted "a"
              └─ Scripted "b"
        """,
        .put: """
        put of mutable data in s
        ReadYourWrites (on stale: wait at most 1.0 seconds, journal: j)
        │  leaves the stamp to the nodes below
        │  remembers the write on j, once it is acknowledged
        └─ MonotonicReads (on stale: widen)
           │  leaves the stamp to the nodes below
           │  remembers the write, once it is acknowledged
           └─ Quorum (read: 1 of 2, write: 2 of 2)
              │  stamps the record
              │  puts to 2 at once
              │  holds with both
              ├─ Scripted "a": keeps the newest by its stamp
              └─ Scripted "b": keeps the newest by its stamp
        """,
        .delete: """
        delete of mutable data in s
        ReadYourWrites (on stale: wait at most 1.0 seconds, journal: j)
        │  makes a tombstone, to be stamped below
        │  remembers the write on j, once it is acknowledged
        └─ MonotonicReads (on stale: widen)
           │  leaves the stamp to the nodes below
           │  remembers the write, once it is acknowledged
           └─ Quorum (read: 1 of 2, write: 2 of 2)
              │  stamps the record
              │  puts the tombstone to 2 at once
              │  holds with both
              ├─ Scripted "a": keeps the newest by its stamp
              └─ Scripted "b": keeps the newest by its stamp
        """,
        .list: """
        list of mutable data in s
        ReadYourWrites (on stale: wait at most 1.0 seconds, journal: j)
        │  adds what the session has written
        └─ MonotonicReads (on stale: widen)
           │  adds what the session has written
           └─ Quorum (read: 1 of 2, write: 2 of 2)
              │  asks 2 at once
              │  merges their pages
              │  the page is complete once 1 of 2 have listed in full
              ├─ Scripted "a"
              └─ Scripted "b"
        """,
      ])
  }

  @Test("A session that takes old copies") func aSessionThatTakesOldCopies() throws {
    try check(
      ReadYourWrites { d }, options: CallOptions(acceptsStale: true),
      [
        .get: """
        get of mutable data in s
        ReadYourWrites
        │  takes a copy older than what this session has written, as the caller accepts that
        └─ Scripted "d"
        """,
        .compareAndPut: """
        conditional put of mutable data in s
        ReadYourWrites
        │  first reads
        │  stamps the record
        │  remembers the write, once it is acknowledged
        └─ Scripted "d": writes of one key may overtake each other
        """,
      ])
  }

  @Test("HintedHandoff and time limits") func hintedHandoffAndTimeLimits() throws {
    try check(
      HintedHandoff(queue) { a.timeout(.seconds(5)).timeout(.seconds(2)).localOnly() },
      options: CallOptions(timeout: .seconds(10)),
      [
        .get: """
        get of mutable data in s
          answers within 10 s
        HintedHandoff (journal: queue)
        │  looks for a queued write in queue, and gives the newer copy
        └─ LocalOnly
           └─ Timeout (2.0 seconds)
              │  fails after 2 s
              └─ Timeout (5.0 seconds)
                 │  its 5 s never pass: what is above answers within 2 s
                 └─ Scripted "a"
        """,
        .put: """
        put of mutable data in s
          answers within 10 s: what is under way then goes on
        HintedHandoff (journal: queue)
        │  stamps the record
        │  queues in queue what the child does not take
        └─ LocalOnly
           └─ Timeout (2.0 seconds)
              │  fails after 2 s: what is under way then goes on
              └─ Timeout (5.0 seconds)
                 │  its 5 s never pass: what is above answers within 2 s
                 └─ Scripted "a": keeps the newest by its stamp
        """,
        .delete: """
        delete of mutable data in s
          answers within 10 s: what is under way then goes on
        HintedHandoff (journal: queue)
        │  makes a tombstone and stamps it
        │  queues in queue what the child does not take
        └─ LocalOnly
           └─ Timeout (2.0 seconds)
              │  fails after 2 s: what is under way then goes on
              └─ Timeout (5.0 seconds)
                 │  its 5 s never pass: what is above answers within 2 s
                 └─ Scripted "a": keeps the newest by its stamp
        """,
        .list: """
        list of mutable data in s
          answers within 10 s
        HintedHandoff (journal: queue)
        │  adds what is queued in queue
        └─ LocalOnly
           └─ Timeout (2.0 seconds)
              │  fails after 2 s
              └─ Timeout (5.0 seconds)
                 │  its 5 s never pass: what is above answers within 2 s
                 └─ Scripted "a"
        """,
      ])
  }

  @Test("A call with less time than the tree") func aCallWithLessTimeThanTheTree() throws {
    try check(
      a.timeout(.seconds(5)).readOnly(), options: CallOptions(timeout: .seconds(1)),
      [
        .get: """
        get of mutable data in s
          answers within 1 s
        ReadOnly
        └─ Timeout (5.0 seconds)
           │  its 5 s never pass: what is above answers within 1 s
           └─ Scripted "a"
        """,
        .put: """
        put of mutable data in s
          answers within 1 s: what is under way then goes on
        ReadOnly
        │  refuses: it has no put
        └─ Timeout (5.0 seconds)
           └─ Scripted "a"
        """,
      ])
  }

  @Test("Drivers left out") func driversLeftOut() throws {
    try check(
      Quorum(read: 2, write: 2) {
        a; b; c
      }, options: CallOptions(omitting: ["b"]),
      [
        .get: """
        get of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  asks 2 at once
        │  waits for 2 of 3, and gives the newest copy
        │  brings those that lag up to date, in the background
        ├─ Scripted "a"
        ├─ Scripted "b": not asked, the caller left it out
        └─ Scripted "c"
        """,
        .put: """
        put of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  first reads: waits for 2 of 3
        │  stamps the record
        │  puts to 2 at once
        │  holds with 2 of 3
        ├─ Scripted "a": keeps the newest by its stamp
        ├─ Scripted "b": not asked, the caller left it out
        └─ Scripted "c": writes of one key take turns
        """,
      ])
  }

  @Test("Too many drivers left out") func tooManyDriversLeftOut() throws {
    try check(
      Quorum(read: 2, write: 2) {
        a; b; c
      }, options: CallOptions(omitting: ["b", "c"]),
      [
        .get: """
        get of mutable data in s
        Quorum (read: 2 of 3, write: 2 of 3)
        │  cannot succeed: it needs 2 of 3
        ├─ Scripted "a"
        ├─ Scripted "b": not asked, the caller left it out
        └─ Scripted "c": not asked, the caller left it out
        """,
        .put: """
        put of mutable data in s
          is refused: put cannot hold at Quorum without b, c
        Quorum (read: 2 of 3, write: 2 of 3)
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c"
        """,
      ])
  }

  @Test("An unknown driver left out") func anUnknownDriverLeftOut() throws {
    try check(
      Quorum(read: 2, write: 2) {
        a; b; c
      }, options: CallOptions(omitting: ["x"]),
      [
        .get: """
        get of mutable data in s
          is refused: the call leaves out x, and no driver in the tree is called so; there are a, b, c
        Quorum (read: 2 of 3, write: 2 of 3)
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c"
        """
      ])
  }

  @Test("A delete that must reach a driver left out") func aDeleteThatMustReachADriverLeftOut() throws {
    try check(
      Replicated(writes: .atLeast(2)) {
        a; b; c
      }, options: CallOptions(omitting: ["b"]),
      [
        .delete: """
        delete of mutable data in s
          is refused: delete cannot hold at Replicated without b
        Replicated (writes: at least 2, reads: ordered)
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c"
        """
      ])
  }

  @Test("Signatures") func signatures() throws {
    try check(
      Verified(verifier: { _, _, _ in true }, deletions: { _, _, _ in true }) { a },
      [
        .get: """
        get of mutable data in s
        Verified (hashes, signatures and deletions)
        │  fails where the copy does not match its signature
        └─ Scripted "a"
        """,
        .put: """
        put of mutable data in s
        Verified (hashes, signatures and deletions)
        │  checks the signature first
        └─ Scripted "a"
        """,
        .delete: """
        delete of mutable data in s
        Verified (hashes, signatures and deletions)
        │  checks the proof of the deletion first
        └─ Scripted "a"
        """,
      ])
  }

  @Test("WriteOnly") func writeOnly() throws {
    try check(
      Replicated(writes: .atLeast(1)) {
        a; b.writeOnly()
      },
      [
        .get: """
        get of mutable data in s
        Replicated (writes: at least 1, reads: ordered)
        ├─ Scripted "a"
        └─ WriteOnly: not asked, it has no get
           └─ Scripted "b"
        """,
        .put: """
        put of mutable data in s
        Replicated (writes: at least 1, reads: ordered)
        │  puts to 2 at once
        │  holds with 1 of 2
        │  the others go on in the background
        ├─ Scripted "a"
        └─ WriteOnly
           └─ Scripted "b"
        """,
        .delete: """
        delete of mutable data in s
        Replicated (writes: at least 1, reads: ordered)
        │  deletes at 2 at once
        │  holds with both, or a copy that is left would come back
        ├─ Scripted "a"
        └─ WriteOnly
           └─ Scripted "b"
        """,
      ])
  }

  @Test("A node of one's own") func aNodeOfOnesOwn() throws {
    try check(
      Hedging(children: [a, b, c]),
      [
        .get: """
        get of mutable data in s
        Hedging
        │  asks one, and after every 20 ms one more
        │  gives the first copy, and cancels the others
        ├─ Scripted "a": at once
        ├─ Scripted "b": after 20 ms
        └─ Scripted "c": after 40 ms
        """,
        .put: """
        put of mutable data in s
        Hedging
        │  first reads: waits for 1 of 3
        │  puts to 3 at once
        │  holds with a and 1 of 2
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c": writes of one key take turns
        """,
        .delete: """
        delete of mutable data in s
        Hedging
        │  deletes at 3 at once
        │  holds with all 3, or a copy that is left would come back
        ├─ Scripted "a"
        ├─ Scripted "b"
        └─ Scripted "c": writes of one key take turns
        """,
      ])
  }
}

/// A node of an author's own, known by its outline alone.
struct Hedging: Driver {
  var children: [any Driver]

  var outline: Outline {
    var access = Access(
      read: .any(children.count), write: .all([.child(0), .any([.child(1), .child(2)])]),
      readCourse: .hedged(after: .milliseconds(20)))
    access.readsBeforeWriting = true
    return Outline(composite: "Hedging", of: children.map(\.outline), access: access)
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await context.get(key, from: children[0])
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await context.put(record, at: key, to: children[0])
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await context.delete(key, proof: proof, from: children[0])
  }
}
