#if HTTP
  public import MetaDriver
  public import MetaDriverHTTP

  /// A collection of a WebDAV server: one resource for each key, which any other program can read.
  ///
  /// ```swift
  /// let cloud = WebDAVDriver(
  ///   at: "https://cloud.example/remote.php/dav/files/alice/profiles", name: "cloud",
  ///   credentials: .basic(user: "alice", password: Secret(token)))
  /// try await cloud.put(bytes, at: .mutable("alice/profile"))
  /// print(cloud.url(for: .mutable("alice/profile"))!)
  /// ```
  ///
  /// A record without a stamp is stored as its bare bytes; a stamped one in the envelope of `Record`, whose digest finds out
  /// what was torn or changed. A put sends the bytes to a name of their own and moves that, so that no cut leaves half a copy,
  /// and readers find the old one or the new one if the server moves in one step (``Replacement``). The server's tag and date of a copy are in its `facts`.
  ///
  /// Puts of one key reach the server in the order in which they were made by this process. Servers do not compare: of two
  /// processes, the one that writes last wins. There are no conditional puts, because the servers that were tried write
  /// whatever `If-Match` and `If-None-Match` say.
  ///
  /// ## The collection
  ///
  /// | | |
  /// |---|---|
  /// | `mutable/5b/alice=2fprofile` | a mutable datum, under the names that `DiskDriver` gives its files |
  /// | `immutable/9f/9f86d081…` | an immutable datum |
  /// | `tmp/` | bytes that have no name yet; those that are a day old are removed when the store is opened |
  /// | `metadriver-webdav.txt` | says that the collection is a store, and of which format |
  ///
  /// What the server says is absent is believed only if `metadriver-webdav.txt` is there at that moment: a folder that is not
  /// mounted, or a proxy with an error page of its own, never makes data absent.
  ///
  /// ## Errors
  ///
  /// `unavailable` when the collection is not there, or something else answers at the address; `denied`, with the credentials
  /// to check; `corrupt` for a torn or foreign envelope; `noSpace` (507), `throttled`, `tooLarge`, `closed` as they say. A put
  /// that fails leaves the old value, unless its error's effect is `unknown`. Cancellation, and the deadline, end the request
  /// under way; a write's effect is then `unknown` if its last step was sent.
  ///
  /// ## Cost
  ///
  /// A get is one request, and one more when nothing is there. A put is two, and one or two more for the first key in one of
  /// 256 collections; a delete one. A page of a listing asks about every collection of its kind, and reads the head of every
  /// copy on it, eight at once.
  public struct WebDAVDriver: Driver {
    private let store: WebDAVStore
    private let domain: String?

    /// Describes a store in a collection. Nothing is sent before the first use.
    ///
    /// - Parameters:
    ///   - url: The collection's address, as the server itself knows it.
    ///   - name: What to call it in reports, and the name of its credentials in a call.
    ///   - credentials: A user and a password, or a token.
    ///   - domain: What fails together with it, for the analysis.
    ///   - maximumByteCount: The largest datum, in bytes: a larger one is not written, and not read.
    ///   - replacement: How a put takes the place of what is stored.
    ///   - createsCollection: Whether to make the collection if the one above it exists, and a store of it if it is none yet.
    ///     Without it, one that is not there is `unavailable`, and never mistaken for an empty store.
    ///   - client: Sends the requests.
    public init(
      at url: String, name: String? = nil, credentials: HTTPCredentials? = nil, domain: String? = nil,
      maximumByteCount: Int = 1 << 30, replacement: Replacement = .atomic, createsCollection: Bool = true,
      client: any HTTPClient = CurlClient.shared
    ) {
      precondition(maximumByteCount >= 0, "a datum cannot have at most \(maximumByteCount) bytes")
      let address = Result { () throws(DriverError) in try HTTPAddress(url) }
      let leaf = Leaf(name, identity: (try? address.get()).map { "webdav:\($0)" })
      store = WebDAVStore(
        address, leaf: leaf, client: client, credentials: credentials, maximumByteCount: maximumByteCount,
        replacement: replacement, createsCollection: createsCollection)
      self.domain = domain
    }

    /// Which store this is: the same for every driver of the same address.
    public var leaf: Leaf? { store.leaf }

    /// `WebDAVDriver`, with its address and the way it replaces.
    public var outline: Outline {
      var outline = Outline(
        leaf: store.leaf, kind: "WebDAVDriver",
        capabilities: [.get, .put, .delete, .list, .stat, .makeURL, .getURL], domain: domain,
        parameters: ["at": (try? store.address.get().string) ?? "", "replacement": "\(store.replacement)"])
      outline.remarks = store.client.remarks
      if case .failure(let error) = store.address {
        outline.remarks.append(
          Remark(.error, error.message, mend: "Give WebDAVDriver an address such as https://cloud.example/dav/profiles")
        )
      }
      return outline
    }

    /// Reads one datum.
    ///
    /// - Throws: `corrupt` when the stored copy is damaged, or another key's; `tooLarge` when it is beyond the maximum.
    public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await store.read(key, in: context)
    }

    /// Writes one datum, whatever is stored.
    public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await store.write(record, at: key, in: context)
    }

    /// Removes one datum, damaged or not.
    public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await store.remove(key, in: context)
    }

    /// Lists one page of keys. A damaged copy is listed with the bytes it takes and no stamp.
    ///
    /// - Complexity: O(n) names read for n stored keys, and a request for each entry of the page.
    public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await store.list(request, in: context)
    }

    /// Describes one copy by its first bytes.
    ///
    /// - Throws: `corrupt` when these are damaged, by as little as one bit; damage behind them goes unseen.
    public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await store.ready(in: context)
      guard let head = try await store.head(key, in: context) else {
        try await store.confirm(in: context)
        return nil
      }
      return try Record.stat(decoding: head.bytes, storedByteCount: head.byteCount, for: key)
    }

    /// Looks whether the collection is a store, makes it one if it is to be made, and removes what dead writers left.
    /// Idempotent.
    public func open(in context: Context) async throws(DriverError) -> Receipt {
      try await store.ready(in: context)
      return Receipt(.opened)
    }

    /// Later calls throw `closed`. The client, which others may use, stays.
    public func close(in context: Context) async throws(DriverError) { store.close() }

    /// The address of the datum's resource; `nil` when it would be longer than URLs may be.
    public func url(for key: Key) -> StorageURL? {
      (try? store.url(StoredName(key).path)).flatMap { try? StorageURL($0) }
    }

    /// Whether a URL is that of a resource of this store, there or not, however its characters are escaped.
    public func handles(_ url: StorageURL) -> Bool { key(of: url) != nil }

    /// Reads from the first of the URLs that has a good copy, in their order, asking only for those of this store.
    ///
    /// - Throws: `unroutable` when none is of this store. When no good copy is found and one could not be read, the first
    ///   such failure, naming the others.
    public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
      let place = (try? store.address.get().string) ?? ""
      return try await get(anyOf: urls.compactMap(key(of:)), for: urls, at: "of a resource below \(place)", in: context)
    }

    private func key(of url: StorageURL) -> Key? {
      guard let base = try? store.address.get(), let address = try? HTTPAddress(url.string),
        address.origin == base.origin, address.path.utf8.starts(with: "\(base.path)/".utf8)
      else { return nil }
      return StoredName.key(at: String(decoding: address.path.utf8.dropFirst(base.path.utf8.count + 1), as: UTF8.self))
    }
  }
#endif
