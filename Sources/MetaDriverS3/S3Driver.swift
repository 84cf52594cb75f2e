#if HTTP
  public import MetaDriver
  public import MetaDriverHTTP

  /// A bucket of an S3 server: Amazon's, or that of any private cloud which speaks the protocol.
  ///
  /// ```swift
  /// let credentials = S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(token))
  /// let eu = S3Driver(
  ///   bucket: "profiles", name: "eu", region: "eu-west-1", prefix: "v1", credentials: .fixed(credentials),
  ///   domain: "aws/eu-west-1")
  /// try await eu.put(bytes, at: .mutable("alice/profile"))   // the object v1/mutable/alice.2fprofile
  /// ```
  ///
  /// A record without a stamp is an object of its bare bytes; a stamped one has its stamp in the object's user metadata, or
  /// in an envelope in front of the bytes: see ``StampPlace``. Ids are encoded so that no two share an object, and objects
  /// are listed in the order of the ids; an id whose object would have a name of more than 1,024 bytes is `invalidKey`.
  ///
  /// ## Order of puts
  ///
  /// Without ``Conditions``, puts of one key are kept in order within this process, and that is all: `fifo`. With them, an
  /// older stamp never replaces a newer one, whoever writes, and conditional puts are one step: `newestWins`. Because some
  /// servers ignore conditions and write all the same, the server is put to the proof when the driver is opened or before
  /// its first write: with an object below `probe/` that is removed again. One that fails it is `unsupported`. Ask
  /// ``proven(in:)`` when you do not know the server.
  ///
  /// ## Errors
  ///
  /// The server's code decides, and the message says what to check. Only "no such key" is absence: a missing bucket, a page
  /// of a proxy or of a login in between are `unavailable`. A wrong clock of this machine is noticed, and corrected once
  /// for each request, by the server's clock. `throttled` says how long the server asked to be left alone. No error shows
  /// a secret, or what the server wrote beside its code.
  ///
  /// ## Cost
  ///
  /// A get and a put are one request, a stat one of the first 62 bytes. A delete is two, as is a put of a tombstone: one
  /// looks what is there. A put that relies on conditions is two. A page of a listing is one request for 1,000 keys, and
  /// one stat for each, 16 at a time, because the server's listing says nothing of stamps. A datum larger than the
  /// threshold is sent in parts, 4 at a time, from where its bytes are.
  ///
  /// The deadline and cancellation end the request that is under way; a put that was sent may then have been made: the
  /// error's effect says so.
  public struct S3Driver: Driver {
    let store: S3Store
    private let storeLeaf: Leaf

    /// Describes a store in a bucket. Nothing is asked of the server before the first use.
    ///
    /// What is wrong with the bucket's name, the endpoint or the prefix is found when the tree is composed.
    ///
    /// - Parameters:
    ///   - bucket: The bucket, which must exist.
    ///   - name: What to call it in reports, and the name of the secret where ``CredentialSource/ofCall`` is given.
    ///   - region: The region, which is part of every signature. Servers of private clouds mostly take `us-east-1`.
    ///   - endpoint: The server, such as `https://storage.example:9000`; Amazon's in the region when it is not given.
    ///   - prefix: What the names of all objects begin with: letters, digits and `!-_.*'()`, with slashes between.
    ///   - addressing: Where in an address the bucket stands.
    ///   - credentials: Who signs the requests.
    ///   - stamps: Where stamps are kept. A driver that relies on conditions keeps them in the envelope whatever is said
    ///     here: the tag that the server compares is of the bytes, and does not see metadata.
    ///   - conditions: Which conditional requests the driver relies on. With any, every datum is sent in one request,
    ///     which takes 5 GiB.
    ///   - domain: What fails together with it, for the analysis.
    ///   - maximumByteCount: The largest datum, in bytes: a larger one is not written, and not read.
    ///   - multipartThreshold: Data of more bytes than this are sent in parts.
    ///   - partByteCount: The size of a part in bytes, at least 5 MiB; larger where there would be more than 10,000.
    ///   - abandonedUploads: How old an upload below the prefix is that `open` gives up, because whoever began it is dead;
    ///     `nil` leaves that to a rule of the bucket. The parts of such uploads cost money and are not to be seen.
    ///   - client: What sends the requests.
    public init(
      bucket: String, name: String? = nil, region: String = "us-east-1", endpoint: String? = nil, prefix: String = "",
      addressing: Addressing = .path, credentials: CredentialSource = .ofCall, stamps: StampPlace = .metadata,
      conditions: Conditions = .unused, domain: String? = nil, maximumByteCount: Int = 1 << 30,
      multipartThreshold: Int = 16 << 20, partByteCount: Int = 16 << 20, abandonedUploads: Duration? = nil,
      client: any HTTPClient = CurlClient.shared
    ) {
      precondition(maximumByteCount >= 0, "a datum cannot have at most \(maximumByteCount) bytes")
      precondition(multipartThreshold >= 0, "no datum has more than \(multipartThreshold) bytes and less than none")
      let setting = S3Setting(
        bucket: bucket, name: name, region: region, endpoint: endpoint, prefix: prefix, addressing: addressing,
        credentials: credentials, stamps: conditions == .unused ? stamps : .envelope, conditions: conditions,
        domain: domain, maximumByteCount: maximumByteCount, multipartThreshold: multipartThreshold,
        partByteCount: partByteCount, abandonedUploads: abandonedUploads)
      self.init(S3Store(setting, client: client))
    }

    private init(_ store: S3Store) {
      self.store = store
      let place = try? store.place.get()
      storeLeaf = Leaf(
        store.setting.name, identity: place.map { "s3:\($0.endpoint)/\($0.bucket)/\($0.prefix)" },
        ordering: store.setting.conditions == .unused ? .fifo : .newestWins)
    }

    /// The same driver, relying on the conditional requests that the server was found to bear: on none where it bears
    /// none. It is a driver of its own, to be put into a tree in the place of this one.
    ///
    /// ```swift
    /// let hall = try await S3Driver(bucket: "profiles", name: "hall", endpoint: "https://storage.example:9000").proven()
    /// ```
    ///
    /// Costs nine to eleven requests, on an object below `probe/` that is removed again.
    ///
    /// - Parameter context: The context of the call, which brings the credentials where those of the call are used.
    /// - Throws: What kept it from finding out: that is no proof of anything.
    public func proven(in context: Context = Context()) async throws(DriverError) -> S3Driver {
      let proof = try await store.prove(in: context)
      var setting = store.setting
      setting.conditions = proof.conditions
      if setting.conditions != .unused { setting.stamps = .envelope }
      return S3Driver(S3Store(setting, client: store.client, proof: proof))
    }

    /// Which conditional requests the driver relies on.
    public var conditions: Conditions { store.setting.conditions }

    /// Which store this is: the same for every driver of the same prefix of the same bucket.
    public var leaf: Leaf? { storeLeaf }

    /// `S3Driver`, with its place and what it relies on.
    public var outline: Outline {
      var capabilities: Capabilities = [.get, .put, .delete, .list, .stat, .makeURL, .getURL]
      if conditions != .unused { capabilities.insert(.compareAndPut) }
      if conditions == .putsAndDeletes { capabilities.insert(.compareAndDelete) }
      let place = try? store.place.get()
      var outline = Outline(
        leaf: storeLeaf, kind: "S3Driver", capabilities: capabilities, domain: store.setting.domain,
        parameters: [
          "bucket": place?.bucket ?? "?", "at": place?.endpoint ?? "?", "prefix": place?.prefix ?? "?",
          "stamps": store.setting.stamps.rawValue, "conditions": conditions.rawValue,
        ])
      if outline.parameters.last?.value == Conditions.unused.rawValue { outline.parameters.removeLast() }
      outline.parameters.removeAll { $0.value.isEmpty }
      outline.remarks = remarks
      return outline
    }

    private var remarks: [Remark] {
      var remarks = store.client.remarks
      switch store.place {
      case .failure(let error): remarks.append(Remark(.error, error.message, mend: "Mend it where the driver is made"))
      case .success(let place):
        if place.isPlain, !place.isLocal {
          remarks.append(
            Remark(
              .warning, "\(place.endpoint) is not encrypted: whoever is on the way reads and changes the data",
              mend: "Use https"))
        }
      }
      return remarks
    }

    /// Reads one datum.
    ///
    /// - Throws: `corrupt` when the stored copy is damaged, or another key's; `tooLarge` when it is beyond the maximum.
    public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await store.get(key, in: context)
    }

    /// Lists one page of keys. A damaged copy is listed with the bytes it takes and no stamp.
    ///
    /// - Throws: `unsupported` when the server lists objects out of order.
    public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await store.list(request, in: context)
    }

    /// Describes one copy by its metadata and its first bytes.
    ///
    /// - Throws: `corrupt` when these are damaged; damage behind them goes unseen.
    public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await store.look(key, in: context).stat()
    }

    /// Gives up abandoned uploads, if asked to, and puts the server to the proof, if the driver relies on conditions.
    /// Idempotent.
    public func open(in context: Context) async throws(DriverError) -> Receipt {
      _ = try store.place.get()
      if conditions != .unused { _ = try await store.proven(in: context) }
      if let age = store.setting.abandonedUploads {
        try await store.giveUpAbandoned(olderThan: age, in: context)
      }
      return Receipt(.opened)
    }
  }
#endif
