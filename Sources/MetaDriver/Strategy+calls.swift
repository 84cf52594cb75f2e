/// What an application asks of a strategy.
extension Strategy {
  // MARK: Mutable data

  /// Reads one datum.
  ///
  /// - Returns: The copy that the tree's rules choose; `nil` when authoritatively nothing is stored, or it was deleted.
  public func get(_ id: DataID, options: CallOptions? = nil) async throws(DriverError) -> Record? {
    try await get(.mutable(id), options)
  }

  /// Writes one datum.
  ///
  /// - Returns: What became of the write at each driver.
  @discardableResult
  public func put(
    _ bytes: [UInt8], at id: DataID, options: CallOptions? = nil
  ) async throws(DriverError) -> Receipt {
    try await put(bytes, .mutable(id), options)
  }

  /// Writes one datum if a condition holds; the check and the write are one step.
  ///
  /// ```swift
  /// try await profiles.put(bytes, at: "alice/profile", if: .absent)      // create: never overwrite
  /// ```
  ///
  /// Not every tree can: `Strategy(_:runtime:visibility:needs:_:)` with `.compareAndPut` refuses one that cannot when it is
  /// composed, and says which node is the reason.
  ///
  /// - Returns: What became of the write at each driver.
  /// - Throws: `conflict` when the condition does not hold, and nothing was changed; `unsupported` where the tree cannot
  ///   check and write in one step, before any driver is touched. An error whose effect is `unknown` leaves open whether
  ///   the write was made: read before you decide again.
  @discardableResult
  public func put(
    _ bytes: [UInt8], at id: DataID, if condition: Precondition, options: CallOptions? = nil
  ) async throws(DriverError) -> Receipt {
    let key = Key.mutable(id)
    return try await call("put of \(key)", isWrite: true, .compareAndPut, on: key.kind, options) {
      context throws(DriverError) in
      try await self.root.put(Record(bytes), at: key, if: condition, to: 0, context)
    }
  }

  /// Overwrites one datum unless somebody else wrote it since: ``put(_:at:if:options:)`` with the stamp of the copy that
  /// was read, in trees that stamp.
  ///
  /// ```swift
  /// while let read = try await profiles.get("alice/profile"), let stamp = read.stamp {
  ///   do throws(DriverError) {
  ///     try await profiles.put(read.bytes + bytes, at: "alice/profile", ifUnchangedSince: stamp)
  ///     break
  ///   } catch {
  ///     guard error.code == .conflict else { throw error }               // somebody was faster: read again
  ///   }
  /// }
  /// ```
  ///
  /// - Returns: What became of the write at each driver.
  /// - Throws: As ``put(_:at:if:options:)`` does.
  @discardableResult
  public func put(
    _ bytes: [UInt8], at id: DataID, ifUnchangedSince stamp: Stamp, options: CallOptions? = nil
  ) async throws(DriverError) -> Receipt {
    try await put(bytes, at: id, if: .unchanged(since: stamp), options: options)
  }

  /// Deletes one datum. Deleting what is absent succeeds, and the receipt says so.
  ///
  /// - Parameters:
  ///   - id: The datum.
  ///   - proof: Proof that the delete belongs to an earlier put, stored with the tombstone in trees that stamp.
  ///   - options: What else the drivers are told.
  @discardableResult
  public func delete(
    _ id: DataID, proof: DeletionProof? = nil, options: CallOptions? = nil
  ) async throws(DriverError) -> Receipt {
    try await delete(.mutable(id), proof, options)
  }

  // MARK: Immutable data

  /// Reads one datum by its hash. Whatever the tree answers is checked against the hash once more.
  ///
  /// The URLs of a ``LocationsHint`` are asked first, in order; one that fails or holds other bytes is passed over.
  ///
  /// - Throws: `corrupt` when the tree answers with other bytes.
  public func getImmutable(_ hash: ContentHash, options: CallOptions? = nil) async throws(DriverError) -> Record? {
    let key = Key.immutable(hash)
    // One call, so that the caller's time limit covers the hints and the tree together.
    return try await call("get of \(key)", isWrite: false, .get, on: key.kind, options) { context throws(DriverError) in
      for url in options?.hints[LocationsHint.self] ?? [] where self.root.handles(url) {
        do throws(DriverError) {
          let record = try await self.root.get([url], at: 0, context)
          if let record, !record.isTombstone, ContentHash(of: record.bytes) == hash { return record }
        } catch {
          // A hint may be wrong in every way there is: the next one, and then the tree itself, are asked.
          if Task.isCancelled { throw error }
        }
      }
      let found = try await self.root.get(key, at: 0, context)
      try context.bounds?.check(found, of: "\(key)")
      guard let record = found, !record.isTombstone else { return nil }
      try record.checkHash(of: key, "the answer to a get")
      return record
    }
  }

