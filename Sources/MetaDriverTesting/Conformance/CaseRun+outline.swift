import MetaDriver

/// What a driver says of itself, and how it fails.
extension CaseRun {
  func checkOutline() {
    for remark in facts.mistakes {
      report("compose the tree", expected: "no mistake", seen: "\(remark.reason). \(remark.mend)")
    }
    let again = driver.outline
    if again != outline { report("look at the outline twice", expected: "\(outline)", seen: "\(again)") }
    if outline.kind.isEmpty { report("look at the outline", expected: "a kind", seen: "an empty one") }
    let leaf = driver.leaf
    if leaf !== driver.leaf {
      report("look at the leaf twice", expected: "the same object, which keeps the order of puts", seen: "two objects")
    }
    let isConsistent = leaf.map {
      outline.leaf?.identity == $0.identity && outline.leaf?.ordering == $0.ordering && outline.name == $0.name
    }
    if isConsistent == false {
      report("compare leaf and outline", expected: "one identity, ordering and name", seen: "different ones")
    }
    if leaf == nil, outline.children.isEmpty, outline.leaf != nil {
      report("compare leaf and outline", expected: "a leaf, as the outline says", seen: "none")
    }
  }

  func checkPredicates() async {
    let foreign = ["x-metadriver-nobody:nothing", "x-metadriver-nobody://host/a/b?c=d#e", "z:%00"]
    let keys = [
      key("a"), key("\u{0}"), key(String(repeating: "\u{e9}", count: 2_048)), .immutable(ContentHash(of: [])),
    ]
    func look(_ moment: String) -> [String] {
      var answers: [String] = []
      for text in foreign {
        guard let url = try? StorageURL(text) else { continue }
        if driver.handles(url) { report("\(moment): handles(_:) of \(url)", expected: "false", seen: "true") }
        answers.append("\(driver.handles(url))")
      }
      for key in keys {
        let url = driver.url(for: key)
        answers.append(url?.string ?? "none")
        guard let url, outline.capabilities.contains(.getURL) else { continue }
        if !driver.handles(url) { report("\(moment): handles(_:) of \(url)", expected: "true", seen: "false") }
      }
      return answers
    }
    let first = look("before anything else")
    let second = look("before anything else")
    if first != second { report("ask for URLs twice", expected: "\(first)", seen: "\(second)") }
    if facts.capabilities(for: .mutable).contains(.put) { _ = await put(Record(value(10)), at: keys[0]) }
    let third = look("after a put")
    if first != third { report("ask for URLs, put, ask again", expected: "\(first)", seen: "\(third)") }
    _ = await close()
    let last = look("after a close")
    if first != last { report("ask for URLs, close, ask again", expected: "\(first)", seen: "\(last)") }
    if driver.outline.capabilities != outline.capabilities {
      report(
        "compare the capabilities before and after", expected: "\(outline.capabilities)",
        seen: "\(driver.outline.capabilities)")
    }
  }

  func checkCapabilities() async {
    for kind in Key.Kind.allCases {
      let bytes = value(33)
      let key = kind == .mutable ? key("asked") : .immutable(ContentHash(of: bytes))
      let record = Record(bytes)
      let declared = facts.capabilities(for: kind)
      let url = driver.url(for: key)
      if (url != nil) != declared.contains(.makeURL), kind == .mutable || url == nil {
        let expected = declared.contains(.makeURL) ? "a URL, as declared" : "no URL, as declared"
        report("make a URL for the \(kind) key \(key)", expected: expected, seen: url?.string ?? "none")
      }
      await probe(.get, of: key, declared, await get(key))
      await probe(.stat, of: key, declared, await stat(key))
      await probe(.list, of: key, declared, await list(ListRequest(kind)))
      // What a driver does with a URL is known only of those that it makes.
      if !declared.contains(.getURL), let url = url ?? (try? StorageURL("x-metadriver-nobody:nothing")) {
        await probe(.getURL, of: key, declared, await get([url]))
      } else if let url {
        await probe(.getURL, of: key, declared, await get([url]))
      }
      await probe(.compareAndPut, of: key, declared, await put(record, at: key, if: .absent), leaves: nil)
      let isThere = declared.contains(.compareAndPut)
      await probe(.put, of: key, declared, await put(record, at: key), leaves: isThere ? record : nil)
      await probe(
        .compareAndDelete, of: key, declared, await delete(key, if: .unchanged(since: Record(value(34)))),
        leaves: isThere || declared.contains(.put) ? record : nil)
      await probe(
        .delete, of: key, declared, await delete(key),
        leaves: isThere || declared.contains(.put) ? record : nil)
    }
  }

  /// Compares what an operation did with what is declared.
  ///
  /// - Parameter record: What must still be there when the operation is not declared.
  private func probe<Answer>(
    _ operation: Capabilities, of key: Key, _ declared: Capabilities, _ reply: Result<Answer, DriverError>,
    leaves record: Record?? = .none
  ) async {
    let action = "\(operation) of the \(key.kind) key \(key), which is "
    var isUnsupported = false
    var seen = "an answer"
    if case .failure(let error) = reply {
      seen = "\(error), effect \(error.effect)"
      // Nobody answers for the URL of a driver that handles none.
      isUnsupported = error.code == .unsupported || operation == .getURL && error.code == .unroutable
      // A node does not know that its children cannot do for one kind of keys what they do for the other.
      if outline.capabilities.contains(operation), !declared.contains(operation), error.says(.unsupported) {
        isUnsupported = true
      }
    }
    if declared.contains(operation) {
      if isUnsupported { report(action + "declared", expected: "anything but unsupported", seen: seen) }
      return
    }
    if !isUnsupported { report(action + "not declared", expected: "unsupported", seen: seen) }
    if let record, declared.contains(.get) { await expect(record, at: key, action + "not declared") }
  }

  /// Calls that fail in one way or another; what every failure must be is asked where calls are made.
  func provokeErrors() async {
    let (key, record) = (key("provoked"), Record(value(20)))
    _ = await get(key)
    _ = await put(record, at: key)
    _ = await put(record, at: key, if: .absent)
    _ = await put(record, at: key, if: .unchanged(since: Record([])))
    _ = await put(Record(value(10)), at: .immutable(ContentHash(of: record.bytes)))
    _ = await put(record, at: self.key(String(repeating: "/", count: DataID.maximumByteCount)))
    _ = await delete(key, if: .unchanged(since: Record([])))
    _ = await stat(key)
    _ = await list(ListRequest(after: Cursor(after: .immutable(ContentHash(of: [])))))
    _ = await list(ListRequest())
    if let url = driver.url(for: key) { _ = await get([url]) }
    if let url = try? StorageURL("x-metadriver-nobody:nothing") { _ = await get([url]) }
    _ = await delete(key)
    _ = await delete(key)
    _ = await open()
    _ = await close()
    _ = await get(key)
    _ = await put(record, at: key)
    _ = await delete(key)
  }
}
