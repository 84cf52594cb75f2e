import MetaDriver

/// Makes the register of one key: finds the write of each read, and refuses what makes no sense.
struct RegisterBuilder {
  private let history: History
  private var register: Register
  private var writeOfValue: [Int: Int] = [:]
  /// The puts that had no effect, by their place in the history.
  private var failed: [Int: Int] = [:]
  private var hasStamps = false

  /// - Parameters:
  ///   - key: The datum.
  ///   - places: Its operations, by their place in the history, sorted by their invocation.
  static func register(of key: Key, _ places: [Int], in history: History) throws(HistoryError) -> Register {
    var builder = RegisterBuilder(key, history)
    for place in places { try builder.addWrite(place) }
    for place in places { builder.addRead(place) }
    if builder.hasStamps { StampReader.read(&builder.register, history) }
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
      operation: place, session: operation.session, invoked: operation.invoked, end: end, stamp: operation.stamp,
      source: .nothing)
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

  /// Before the first delete, nothing is what is there at the beginning.
  private mutating func finish() {
    let firstDelete = register.writes.dropFirst().filter { !$0.isPut }.map(\.invoked).min() ?? .max
    var isExact = true
    for index in register.reads.indices {
      if register.reads[index].source == .nothing {
        if register.reads[index].end < firstDelete, register.reads[index].stamp == nil {
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
      register.writes[index].order = nil
    }
    guard !isExact else { return }
    register.deletes = register.writes.indices.dropFirst().filter { !register.writes[$0].isPut }
    var latest = Int.min
    register.latestEnds = register.deletes.map { delete in
      // One whose outcome nobody knows may have been stamped anew since its stamp was seen.
      if register.writes[delete].rank == nil || !register.writes[delete].isDefinite {
        latest = max(latest, register.writes[delete].end)
      }
      return latest
    }
  }
}
