import MetaDriver

/// Bytes under keys.
extension CaseRun {
  func checkAbsence() async {
    for name in ["never written", "a/b", "mutable", "0"] {
      await expect(nil, at: key(name), "use an empty store")
      await expect(nil, at: key(name), "use an empty store, get \(key(name))")
    }
    await expect(nil, at: .immutable(ContentHash(of: value(8))), "use an empty store")
  }

  func checkPayloads() async {
    var sizes = [0, 1, 2, 61, 62, 63, 255, 256, 257, 1_024, 4_096, 65_536]
    sizes = sizes.filter { $0 < largestPayload } + [largestPayload - 1, largestPayload]
    var contents = sizes.map { value($0) }
    contents.append(Array(0...255))
    contents.append([UInt8](repeating: 0, count: 3_000))
    contents.append(Array("line\r\nline\n\u{0}\u{1a}".utf8))
    for (number, bytes) in contents.enumerated() {
      let key = key("payload \(number)")
      let record = Record(bytes)
      // A store may have a limit, but not one so low that it is of no use.
      if bytes.count > 1_024, await isTooLarge(record, at: key) { continue }
      if await store(record, at: key) { await expect(record, at: key, "put \(show(record)) at \(key)") }
    }
  }

  /// Whether the store has no room for the record, and says so; writes it otherwise.
  private func isTooLarge(_ record: Record, at key: Key) async -> Bool {
    guard case .failure(let error) = await put(record, at: key) else { return false }
    return error.says(.tooLarge) || error.says(.noSpace)
  }

  func checkEmptyValues() async {
    let key = key("empty")
    let empty = Record([])
    guard await store(empty, at: key) else { return }
    await expect(empty, at: key, "put an empty value")
    await store(Record(value(100)), at: key)
    guard await store(empty, at: key) else { return }
    await expect(empty, at: key, "put 100 bytes at \(key), put an empty value")
    if facts.capabilities(for: .mutable).contains(.stat) {
      let reply = await stat(key)
      if case .success(let stat?) = reply, stat.byteCount == 0 { return }
      report("put an empty value at \(key), then stat", expected: "0 bytes", seen: show(reply))
    }
  }

  func checkOverwriting() async {
    let key = key("overwritten")
    var action = "put at \(key)"
    for (number, size) in [1_000, 10, 1, 500, 499, 500, 0, 64].enumerated() {
      let record = Record(value(size, number))
      action += number == 0 ? " \(size) bytes" : ", \(size)"
      guard await store(record, at: key), await expect(record, at: key, action) else { return }
    }
  }

  func checkAcknowledged() async {
    let keys = (0..<3).map { key("acknowledged \($0)") }
    for round in 0..<10 {
      for (number, key) in keys.enumerated() {
        let record = Record(value(200, 10 * round + number))
        guard await store(record, at: key), await expect(record, at: key, "put 200 bytes at \(key)") else { return }
      }
      for (number, key) in keys.enumerated() {
        let record = Record(value(200, 10 * round + number))
        let isThere = await expect(record, at: key, "put 200 bytes at \(key), and at other keys after it")
        guard isThere else { return }
      }
    }
  }

  func checkOversized() async {
    let key = key("outgrown")
    let old = Record(value(100, 1))
    guard await store(old, at: key) else { return }
    let large = Record(value(largestPayload, 2))
    let action = "put 100 bytes at \(key), put \(show(large))"
    switch await put(large, at: key) {
    case .success: await expect(large, at: key, action)
    case .failure(let error):
      guard error.says(.tooLarge) || error.says(.noSpace) else {
        report(action, expected: "stored, tooLarge or noSpace", seen: show(.failure(error) as Result<Receipt, _>))
        return
      }
      let reply = await get(key)
      let isSound =
        if case .success(let seen) = reply {
          matches(seen, old) || error.effect == .unknown && matches(seen, large)
        } else { false }
      if !isSound {
        report("\(action) (\(error.code)), then get", expected: show(old), seen: difference(reply, from: old))
      }
    }
    let small = Record(value(50, 3))
    if await store(small, at: key) { await expect(small, at: key, "\(action), put 50 bytes") }
  }
}
