#if HTTP
  public import MetaDriver

  /// A source on the plain web, to read from: whatever a web server, an object store's public address or a CDN serves.
  ///
  /// ```swift
  /// let cdn = HTTPDriver(at: "https://cdn.example/data", name: "cdn", layout: .names)
  /// let copy = try await cdn.get(.mutable("alice/profile"))        // https://cdn.example/data/alice/profile
  /// print(copy?.facts?.entityTag ?? "no tag")
  /// ```
  ///
  /// Somebody else writes: a `DiskDriver` whose folder is served, a build, an editor. A copy is read whole, from its
  /// envelope if it has one; the server's `ETag` and `Last-Modified` are kept as facts of the record.
  ///
  /// ## Errors
  ///
  /// Statuses 404 and 410 mean absent; so does a wrong base address, of which nobody can tell. 401 and 403 are `denied`, 429
  /// and 503 `throttled` (with what `Retry-After` asks), other 5xx `unavailable`. A page that somebody on the way answers
  /// with status 200 looks like the datum, unless it is known to have a certain `contentType`, to be stamped, or to be
  /// `Verified`. Redirects are followed five times, never to another scheme, and never to a private address unless the
  /// driver is made so.
  ///
  /// ## Cost
  ///
  /// One request for each call. `stat` asks for the first bytes only, where the server knows ranges.
  public struct HTTPDriver: Driver {
    let source: HTTPSource
    private let storeLeaf: Leaf
    private let domain: String?

    /// Describes a source. Nothing is asked before the first use.
    ///
    /// - Parameters:
    ///   - base: The address that all data is below, `http` or `https`, percent-encoded. A strategy does not compose with
    ///     one that is none, and every call throws `unroutable`.
    ///   - name: What to call it in reports, and under which name a call's `Credentials` have its secret.
    ///   - layout: Where below the base a datum is.
    ///   - headers: What each request has besides. `{credential}` in a value is replaced by the call's secret, or else by the
    ///     driver's; the field is then never printed, and never sent to another host. Fields are not sent to addresses
    ///     that are not below the base.
    ///   - credential: The secret of calls that bring none.
    ///   - contentType: The media type that every reply must have, such as `application/json`; `nil` takes any.
    ///   - claimsEveryURL: Whether it answers for every `http` and `https` URL, and not only for those below the base. Other
    ///     people's URLs never lead it to a private address.
    ///   - followsToPrivateAddresses: Whether a redirect may lead to an address of a private network.
    ///   - maximumByteCount: The largest datum that is read, in bytes.
    ///   - domain: What fails together with it, for the analysis.
    ///   - client: What sends the requests.
    public init(
      at base: String, name: String? = nil, layout: HTTPLayout = .folder, headers: HTTPHeaders = [:],
      credential: Secret? = nil, contentType: String? = nil, claimsEveryURL: Bool = false,
      followsToPrivateAddresses: Bool = false, maximumByteCount: Int = 1 << 30, domain: String? = nil,
      client: any HTTPClient = CurlClient.shared
    ) {
      precondition(maximumByteCount >= 0, "a datum cannot have at most \(maximumByteCount) bytes")
      source = HTTPSource(
        base: base, name: name, layout: layout, headers: headers, credential: credential, contentType: contentType,
        claimsEveryURL: claimsEveryURL, followsToPrivateAddresses: followsToPrivateAddresses,
        maximumByteCount: maximumByteCount, client: client)
      storeLeaf = Leaf(name, identity: "http:\(source.place)", ordering: .none)
      self.domain = domain
    }

    /// Which store this is: the same for every driver of the same base address.
    public var leaf: Leaf? { storeLeaf }

    /// `HTTPDriver`, with its base address.
    public var outline: Outline {
      var outline = Outline(
        leaf: storeLeaf, kind: "HTTPDriver", capabilities: [.get, .stat, .makeURL, .getURL], domain: domain,
        parameters: ["at": source.place])
      outline.remarks = source.client.remarks
      if let mistake = source.mistake {
        outline.remarks.append(Remark(.error, mistake, mend: "give an address such as https://cdn.example/data"))
      }
      return outline
    }

    /// Reads one datum.
    ///
    /// - Throws: `corrupt` when the copy is damaged, or another key's; `tooLarge` when it is beyond the maximum;
    ///   `invalidKey` when the layout has no place for the key.
    public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      let url = try source.url(of: key)
      guard let response = try await source.fetch(url, "get of \(key)", in: context) else { return nil }
      return try source.record(response, key)
    }

    /// Describes one copy by its first bytes, with one request for a range; all of it is read from a server that has none.
    ///
    /// - Throws: `corrupt` when these bytes are damaged; damage behind them goes unseen.
    public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      let url = try source.url(of: key)
      let head = try await source.fetch(url, "stat of \(key)", range: Record.envelopeByteCount, in: context)
      guard let head else { return nil }
      if let byteCount = head.wholeByteCount(askedFor: Record.envelopeByteCount) {
        return try Record.stat(decoding: head.body, storedByteCount: byteCount, for: key)
      }
      return try await get(key, in: context).map(Stat.init(of:))
    }

    /// The address of the datum; `nil` where the layout has no place for the key.
    public func url(for key: Key) -> StorageURL? { (try? source.url(of: key)).flatMap { try? StorageURL($0) } }

    /// Whether a URL is below the base address; every `http` and `https` URL, if the driver claims those.
    public func handles(_ url: StorageURL) -> Bool {
      source.mistake == nil && (source.isBelow(url) || source.claimsEveryURL && url.isWeb)
    }

    /// Reads from the first of the URLs that has a good copy, in their order, asking only for those that it handles. A copy
    /// in an envelope is read only from a URL that the layout gives a key.
    ///
    /// - Throws: `unroutable` when it handles none. When no good copy is found and one could not be read, the first such
    ///   failure, naming the others.
    public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
      let urls = urls.filter(handles)
      guard !urls.isEmpty else {
        throw DriverError(.unroutable, "none of the URLs is below \(source.place)")
      }
      return try await get(anyOf: urls) { url throws(DriverError) in
        let isOwn = source.isBelow(url)
        let response = try await source.fetch(url.string, "get of \(url.shown)", isOwn: isOwn, in: context)
        return try response.map { response throws(DriverError) in
          try source.record(response, isOwn ? source.key(of: url) : nil)
        } ?? nil
      }
    }

    /// Not supported: the source is somebody else's.
    public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      throw readOnly("put")
    }

    /// Not supported: the source is somebody else's.
    public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      throw readOnly("delete")
    }

    private func readOnly(_ operation: String) -> DriverError {
      DriverError(.unsupported, "\(outline.component) has no \(operation): a source on the web is read only")
    }
  }
#endif
