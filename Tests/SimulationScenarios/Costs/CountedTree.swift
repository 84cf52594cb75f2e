import MetaDriver
import MetaDriverTesting

/// Trees whose requests are counted: every kind of quorum, and what else ranks copies.
package enum CountedTree: String, CaseIterable, Sendable {
  case quorum, manyWriters, oneWriter, atomic, atomicOneWriter, digestFirst, blockingRepair, weighted
  case oneCopy, oneCopyOneWriter, sloppy, sloppyAtomic
  case blind, blindOneWriter, blindAtomic
  case nested, nestedAtomic, nestedBlind
  case handoff, hinted, partlyLocal, partlyLocalAtomic
  case newest, sessionOverReplicas, sessionOverQuorum

  /// The tree as it is written; `a`, `b` and so on are stores that compare stamps, `x`, `y` and `z` stores that do not.
  package var text: String {
    switch self {
    case .quorum: "Quorum { a; b; c }"
    case .manyWriters: "Quorum(writers: .many) { a; b; c }"
    case .oneWriter: "Quorum(writers: .one) { a; b; c }"
    case .atomic: "Quorum(reads: .atomic) { a; b; c }"
    case .atomicOneWriter: "Quorum(reads: .atomic, writers: .one) { a; b; c }"
    case .digestFirst: "Quorum(reads: .digestFirst) { a; b; c }"
    case .blockingRepair: "Quorum(repair: .blocking) { a; b; c }"
    case .weighted: "Quorum(read: 2, write: 3, weighted: true) { a; a; b; c }"
    case .oneCopy: "Quorum(read: 3, write: 1) { a; b; c }"
    case .oneCopyOneWriter: "Quorum(read: 3, write: 1, writers: .one) { a; b; c }"
    case .sloppy: "Quorum(read: 1, write: 1, sloppy: true) { a; b; c }"
    case .sloppyAtomic: "Quorum(read: 1, write: 1, reads: .atomic, sloppy: true) { a; b; c }"
    case .blind: "Quorum { x; y; z }"
    case .blindOneWriter: "Quorum(writers: .one) { x; y; z }"
    case .blindAtomic: "Quorum(reads: .atomic) { x; y; z }"
    case .nested: "Quorum { Quorum { a; b; c }; d; e }"
    case .nestedAtomic: "Quorum { Quorum(reads: .atomic) { a; b; c }; d; e }"
    case .nestedBlind: "Quorum { Quorum { x; y; z }; d; e }"
    case .handoff: "Quorum(remainder: .handoff(journal)) { a; b; c }"
    case .hinted:
      "Quorum(read: 1, write: 1, sloppy: true) { a.hintedHandoff(journal); b.hintedHandoff(journal); c }"
    case .partlyLocal: "Quorum { disk.localOnly(); a; b }"
    case .partlyLocalAtomic: "Quorum(reads: .atomic) { disk.localOnly(); a; b }"
    case .newest: "Replicated(writes: .atLeast(2), reads: .newest) { a; b; c }"
    case .sessionOverReplicas: "ReadYourWrites { Replicated { a; b; c } }"
    case .sessionOverQuorum: "ReadYourWrites { Quorum { a; b; c } }"
    }
  }

  /// The tree of one process, whose requests are counted. Its disk and its journal are its own.
  func driver(_ process: Simulation.Process, _ counter: CountedStore.Counter) -> any Driver {
    func store(_ name: String) -> CountedStore { CountedStore(base: process.leaf(name), counter: counter) }
    let (a, b, c) = (store("a"), store("b"), store("c"))
    let abc: [any Driver] = [a, b, c]
    let (xyz, de): ([any Driver], [any Driver]) = (["x", "y", "z"].map(store), ["d", "e"].map(store))
    let local: [any Driver] = [store("disk of \(process.name)").localOnly(), a, b]
    let journal = HandoffJournal(on: process.leaf("journal of \(process.name)"))
    let hinted: [any Driver] = [a.hintedHandoff(journal), b.hintedHandoff(journal), c]
    return switch self {
    case .quorum: Quorum { abc }
    case .manyWriters: Quorum(writers: .many) { abc }
    case .oneWriter: Quorum(writers: .one) { abc }
    case .atomic: Quorum(reads: .atomic) { abc }
    case .atomicOneWriter: Quorum(reads: .atomic, writers: .one) { abc }
    case .digestFirst: Quorum(reads: .digestFirst) { abc }
    case .blockingRepair: Quorum(repair: .blocking) { abc }
    case .weighted: Quorum(read: 2, write: 3, weighted: true) { [a] + abc }
    case .oneCopy: Quorum(read: 3, write: 1) { abc }
    case .oneCopyOneWriter: Quorum(read: 3, write: 1, writers: .one) { abc }
    case .sloppy: Quorum(read: 1, write: 1, sloppy: true) { abc }
    case .sloppyAtomic: Quorum(read: 1, write: 1, reads: .atomic, sloppy: true) { abc }
    case .blind: Quorum { xyz }
    case .blindOneWriter: Quorum(writers: .one) { xyz }
    case .blindAtomic: Quorum(reads: .atomic) { xyz }
    case .nested: Quorum { [Quorum { abc }] + de }
    case .nestedAtomic: Quorum { [Quorum(reads: .atomic) { abc }] + de }
    case .nestedBlind: Quorum { [Quorum { xyz }] + de }
    case .handoff: Quorum(remainder: .handoff(journal)) { abc }
    case .hinted: Quorum(read: 1, write: 1, sloppy: true) { hinted }
    case .partlyLocal: Quorum { local }
    case .partlyLocalAtomic: Quorum(reads: .atomic) { local }
    case .newest: Replicated(writes: .atLeast(2), reads: .newest) { abc }
    case .sessionOverReplicas: ReadYourWrites { Replicated { abc } }
    case .sessionOverQuorum: ReadYourWrites { Quorum { abc } }
    }
  }

  /// The first store that it has.
  var firstStore: String {
    switch self {
    case .blind, .blindOneWriter, .blindAtomic, .nestedBlind: "x"
    default: "a"
    }
  }
}
