import MetaDriver

/// Addresses.
extension CaseRun {
  func checkURLs() async {
    let keys = [key("addressed"), key("addressed/too %2F"), key("Addressed"), key("\u{e9}")]
    var urls: [StorageURL] = []
    for key in keys {
      // A2: an address may be made before there is anything at it.
      guard let url = driver.url(for: key), let again = driver.url(for: key) else {
        return report("make a URL for \(key)", expected: "a URL", seen: "none")
      }
      guard driver.handles(url), driver.handles(again) else {
        return report("make \(url), handles(_:) of it", expected: "true", seen: "false")
      }
      await expect(nil, at: [again], "use an empty store")
      urls.append(url)
    }
    for (number, url) in urls.enumerated() where urls.prefix(number).contains(url) {
      report("make URLs for \(keys.count) keys", expected: "one for each", seen: "\(url) twice")
    }
    let records = keys.indices.map { Record(value(50 + $0, $0)) }
    for (key, record) in zip(keys, records) { guard await store(record, at: key) else { return } }
    for (number, key) in keys.enumerated() {
      await expect(records[number], at: [urls[number]], "make the URL of \(key), put \(show(records[number])) there")
      if let again = driver.url(for: key) {
        await expect(records[number], at: [again], "put \(show(records[number])) at \(key), make its URL again")
      }
    }
    guard facts.capabilities(for: .mutable).contains(.delete) else { return }
    _ = await delete(keys[0])
    await expect(nil, at: [urls[0]], "put at \(keys[0]), delete it")
    await expect(records[1], at: [urls[1]], "put at \(keys[0]) and \(keys[1]), delete \(keys[0])")
    await expect(records[2], at: [urls[0], urls[2]], "delete \(keys[0]), ask for its URL and that of \(keys[2])")
  }

  private func expect(_ record: Record?, at urls: [StorageURL], _ action: String) async {
    let reply = await get(urls)
    if case .success(let seen) = reply, matches(seen, record) { return }
    report(
      "\(action), get \(urls.map(\.string).joined(separator: ", "))", expected: show(record),
      seen: difference(reply, from: record))
  }
}
