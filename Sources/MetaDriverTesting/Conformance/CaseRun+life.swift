import MetaDriver

/// Opening and closing, and checks of what passes through.
extension CaseRun {
  private var isReadable: Bool { facts.capabilities(for: .mutable).isSuperset(of: [.get, .put]) }

  func checkOpeningTwice() async {
    let key = key("kept")
    let record = Record(value(100))
    guard await isOpened("open") else { return }
    if isReadable { guard await store(record, at: key) else { return } }
    guard await isOpened("open, put at \(key), open again") else { return }
    guard isReadable, await expect(record, at: key, "open, put at \(key), open again") else { return }
    let next = Record(value(50, 1))
    if await store(next, at: key) { await expect(next, at: key, "open twice, put at \(key)") }
  }

  private func isOpened(_ action: String) async -> Bool {
    let reply = await open()
    if case .success(let receipt) = reply, case .opened = receipt.result { return true }
    report(action, expected: "opened", seen: show(reply))
    return false
  }

  func checkClosingTwice() async {
    if isReadable { guard await store(Record(value(10)), at: key("kept")) else { return } }
    for action in ["close", "close, close again"] {
      let reply = await close()
      if case .failure = reply { report(action, expected: "success", seen: show(reply)) }
    }
  }

  func checkUseAfterClose() async {
    let key = key("kept")
    let record = Record(value(100))
    guard await store(record, at: key) else { return }
    let closing = await close()
    guard case .success = closing else { return report("close", expected: "success", seen: show(closing)) }
    let action = "put at \(key), close"
    let copy = await get(key)
    switch copy {
    case .success(let seen) where matches(seen, record): break
    case .failure(let error) where error.says(.closed): break
    default: report("\(action), get", expected: "\(show(record)), or closed", seen: difference(copy, from: record))
    }
    func expectClosed<Answer>(_ operation: String, _ reply: Result<Answer, DriverError>) {
      if case .failure(let error) = reply, !error.says(.closed) {
        report("\(action), \(operation)", expected: "an answer, or closed", seen: "\(error)")
      }
    }
    let capabilities = facts.capabilities(for: .mutable)
    if capabilities.contains(.stat) { expectClosed("stat", await stat(key)) }
    if capabilities.contains(.list) { expectClosed("list", await list(ListRequest())) }
    if capabilities.contains(.getURL), let url = driver.url(for: key) { expectClosed("get by URL", await get([url])) }
    let next = Record(value(20, 1))
    let reply = await put(next, at: key)
    expectClosed("put", reply)
    // What is acknowledged is kept, after a close too.
    if case .success = reply { await expect(next, at: key, "\(action), put, which says stored") }
    if capabilities.contains(.compareAndPut) {
      expectClosed("conditional put", await put(next, at: self.key("another"), if: .absent))
    }
    if capabilities.contains(.delete) { expectClosed("delete", await delete(key)) }
  }

  func checkReopening() async {
    let values = (0..<4).map { (key: key("kept \($0)"), record: Record(value(100 * $0, $0))) }
    for (key, record) in values { guard await store(record, at: key) else { return } }
    let gone = key("gone")
    let canDelete = facts.capabilities(for: .mutable).contains(.delete)
    if canDelete {
      guard await store(Record(value(10)), at: gone) else { return }
      _ = await delete(gone)
    }
    let stamped = (key("kept with its stamp"), Record(value(60), stamp: runtime.nextStamp()))
    guard await store(stamped.1, at: stamped.0) else { return }
    let closing = await close()
    guard case .success = closing else { return report("close", expected: "success", seen: show(closing)) }
    guard let next = await reopened() else { return }
    let action = "put, close, make a driver of the same store"
    for (key, record) in values { await next.expect(record, at: key, action) }
    await next.expect(stamped.1, at: stamped.0, action)
    if canDelete {
      await next.expect(nil, at: gone, "put at \(gone), delete it, close, make a driver of the same store")
    }
    let new = Record(value(70, 9))
    if await next.store(new, at: values[0].key) { await next.expect(new, at: values[0].key, action + ", put") }
    _ = await next.close()
  }

  // A6
  func checkVerification() async {
    let (good, bad) = (Record(value(50, 1)), Record(value(50, 2)))
    let key = Key.immutable(ContentHash(of: good.bytes))
    let action = "put bytes at an immutable key that is the hash of others"
    expectRefusal(await put(bad, at: key), .corrupt, action: action)
    guard facts.capabilities(for: .immutable).contains(.get) else { return }
    await expect(nil, at: key, action)
    guard await store(good, at: key) else { return }
    expectRefusal(await put(bad, at: key), .corrupt, action: "put at \(key), \(action)")
    await expect(good, at: key, "put at \(key), \(action)")
    guard facts.capabilities(for: .immutable).contains(.compareAndPut) else { return }
    expectRefusal(
      await put(bad, at: key, if: .unchanged(since: good)), .corrupt, action: "put at \(key), \(action) if unchanged")
    await expect(good, at: key, "put at \(key), \(action) if unchanged")
  }
}
