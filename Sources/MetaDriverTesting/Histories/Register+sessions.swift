import MetaDriver

extension Register {
  /// The violations of the four guarantees of a session, those that are asked for.
  ///
  /// Each operation of a session is held against two floors: the session's own acknowledged writes that had ended before
  /// it began, and what its reads had seen that had ended before it began.
  func sessionViolations(of guarantees: Set<Guarantee>, in history: History) -> [Violation] {
    let evidence = Evidence(self)
    var sessions: [Int: Session] = [:]
    for write in writes.indices.dropFirst() { sessions[writes[write].session, default: Session()].writes.append(write) }
    for read in reads.indices { sessions[reads[read].session, default: Session()].reads.append(read) }
    return sessions.sorted { $0.key < $1.key }.flatMap { _, session in
      session.violations(of: guarantees, self, evidence, in: history)
    }
  }
}

extension Register {
  /// When the first of the deletes that a read may have seen had ended.
  fileprivate func firstEnd(of read: Read) -> Int { read.candidates.map { writes[$0].end }.min() ?? .max }
}

/// Up to when each write is known to be current.
private struct Evidence {
  let isRegular: [Bool]
  /// For each write, the last regular read that has seen it, by its place among the reads.
  private(set) var lastRead: [Int?]

  init(_ register: Register) {
    isRegular = register.areRegular()
    lastRead = Array(repeating: nil, count: register.writes.count)
    for (index, read) in register.reads.enumerated() where isRegular[index] {
      if case .write(let write) = read.source { lastRead[write] = index }
    }
  }
}

/// The operations of one session, by their places among the writes and reads of the register.
private struct Session {
  var writes: [Int] = []
  var reads: [Int] = []

  func violations(
    of guarantees: Set<Guarantee>, _ register: Register, _ evidence: Evidence, in history: History
  ) -> [Violation] {
    var violations: [Violation] = []
    var floors = Floors(self, register, evidence)
    func deny(_ guarantee: Guarantee, _ operation: Int, _ seen: Int, _ newer: Floor.Entry?, _ what: () -> String) {
      guard let newer, guarantees.contains(guarantee) else { return }
      let witness = [operation, seen, newer.operation, register.writes[newer.write].operation, newer.proof ?? -1]
      let before = newer.name(register.writes[newer.write].operation == newer.operation, in: history)
      violations.append(
        register.violation(
          of: guarantee, by: witness, in: history, "\(history.operations[operation]) \(what()) \(before)"))
    }
    for index in reads {
      let read = register.reads[index]
      floors.advance(to: read.invoked)
      var seen = -1
      if case .write(let write) = read.source { seen = register.writes[write].operation }
      let what = { "found \(register.finding(of: read, in: history)), which is older than" }
      deny(.readYourWrites, read.operation, seen, register.newer(than: read, on: floors.written), what)
      deny(.monotonicReads, read.operation, seen, register.newer(than: read, on: floors.read), what)
    }
    floors = Floors(self, register, evidence)
    for index in writes where register.writes[index].isEffective {
      let write = register.writes[index]
      floors.advance(to: write.invoked)
      let what = { "ranks below" }
      deny(.monotonicWrites, write.operation, -1, register.above(index, on: floors.written), what)
      deny(.writesFollowReads, write.operation, -1, register.above(index, on: floors.read), what)
    }
    return violations
  }
}

extension Floor.Entry {
  /// Names what is newer, as the session knows it: as its own write, or as what it had found.
  fileprivate func name(_ isOwnWrite: Bool, in history: History) -> String {
    let known = "\(history.operations[operation])"
    return (isOwnWrite ? "the session's own earlier \(known)" : "what the session had found before, in \(known)")
      + (proof.flatMap { $0 == operation ? nil : ", as \(history.operations[$0]) shows" } ?? "")
  }
}

/// What a session has written and read up to a moment.
private struct Floors {
  private(set) var written: Floor
  private(set) var read: Floor
  private let register: Register
  private let evidence: Evidence
  private var writes: ArraySlice<Int>
  private var reads: ArraySlice<Int>

  init(_ session: Session, _ register: Register, _ evidence: Evidence) {
    self.register = register
    self.evidence = evidence
    writes =
      session.writes.filter { register.writes[$0].isDefinite }
      .sorted { register.writes[$0].end < register.writes[$1].end }[...]
    reads = session.reads.sorted { register.reads[$0].end < register.reads[$1].end }[...]
    written = Floor(of: writes.map { Floor.Member(id: $0, end: register.writes[$0].end) })
    var seen: Set<Int> = []
    read = Floor(
      of: session.reads.compactMap { index in
        switch register.reads[index].source {
        case .write(let write):
          seen.insert(write).inserted ? Floor.Member(id: write, end: register.writes[write].end) : nil
        case .nothing: Floor.Member(id: -1 - index, end: register.firstEnd(of: register.reads[index]))
        case .nowhere: nil
        }
      })
  }

  /// Takes in everything that had ended before a moment.
  mutating func advance(to moment: Int) {
    while let write = writes.first, register.writes[write].end < moment {
      Self.raise(&written, by: write, register.writes[write].operation, under: nil, register, evidence)
      writes.removeFirst()
    }
    while let index = reads.first, register.reads[index].end < moment {
      let seen = register.reads[index]
      switch seen.source {
      case .nowhere: break
      case .write(let write):
        Self.raise(&read, by: write, seen.operation, under: seen.stamp, register, evidence)
      case .nothing:
        if let stamp = seen.stamp { read.raise(nothingUnder: stamp, as: -1 - index, by: seen.operation) }
        // Whichever of the deletes it was, nothing was current when the read began.
        if evidence.isRegular[index] { read.raise(nothingAt: seen.invoked, by: seen.operation) }
      }
      reads.removeFirst()
    }
  }

  private static func raise(
    _ floor: inout Floor, by write: Int, _ operation: Int, under stamp: Stamp?, _ register: Register,
    _ evidence: Evidence
  ) {
    let known = register.writes[write]
    let proof = evidence.lastRead[write].map { register.reads[$0] }
    let isLater = proof.map { $0.invoked > known.invoked } ?? false
    floor.raise(
      Floor.Entry(write: write, operation: operation, proof: isLater ? proof?.operation : nil),
      invoked: known.invoked, current: isLater ? proof?.invoked ?? known.invoked : known.invoked,
      stamp: stamp ?? known.rank, isPut: known.isPut)
  }
}
