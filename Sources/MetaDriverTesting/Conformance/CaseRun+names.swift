import MetaDriver

/// Keys that a store might take for one another.
extension CaseRun {
  /// Ids that differ in as little as ids can, and ids that mean something to somebody.
  private var trickyNames: [String] {
    [
      "key", "Key", "KEY", "\u{212a}ey", " key", "key ", "key.", "key..", ".key", "key\u{0}", "key\n", "key\t",
      "\u{e9}", "e\u{301}", "e", "\u{c9}", "\u{c5}", "\u{212b}", "A\u{30a}", "\u{fb01}", "fi", "\u{df}", "ss",
      "\u{131}", "i", "I", "\u{130}", "\u{feff}key", "\u{200b}key", "\u{202e}yek",
      "a/b", "a//b", "a/b/", "/a/b", "a", "a/", "a/.", "a/..", "a/../b", ".", "..", "/", "//", "\\", "a\\b", "~", "b",
      "a b", "a+b", "a%20b", "a%2Fb", "a%2fb", "a%252fb", "a=2fb", "a=2Fb", "a_b", "a-b", "a:b", "a|b", "a;b", "a&b",
      "a?b", "a#b", "a*b", "a,b", "%", "%%", "%00", "=", "'", "\"", "`", "<", ">", "$HOME", "${key}", "!", "@", "(",
      "]",
      "con", "CON", "nul.txt", "com1", "aux.", "-rf", "--", "metadriver-disk.txt", "mutable", "immutable",
      "mutable/key", "immutable/key", "tmp", "locks", "key+", "key+/key", "null", "nil", "0", "00", "1e3", "true",
      "\u{65e5}\u{672c}", "\u{1f469}\u{200d}\u{1f467}", "\u{1f469}", "\u{7f}", "\u{1b}[31m", "\r\n", "\n",
      "' OR '1'='1", "key'; DROP TABLE keys; --",
    ]
  }

  func checkIDs() async {
    let records = trickyNames.enumerated().map { (key: key($1), record: Record(value(24, $0 + 1))) }
    let canDelete = facts.capabilities(for: .mutable).contains(.delete)
    for (key, record) in records { await store(record, at: key) }
    for (key, record) in records {
      await expect(record, at: key, "put a value under each of \(records.count) ids that are hard to tell apart")
    }
    for name in ["kEy", "a/b/.", "\u{e8}", "key  ", "A/B", "%25", "sS"] {
      await expect(nil, at: key(name), "put values under ids that are hard to tell from this one")
    }
    guard canDelete else { return }
    for (key, _) in records.prefix(6) { _ = await delete(key) }
    for (number, (key, record)) in records.enumerated() {
      await expect(number < 6 ? nil : record, at: key, "delete the first 6 of \(records.count) ids")
    }
  }

  func checkLongIDs() async {
    let counts = [100, 200, 254, 255, 256, 257, 1_023, 1_024, 1_025, 4_095, DataID.maximumByteCount]
    var names = counts.flatMap { count in
      let start = String(repeating: "x", count: count - 1)
      return [start + "a", start + "b"]
    }
    names.append(String(repeating: "\u{e9}", count: DataID.maximumByteCount / 2))
    names.append(String(repeating: "/", count: DataID.maximumByteCount))
    names.append(String(repeating: "%", count: DataID.maximumByteCount))
    var refused: Set<Key> = []
    for (number, name) in names.enumerated() {
      let key = key(name)
      let reply = await put(Record(value(24, number + 1)), at: key)
      if case .success = reply { continue }
      refused.insert(key)
      expectRefusal(reply, .invalidKey, .tooLarge, .noSpace, action: "put at an id of \(name.utf8.count) bytes")
    }
    for (number, name) in names.enumerated() {
      let key = key(name)
      let reply = await get(key)
      let expected = refused.contains(key) ? nil : Record(value(24, number + 1))
      if case .success(let seen) = reply, matches(seen, expected) { continue }
      if case .failure(let error) = reply, expected == nil, error.says(.invalidKey) || error.says(.tooLarge) {
        continue
      }
      report(
        "put values at ids of up to \(DataID.maximumByteCount) bytes, then get one of \(name.utf8.count) bytes",
        expected: show(expected), seen: difference(reply, from: expected))
    }
  }

  func checkKinds() async {
    let bytes = value(40)
    let hash = ContentHash(of: bytes)
    let (immutable, lookalike) = (Key.immutable(hash), key(hash.description))
    let (record, other) = (Record(bytes), Record(value(30, 1)))
    guard await store(record, at: immutable) else { return }
    await expect(record, at: immutable, "put \(show(record)) at its hash")
    await expect(nil, at: lookalike, "put at the immutable key of a hash")
    await store(other, at: lookalike)
    let action = "put at the immutable key of a hash, put at the mutable key of the same digits"
    await expect(other, at: lookalike, action)
    await expect(record, at: immutable, action)
    await store(other, at: key("immutable/\(hash)"))
    await expect(record, at: immutable, action)
    guard facts.capabilities(for: .mutable).contains(.delete) else { return }
    _ = await delete(lookalike)
    await expect(record, at: immutable, action + ", delete the mutable one")
  }
}
