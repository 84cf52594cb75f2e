import MetaDriver

/// Several callers at once, and callers who go away.
extension CaseRun {
  /// Does something several times at once.
  func together<Answer: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async -> Answer
  ) async -> [Answer] {
    await withTaskGroup(of: (Int, Answer).self) { group in
      for number in 0..<count { group.addTask { (number, await body(number)) } }
      var answers: [Int: Answer] = [:]
      for await (number, answer) in group { answers[number] = answer }
      return (0..<count).compactMap { answers[$0] }
    }
  }

  func checkConcurrentKeys() async {
    let keys = (0..<20).map { key("concurrent \($0)") }
    let records = keys.indices.map { Record(value(500 + $0, $0)) }
    let action = "put at \(keys.count) keys at the same time"
    _ = await together(keys.count) { number in
      guard await self.store(records[number], at: keys[number], action) else { return }
      await self.expect(records[number], at: keys[number], action)
    }
    _ = await together(keys.count) { await self.expect(records[$0], at: keys[$0], action) }
  }

  func checkConcurrentWriters() async {
    for round in 0..<3 {
      let key = key("contended \(round)")
      let sizes = [1_500, 300, 1_300, 500, 1_100, 700]
      let records = sizes.map { Record(value($0, round + 1)) }
      let action = "\(records.count) callers put values of different sizes at \(key) at the same time"
      let replies = await together(records.count) { await self.put(records[$0], at: key) }
      for reply in replies {
        if case .failure(let error) = reply, !error.says(.conflict) {
          report(action, expected: "stored, or conflict", seen: show(reply))
        }
      }
      await expect(oneOf: records, at: key, action)
      // A lock that a writer left behind would show now.
      let last = Record(value(77, round))
      guard await store(last, at: key) else { return }
      await expect(last, at: key, "\(action), put once more")
    }
  }

  func checkConcurrentReaders() async {
    let key = key("watched")
    let records = (0..<9).map { Record(value(1_000 - 100 * $0, $0 + 1)) }
    guard await store(records[0], at: key) else { return }
    let action = "read \(key) while others put at it"
    _ = await together(5) { number in
      for step in 0..<8 {
        switch number {
        case 0, 1: _ = await self.put(records[1 + (step + 4 * number) % 8], at: key)
        default: guard await self.expect(oneOf: records, at: key, action) else { return }
        }
        await Task.yield()
      }
    }
    await expect(oneOf: records, at: key, action)
  }

  @discardableResult
  private func expect(oneOf records: [Record], at key: Key, _ action: String) async -> Bool {
    let reply = await get(key)
    if case .success(let seen?) = reply, records.contains(where: { matches(seen, $0) }) { return true }
    report("\(action), get", expected: "one of the values, complete", seen: show(reply))
    return false
  }

  func checkCancelledPuts() async {
    for step in 0..<8 {
      let key = key("cancelled \(step)")
      let (old, new) = (Record(value(900, 1)), Record(value(600, 2)))
      guard await store(old, at: key) else { return }
      let moment = step == 0 ? "before it begins" : "a moment after it has begun"
      let action = "put 900 bytes at \(key), put 600 bytes, cancelled \(moment)"
      let reply = await cancelled(after: step) { await self.put(new, at: key) }
      let copy = await get(key)
      guard case .success(let seen?) = copy, matches(seen, old) || matches(seen, new) else {
        report("\(action), then get", expected: "one of the two, complete", seen: show(copy))
        continue
      }
      switch reply {
      case .success(let receipt):
        if !matches(seen, new) {
          report("\(action), which says \(receipt.result), then get", expected: show(new), seen: show(copy))
        }
      case .failure(let error):
        if error.effect == .unchanged, !matches(seen, old) {
          report(
            "\(action), which says \(error.code), effect unchanged, then get", expected: show(old), seen: show(copy))
        }
      }
    }
  }

  func checkCancelledGets() async {
    let key = key("read by a caller who leaves")
    let record = Record(value(900))
    guard await store(record, at: key) else { return }
    for step in 0..<6 {
      let reply = await cancelled(after: step) { await self.get(key) }
      if case .success(let seen) = reply, !matches(seen, record) {
        report(
          "put 900 bytes at \(key), then a get that is cancelled", expected: "the 900 bytes, or an error",
          seen: difference(reply, from: record))
      }
    }
    await expect(record, at: key, "put 900 bytes at \(key), cancel some gets of it")
  }

  /// Does something in a task that is cancelled: before it begins, or when the others had so many turns.
  private func cancelled<Answer: Sendable>(
    after turns: Int, _ body: @escaping @Sendable () async -> Answer
  ) async -> Answer {
    await withTaskGroup(of: Answer.self) { group in
      group.addTask {
        if turns == 0 { unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() } }
        return await body()
      }
      for _ in 0..<turns { await Task.yield() }
      group.cancelAll()
      guard let answer = await group.next() else { preconditionFailure("a group of one task has one answer") }
      return answer
    }
  }
}
