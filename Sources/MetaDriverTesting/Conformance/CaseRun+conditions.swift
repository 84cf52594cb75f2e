import MetaDriver

/// Conditional puts.
extension CaseRun {
  func checkCreateOnly() async {
    let key = key("created")
    let first = Record(value(30, 1))
    let create = "put at \(key) if absent"
    guard await store(first, at: key, if: .absent, create), await expect(first, at: key, create) else { return }
    let reply = await put(Record(value(20, 2)), at: key, if: .absent)
    expectRefusal(reply, .conflict, action: "\(create), again")
    await expect(first, at: key, "\(create), again")
    let empty = self.key("created empty")
    guard await store(Record([]), at: empty, if: .absent, "create \(empty) with an empty value") else { return }
    expectRefusal(
      await put(Record(value(20, 2)), at: empty, if: .absent), .conflict,
      action: "create \(empty) with an empty value, create it again")
    if facts.capabilities(for: .mutable).contains(.delete) {
      _ = await delete(key)
      let again = Record(value(10, 3))
      await store(again, at: key, if: .absent, "\(create), delete it, put if absent")
      await expect(again, at: key, "\(create), delete it, put if absent")
    }
    guard facts.capabilities(for: .mutable).contains(.put), !facts.stamps else { return }
    let buried = self.key("created where a tombstone is")
    guard await store(.tombstone(stamp: runtime.nextStamp()), at: buried) else { return }
    let record = Record(value(10, 4), stamp: runtime.nextStamp())
    await store(record, at: buried, if: .absent, "put a tombstone at \(buried), put if absent")
    await expect(record, at: buried, "put a tombstone at \(buried), put if absent")
  }

  func checkCompareAndPut() async {
    let key = key("compared")
    expectRefusal(
      await put(Record(value(9)), at: key, if: .unchanged(since: Record(value(9)))), .conflict,
      action: "put at \(key), which is absent, if it is unchanged")
    await expect(nil, at: key, "put at \(key), which is absent, if it is unchanged")
    let records = (0..<3).map { Record(value(40, $0)) }
    guard await store(records[0], at: key, if: .absent, "put at \(key) if absent"),
      case .success(let read?) = await get(key)
    else { return }
    await store(records[1], at: key, if: .unchanged(since: read), "put at \(key) if unchanged")
    await expect(records[1], at: key, "put at \(key) if unchanged")
    expectRefusal(
      await put(records[2], at: key, if: .unchanged(since: read)), .conflict,
      action: "put at \(key) if it is what it was before the last put")
    await expect(records[1], at: key, "put at \(key) if it is what it was before the last put")
    var similar = records[1]
    similar.bytes[39] ^= 1
    expectRefusal(
      await put(records[2], at: key, if: .unchanged(since: similar)), .conflict,
      action: "put at \(key) if it is something of the same size that differs in the last byte")
    guard facts.capabilities(for: .mutable).contains(.put), !facts.stamps else { return }
    let stamped = self.key("compared by stamp")
    let versions = (0..<3).map { _ in Record(value(40), stamp: runtime.nextStamp()) }
    guard await store(versions[0], at: stamped) else { return }
    let action = "put \(show(versions[0])) at \(stamped)"
    await store(versions[1], at: stamped, if: .unchanged(since: versions[0]), "\(action), put if unchanged")
    expectRefusal(
      await put(versions[2], at: stamped, if: .unchanged(since: versions[0])), .conflict,
      action: "\(action), put the same bytes with a newer stamp, put if it has the older stamp")
    await expect(versions[1], at: stamped, "\(action), put if unchanged, put if it has the older stamp")
    // Whoever creates what a newer tombstone says was deleted brings it back to life.
    let buried = self.key("deleted before it was created")
    let (late, tombstone) = (
      Record(value(12), stamp: runtime.nextStamp()), Record.tombstone(stamp: runtime.nextStamp())
    )
    guard await store(tombstone, at: buried) else { return }
    let creation = "put a tombstone at \(buried), put an older record if absent"
    expectRefusal(await put(late, at: buried, if: .absent), .conflict, action: creation)
    await expect(tombstone, at: buried, creation)
  }

