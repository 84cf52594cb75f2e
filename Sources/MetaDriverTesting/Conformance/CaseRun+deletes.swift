import MetaDriver

/// What is removed, and what must not be.
extension CaseRun {
  func checkDeletes() async {
    let (gone, kept) = (key("gone"), key("kept"))
    let record = Record(value(100, 1))
    let other = Record(value(100, 2))
    guard await store(record, at: gone), await store(other, at: kept) else { return }
    let action = "put at \(gone) and at \(kept)"
    await remove(gone, wasThere: true, action)
    await expect(nil, at: gone, "\(action), delete \(gone)")
    await expect(other, at: kept, "\(action), delete \(gone)")
    if facts.capabilities(for: .mutable).contains(.stat) {
      let reply = await stat(gone)
      let isAbsent = if case .success(let stat) = reply { stat?.isTombstone ?? true } else { false }
      if !isAbsent { report("\(action), delete \(gone), stat", expected: "nothing", seen: show(reply)) }
    }
    // A4: no address leads to it either.
    if facts.capabilities(for: .mutable).contains(.getURL), let url = driver.url(for: gone) {
      let reply = await get([url])
      let isAbsent = if case .success(let seen) = reply { matches(seen, nil) } else { false }
      if !isAbsent { report("\(action), delete \(gone), get \(url)", expected: "nothing", seen: show(reply)) }
    }
    guard facts.capabilities(for: .immutable).isSuperset(of: .basic) else { return }
    let immutable = Key.immutable(ContentHash(of: other.bytes))
    guard await store(other, at: immutable) else { return }
    await remove(immutable, wasThere: true, "put at \(immutable)")
    await expect(nil, at: immutable, "put at \(immutable), delete it")
    await expect(other, at: kept, "put the same bytes at \(immutable), delete it")
  }

  func checkDeletesOfAbsent() async {
    let key = key("never written")
    await remove(key, wasThere: false, "use an empty store")
    await remove(key, wasThere: false, "use an empty store, delete \(key)")
    guard facts.capabilities(for: .mutable).isSuperset(of: .basic) else { return }
    await expect(nil, at: key, "delete \(key), which was never written")
    let other = self.key("deleted already")
    guard await store(Record(value(10)), at: other) else { return }
    _ = await delete(other)
    await remove(other, wasThere: false, "put at \(other), delete it")
  }

  func checkPutsAfterDeletes() async {
    let key = key("back again")
    for round in 0..<3 {
      let record = Record(value(90 - 30 * round, round))
      let action = "put and delete \(key) \(round) times, put \(show(record))"
      guard await store(record, at: key, action), await expect(record, at: key, action) else { return }
      _ = await delete(key)
      await expect(nil, at: key, "\(action), delete it")
    }
  }
}
