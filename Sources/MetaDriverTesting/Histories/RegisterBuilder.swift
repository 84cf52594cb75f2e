import MetaDriver

/// Makes the register of one key: finds the write of each read, and refuses what makes no sense.
struct RegisterBuilder {
  private let history: History
  private var register: Register
  private var writeOfValue: [Int: Int] = [:]
  /// The puts that had no effect, by their place in the history.
  private var failed: [Int: Int] = [:]
  private var hasStamps = false
  private var hasUnstampedDelete = false

  /// - Parameters:
  ///   - key: The datum.
  ///   - places: Its operations, by their place in the history, sorted by their invocation.
  static func register(of key: Key, _ places: [Int], in history: History) throws(HistoryError) -> Register {
    var builder = RegisterBuilder(key, history)
    for place in places { try builder.addWrite(place) }
    for place in places { builder.addRead(place) }
    if builder.hasStamps { builder.followStamps() }
    builder.finish()
    return builder.register
  }

  private init(_ key: Key, _ history: History) {
    self.history = history
    register = Register(key: key)
  }

  private mutating func addWrite(_ place: Int) throws(HistoryError) {
    let operation = history.operations[place]
    if operation.stamp != nil { hasStamps = true }
    var end = Int.max
    if case .ok(let moment) = operation.outcome { end = moment }
    switch operation.kind {
    case .get: return
    case .put(let value):
      if let first = writeOfValue[value].map({ register.writes[$0].operation }) ?? failed[value] {
        let other = history.operations[first]
        throw HistoryError(
          operation, at: place,
          "it puts \(value) at \(operation.key), and so does operation \(other.id): every put of a key has a value of its own"
        )
      }
      guard operation.outcome != .failed else { return failed[value] = place }
      writeOfValue[value] = register.writes.count
    case .delete:
      guard operation.outcome != .failed else { return }
      if operation.stamp == nil { hasUnstampedDelete = true }
    }
    register.writes.append(
      Register.Write(
        operation: place, session: operation.session, invoked: operation.invoked, end: end, stamp: operation.stamp,
        isPut: operation.kind != .delete))
  }

  private mutating func addRead(_ place: Int) {
    let operation = history.operations[place]
    guard case .get(let value) = operation.kind else { return }
    guard case .ok(let end) = operation.outcome else {
      if operation.audit != nil { register.failedAudits.append(place) }
      return
    }
    var read = Register.Read(
      operation: place, session: operation.session, invoked: operation.invoked, end: end, source: .nothing)
    if let value {
      if let write = writeOfValue[value] {
        read.source = .write(write)
      } else {
        read.source = .nowhere
        let put = failed[value]
        read.problem = Register.Problem(
          witness: put.map { [$0, place] } ?? [place],
          reason: "\(operation) found \(value), "
            + (put.map { "but \(history.operations[$0]) certainly had no effect" } ?? "which nobody wrote"))
      }
    }
    register.reads.append(read)
  }

  /// Lets stamps say which delete a read of nothing has seen, and whether a read's stamp is that of its write.
  private mutating func followStamps() {
    var writesOfStamp: [Stamp: [Int]] = [:]
    // What a read found tells the stamp of a write that never answered.
    for read in register.reads {
      guard case .write(let write) = read.source, register.writes[write].stamp == nil else { continue }
      register.writes[write].stamp = history.operations[read.operation].stamp
    }
    for (index, write) in register.writes.enumerated() {
      if let stamp = write.stamp { writesOfStamp[stamp, default: []].append(index) }
    }
    for index in register.reads.indices {
      let read = register.reads[index]
      guard let stamp = history.operations[read.operation].stamp else { continue }
      let others = writesOfStamp[stamp] ?? []
      switch read.source {
      case .nowhere: continue
      case .write(let write):
        let known = register.writes[write].stamp
        // Two writes with one stamp are a conflict, which a store may settle under a new stamp.
        let isConflict = known.flatMap { writesOfStamp[$0] }.map { $0.count > 1 } ?? false
        guard known != stamp, !isConflict else { continue }
        register.reads[index].problem = problem(
          read, stamp, [write],
          "and \(register.name(of: write, in: history)) has the stamp \(known.map { "\($0)" } ?? "?")")
      case .nothing:
        if let delete = others.first(where: { !register.writes[$0].isPut }) {
          register.reads[index].source = .write(delete)
        } else if !hasUnstampedDelete {
          register.reads[index].source = .nowhere
          register.reads[index].problem = problem(
            read, stamp, others,
            others.first.map { "which is that of \(register.name(of: $0, in: history))" } ?? "which no delete has")
        }
      }
    }
  }

  private func problem(_ read: Register.Read, _ stamp: Stamp, _ writes: [Int], _ reason: String) -> Register.Problem {
    let found = register.finding(of: read, in: history)
    return Register.Problem(
      witness: writes.map { register.writes[$0].operation } + [read.operation],
      reason: "\(history.operations[read.operation]) found \(found) under the stamp \(stamp), \(reason)")
  }

  /// Before the first delete, nothing is what is there at the beginning.
  private mutating func finish() {
    let firstDelete = register.writes.dropFirst().filter { !$0.isPut }.map(\.invoked).min() ?? .max
    var isExact = true
    for index in register.reads.indices {
      if register.reads[index].source == .nothing {
        if register.reads[index].end < firstDelete {
          register.reads[index].source = .write(0)
        } else {
          isExact = false
        }
      }
      if case .write(let write) = register.reads[index].source { register.writes[write].isRead = true }
    }
    // What never took effect ranks nowhere.
    for index in register.writes.indices where !register.writes[index].isEffective {
      register.writes[index].stamp = nil
    }
    guard !isExact else { return }
    register.deletes = register.writes.indices.dropFirst().filter { !register.writes[$0].isPut }
    var latest = Int.min
    register.latestEnds = register.deletes.map { delete in
      if register.writes[delete].stamp == nil { latest = max(latest, register.writes[delete].end) }
      return latest
    }
  }
}
