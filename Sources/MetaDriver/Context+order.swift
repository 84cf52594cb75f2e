/// How a record gets its stamp, and how a write that meets something newer is sent again.
extension Context {
  /// How often a write is stamped anew because it met something newer.
  static let stampLimit = 8

  /// Writes a record at the one place where it gets its stamp: above the floor that came with the call, and above whatever
  /// was found newer on the way. A record that has a stamp, or brings a child up to date, is sent once, as it is.
  ///
  /// - Parameters:
  ///   - ask: Finds the newest copy that was acknowledged before, where the children would not say; `nil` where they do.
  ///     A damaged copy has no stamp to tell, and must be possible to overwrite: `corrupt` does not end the write, which
  ///     then knows no more than if it had not asked.
  ///   - isSure: Whether no read of the children misses what was acknowledged before, so that the answer settles it.
  ///   - isMeeting: Whether any two writes meet at a child that compares stamps, so that an answer of `superseded` tells
  ///     of all that was acknowledged before.
  ///   - isExposed: Whether a reader who has seen the record under one stamp must not see it under another, with somebody
  ///     else's between them. Where it may have been seen, it is then not sent again.
  ///   - send: Writes a stamped record. It is told whether the stamp is above everything that was acknowledged before this
  ///     write: what supersedes it then is a concurrent write's. Answers `superseded` where too few hold the record.
  /// - Throws: `conflict` when it met something newer each time. What `ask` throws; nothing was written then.
  func writeInOrder(
    _ record: Record, at key: Key, asking ask: (() async throws(DriverError) -> Stamp?)?, isSure: Bool, isMeeting: Bool,
    isExposed: Bool = false, _ send: (Record, _ isAbove: Bool) async throws(DriverError) -> Receipt
  ) async throws(DriverError) -> Receipt {
    guard record.stamp == nil, !isRepair else { return try await send(record, false) }
    var record = record
    var isAbove = false
    if let ask, case .copy(let newest) = try await newestBefore(ask) {
      // A node between that does not go through its context has shown it to nobody.
      if let newest { try runtime.observe(newest) }
      if record.parent == nil { record.parent = newest }
      isAbove = isSure
    }
    if let floor { try runtime.observe(floor) }
    var newest: Stamp?
    var effect = DriverError.Effect.unchanged
    var outcomes: [Outcome] = []
    for _ in 0..<Self.stampLimit {
      record.stamp = runtime.nextStamp()
      try checkCaller(of: key, above: newest, outcomes, effect)
      var receipt: Receipt
      do throws(DriverError) { receipt = try await send(record, isAbove) } catch {
        // What an attempt before it has left somewhere may be found.
        throw effect == .unknown ? error.with(effect: .unknown) : error
      }
      guard case .superseded(let newer) = receipt.result else {
        receipt.stamp = record.stamp
        return receipt
      }
      // A child may have it from a store that is not this process's to ask.
      try runtime.observe(newer)
      (newest, outcomes) = (newer, receipt.children)
      if receipt.mayBeStored {
        effect = .unknown
        guard !isExposed else { break }
      }
      isAbove = isAbove || isMeeting
    }
    throw DriverError(
      .conflict,
      "the write of \(key) met newer copies, the last one of \(newest.map { "\($0)" } ?? "nobody"): others write it at the "
        + "same time, or a store does not tell the truth", effect: effect)
  }

  /// Ends a write whose caller has been told that nobody knows what became of it, before it is sent, or sent anew: what the
  /// caller has written since must not be overwritten. To be asked when the stamp is made, so that whoever leaves later
  /// stamps above it.
  private func checkCaller(
    of key: Key, above newer: Stamp?, _ outcomes: [Outcome], _ effect: DriverError.Effect
  ) throws(DriverError) {
    let isLate = newer != nil && deadline.map { runtime.now >= $0 } ?? false
    guard isLate || hasLostItsCaller else { return }
    let moment = newer.map { "while \(key) was written above \($0)" } ?? "before \(key) was written"
    throw isLate
      ? DriverError(.timedOut, "the deadline passed \(moment)", outcomes: outcomes, effect: effect)
      : DriverError(.cancelled, "the caller was cancelled \(moment)", outcomes: outcomes, effect: effect)
  }

  /// The copy at the place of a write.
  private enum Found {
    case copy(Stamp?)
    case damage
  }

  private func newestBefore(_ ask: () async throws(DriverError) -> Stamp?) async throws(DriverError) -> Found {
    do throws(DriverError) { return .copy(try await ask()) } catch {
      guard error.code != .corrupt else { return .damage }
      throw error.beforeWriting("before the write")
    }
  }

  /// Writes a record to a node's one child, in order: a node below stamps it that sends it to several places, or this call
  /// does where there is none.
  func putInOrder(
    _ record: Record, at key: Key, to child: some Driver, _ outline: Outline, at index: Int, label: String
  ) async throws(DriverError) -> Receipt {
    guard record.stamp == nil, !isRepair else {
      return try await put(record, at: key, to: child, at: index, label: label)
    }
    guard !outline.takesOrder else {
      let receipt = try await ordered().put(record, at: key, to: child, at: index, label: label)
      guard receipt.stamp != nil || receipt.result.isQueued else {
        throw DriverError(
          .unsupported, "\(key) was written by a node that stamps, and its receipt has no stamp", effect: .unknown
        ).inside(label)
      }
      return receipt
    }
    var ask: (() async throws(DriverError) -> Stamp?)?
    var isSure = false
    if outline.needsAsking(key.kind) {
      isSure = outline.readsMeetWrites(key.kind)
      ask = { () throws(DriverError) in
        try await getPatiently { () throws(DriverError) in
          try await counting.get(key, from: child, at: index, label: label)
        }?.stamp
      }
    }
    return try await writeInOrder(
      record, at: key, asking: ask, isSure: isSure, isMeeting: outline.writesMeet(key.kind)
    ) { record, isAbove throws(DriverError) in
      try await stamped(isAbove: isAbove).put(record, at: key, to: child, at: index, label: label)
    }
  }
}

extension DriverError {
  /// The error of a write that did not begin, because of what happened before it.
  ///
  /// - Parameter reason: What did not come about.
  func beforeWriting(_ reason: String) -> DriverError {
    DriverError(
      code, "nothing was written: \(reason): \(message)", underlying: underlying, outcomes: outcomes,
      effect: .unchanged, isRetryable: isRetryable, isExhausted: isExhausted, retryAfter: retryAfter)
  }
}

extension Receipt {
  /// Whether a store has the record, or may have it yet.
  var mayBeStored: Bool { children.contains(where: \.mayBeStored) }
}

extension Outcome {
  /// Whether a store below has the record, or may have it yet.
  var mayBeStored: Bool {
    guard children.isEmpty else { return children.contains(where: \.mayBeStored) }
    return switch result {
    case .superseded, .skipped, .failed: false
    default: true
    }
  }
}

extension Outcome.Result {
  /// Whether a queue has the write, and no store has acknowledged it.
  var isQueued: Bool { if case .queued = self { true } else { false } }
}