  /// Writes one datum under the hash of its bytes.
  ///
  /// - Returns: The hash, and what became of the write at each driver.
  @discardableResult
  public func putImmutable(
    _ bytes: [UInt8], options: CallOptions? = nil
  ) async throws(DriverError) -> (hash: ContentHash, receipt: Receipt) {
    let hash = ContentHash(of: bytes)
    let receipt = try await put(bytes, .immutable(hash), options)
    return (hash, receipt)
  }

  /// Deletes one datum by its hash.
  @discardableResult
  public func deleteImmutable(
    _ hash: ContentHash, proof: DeletionProof? = nil, options: CallOptions? = nil
  ) async throws(DriverError) -> Receipt {
    try await delete(.immutable(hash), proof, options)
  }

  // MARK: Listings and URLs

  /// Lists one page of keys, deleted ones left out. A page can be empty and yet have a next one.
  ///
  /// ```swift
  /// var request = ListRequest(prefix: "alice/")
  /// while true {
  ///   let page = try await profiles.list(request)
  ///   show(page.entries)
  ///   guard let next = page.next else { break }
  ///   request = ListRequest(prefix: "alice/", after: next)
  /// }
  /// ```
  public func list(_ request: ListRequest = ListRequest(), options: CallOptions? = nil) async throws(DriverError)
    -> Page
  {
    var page = try await call("list", isWrite: false, .list, on: request.kind, options) { context throws(DriverError) in
      try await self.root.list(request, at: 0, context)
    }
    page.entries.removeAll(where: \.stat.isTombstone)
    return page
  }

  /// The URL under which a datum is, or would be, stored; `nil` when no driver makes one.
  public func url(for key: Key) -> StorageURL? { root.url(for: key, among: [0]) }

  /// Reads by URL from the drivers that answer for it.
  ///
  /// - Throws: `unroutable` when none does.
  public func get(url: StorageURL, options: CallOptions? = nil) async throws(DriverError) -> Record? {
    try await get(urls: [url], options: options)
  }

  /// Reads by several URLs: drivers in their order, each only for the URLs that it handles, in their order.
  ///
  /// - Throws: `unroutable` when no driver handles any of them.
  public func get(urls: [StorageURL], options: CallOptions? = nil) async throws(DriverError) -> Record? {
    let record = try await call("get by URL", isWrite: false, .getURL, on: nil, options) {
      context throws(DriverError) in
      guard urls.contains(where: self.root.handles) else {
        throw DriverError(.unroutable, "no driver answers for \(urls.map(\.string).joined(separator: ", "))")
      }
      let found = try await self.root.get(urls, at: 0, context)
      try context.bounds?.check(found, of: "what the URLs name")
      return found
    }
    return record.flatMap { $0.isTombstone ? nil : $0 }
  }

  // MARK: Both kinds

  private func get(_ key: Key, _ options: CallOptions?) async throws(DriverError) -> Record? {
    let record = try await call("get of \(key)", isWrite: false, .get, on: key.kind, options) {
      context throws(DriverError) in
      let found = try await self.root.get(key, at: 0, context)
      // Composites look for a copy within bounds; whether one was found, a tree without any must be told too.
      try context.bounds?.check(found, of: "\(key)")
      return found
    }
    return record.flatMap { $0.isTombstone ? nil : $0 }
  }

  private func put(_ bytes: [UInt8], _ key: Key, _ options: CallOptions?) async throws(DriverError) -> Receipt {
    try await call("put of \(key)", isWrite: true, .put, on: key.kind, options) { context throws(DriverError) in
      try await self.root.put(Record(bytes), at: key, to: 0, context)
    }
  }

  private func delete(
    _ key: Key, _ proof: DeletionProof?, _ options: CallOptions?
  ) async throws(DriverError) -> Receipt {
    try await call("delete of \(key)", isWrite: true, .delete, on: key.kind, options) { context throws(DriverError) in
      try await self.root.delete(key, proof: proof, at: 0, context)
    }
  }
}