  // B10
  func checkRepeatedPuts() async {
    guard !facts.stamps else { return }
    let (created, changed) = (key("created twice"), key("changed twice"))
    let first = Record(value(20, 1), stamp: runtime.nextStamp())
    let creation = "create \(created) with a stamped record"
    guard await store(first, at: created, if: .absent, creation) else { return }
    await store(first, at: created, if: .absent, "\(creation), and again with the same")
    await expect(first, at: created, "\(creation), and again with the same")
    let other = Record(value(20, 1), stamp: runtime.nextStamp())
    expectRefusal(
      await put(other, at: created, if: .absent), .conflict, action: "\(creation), and again with another stamp")
    await expect(first, at: created, "\(creation), and again with another stamp")
    let versions = (0..<2).map { Record(value(30, $0), stamp: runtime.nextStamp()) }
    guard await store(versions[0], at: changed, if: .absent, "create \(changed)"), let stamp = versions[0].stamp else {
      return
    }
    for condition in [Precondition.unchanged(since: versions[0]), .unchanged(since: stamp)] {
      let action = "create \(changed), change it if unchanged, and again with the same record"
      await store(versions[1], at: changed, if: condition, action)
      await expect(versions[1], at: changed, action)
    }
    // Without a stamp nobody knows whose bytes they are.
    let bare = key("counted by two")
    guard await store(Record(value(8)), at: bare, if: .absent, "create \(bare)") else { return }
    let change = "create \(bare), change it if unchanged, and again with the same bytes, which have no stamp"
    await store(Record(value(9)), at: bare, if: .unchanged(since: Record(value(8))), change)
    expectRefusal(
      await put(Record(value(9)), at: bare, if: .unchanged(since: Record(value(8)))), .conflict, action: change)
  }

  func checkCompareAndDelete() async {
    let key = key("removed on a match")
    let records = (0..<2).map { Record(value(30, $0)) }
    guard await store(records[0], at: key) else { return }
    let other = "put at \(key), delete it if it is something else"
    expectRefusal(await delete(key, if: .unchanged(since: records[1])), .conflict, action: other)
    guard await expect(records[0], at: key, other) else { return }
    let match = "put at \(key), delete it if it is unchanged"
    if case .failure(let error) = await delete(key, if: .unchanged(since: records[0])) {
      report(match, expected: "it is deleted", seen: "\(error)")
    }
    await expect(nil, at: key, match)
    expectRefusal(await delete(key, if: .unchanged(since: records[0])), .conflict, action: "\(match), twice")
    guard !facts.stamps else { return }
    // What a purge of tombstones does, and what it must not do to whoever wrote after it looked.
    let buried = self.key("purged")
    let tombstone = Record.tombstone(stamp: runtime.nextStamp())
    guard await store(tombstone, at: buried) else { return }
    let purge = "put a tombstone at \(buried), delete it if it is unchanged"
    if case .failure(let error) = await delete(buried, if: .unchanged(since: tombstone)) {
      report(purge, expected: "it is deleted", seen: "\(error)")
    }
    await expect(nil, at: buried, purge)
    let newer = Record(value(20), stamp: runtime.nextStamp())
    guard await store(newer, at: buried) else { return }
    let late = "put a newer record at \(buried), delete it if it is the old tombstone"
    expectRefusal(await delete(buried, if: .unchanged(since: tombstone)), .conflict, action: late)
    await expect(newer, at: buried, late)
  }

  func checkCreateRaces() async {
    for round in 0..<5 {
      let key = key("raced for \(round)")
      let records = (0..<4).map { Record(value(32 + $0, $0)) }
      let replies = await together(records.count) { await self.put(records[$0], at: key, if: .absent) }
      let winners = replies.indices.filter { if case .success = replies[$0] { true } else { false } }
      let action = "\(records.count) callers create \(key) at the same time"
      for (number, reply) in replies.enumerated() where !winners.contains(number) {
        expectRefusal(reply, .conflict, action: action)
      }
      guard winners.count == 1 else {
        return report(action, expected: "one of them succeeds", seen: "\(winners.count) did")
      }
      await expect(records[winners[0]], at: key, action)
    }
  }

  func checkCounting() async {
    let key = key("counter")
    let (workers, increments, attempts) = (4, 8, 2_000)
    let action = "\(workers) callers count to \(increments) each, by conditional puts at \(key)"
    let failures = await together(workers) { _ -> String? in
      for _ in 0..<increments {
        var left = attempts
        while true {
          let reply = await self.increment(key)
          if case .success = reply { break }
          if case .failure(let error) = reply, error.says(.conflict), left > 0 {
            left -= 1
            await Task.yield()
            continue
          }
          return self.show(reply)
        }
      }
      return nil
    }
    for failure in failures.compactMap(\.self) {
      report(action, expected: "stored, or conflict until it is stored", seen: failure)
    }
    guard failures.allSatisfy({ $0 == nil }) else { return }
    await expect(Record(Array("\(workers * increments)".utf8)), at: key, action)
  }

  private func increment(_ key: Key) async -> Result<Receipt, DriverError> {
    switch await get(key) {
    case .failure(let error): return .failure(error)
    case .success(let record?):
      let count = Int(String(decoding: record.bytes, as: UTF8.self)) ?? -1_000_000
      return await put(Record(Array("\(count + 1)".utf8)), at: key, if: .unchanged(since: record))
    case .success(nil): return await put(Record([UInt8(ascii: "1")]), at: key, if: .absent)
    }
  }
}
