#if HTTP
  public import MetaDriver
  public import MetaDriverHTTP

  /// An etcd cluster: small data that must be right and at once everywhere, such as journals, floors, the state of a migration.
  ///
  /// ```swift
  /// let etcd = EtcdDriver(
  ///   at: ["http://10.0.0.1:2379", "http://10.0.0.2:2379", "http://10.0.0.3:2379"], name: "etcd",
  ///   credentials: .basic(user: "profiles", password: Secret(token)))
  /// let journaled = ReadYourWrites(journal: etcd) { Quorum(read: 2, write: 2) { disk; eu; us } }
  /// ```
  ///
  /// A write is a transaction that etcd carries out only if nobody changed the key since it was read, so that an older stamp
  /// never replaces a newer one, and a conditional put is one step, for all clients everywhere. Reads are linearizable: they
  /// find every write that ended before they began. The revision of a copy's last change is in its `facts`.
  ///
  /// ## The keys
  ///
  /// `metadriver/m/` and the id of a mutable datum as it is, `metadriver/i/` and the hash of an immutable one, or another
  /// prefix. A record without a stamp is its bare bytes, a stamped one is in the envelope of `Record`.
  ///
  /// ## Several endpoints
  ///
  /// The endpoint that answered last is asked first; one that fails is asked last for the next ten seconds, so that a member
  /// that does not answer costs one time-out. A read goes on to the next endpoint. So does a write of which nothing was
  /// sent; one whose reply was lost is looked for: while the key is as it was, the same transaction is sent again, of which
  /// etcd carries out one at most; otherwise what is stored tells what became of it, or the error's effect is `unknown`.
  ///
  /// When no endpoint answers, all are asked again, pass after pass with longer pauses (up to 2 s), as long as the deadline
  /// of the call leaves time; without a deadline, for ten time-outs. So a call outlasts an election, and members that are
  /// started again. What every endpoint refuses for good is asked once. A learner serves nobody: the next one is asked.
  ///
  /// ## Errors
  ///
  /// `tooLarge` before anything is sent; `denied`, with the credentials to check; `noSpace` when etcd's own quota is used up;
  /// `throttled` when others write the same key all the time; `unavailable` and `timedOut`, naming what each endpoint said,
  /// when there is no quorum before no time is left, and for an address where something else answers; `corrupt` for a damaged copy, which a put without a
  /// condition replaces. Cancellation, and the deadline, end the request under way; a write's effect is then `unknown`.
  ///
  /// ## Cost
  ///
  /// A get is one request, a put or a delete two, a create (`if: .absent`) one. A page of a listing reads the values too,
  /// because etcd does not tell their sizes. The cluster keeps old revisions until somebody compacts it.
  public struct EtcdDriver: Driver {
    private let store: EtcdStore
    private let keyspace: EtcdKeyspace
    private let domain: String?
    private let maximumByteCount: Int

    /// Describes a store in a cluster. Nothing is sent before the first use.
    ///
    /// - Parameters:
    ///   - endpoints: The addresses of the members' client ports, in the order in which they are asked.
    ///   - name: What to call it in reports, and the name of its credentials in a call.
    ///   - prefix: What all keys begin with. Two stores of one cluster need prefixes that do not begin with each other.
    ///   - credentials: A user and a password, for which the driver gets tokens; or a token.
    ///   - domain: What fails together with it, for the analysis.
    ///   - maximumByteCount: The largest datum, in bytes. etcd takes requests of 1.5 MiB (`--max-request-bytes`), and serves
    ///     best what is much smaller.
    ///   - timeout: How long one endpoint may take for one request before the next is asked; longer than an election takes.
    ///   - client: Sends the requests.
    public init(
      at endpoints: [String], name: String? = nil, prefix: String = "metadriver/", credentials: HTTPCredentials? = nil,
      domain: String? = nil, maximumByteCount: Int = 1 << 20, timeout: Duration = .seconds(2),
      client: any HTTPClient = CurlClient.shared
    ) {
      precondition(maximumByteCount >= 0, "a datum cannot have at most \(maximumByteCount) bytes")
      precondition(timeout > .zero, "an endpoint cannot answer within \(timeout)")
      let addresses = Self.addresses(endpoints)
      let place = (try? addresses.get().map(\.string).joined(separator: ", ")) ?? ""
      keyspace = EtcdKeyspace(prefix: prefix)
      store = EtcdStore(
        addresses, leaf: Leaf(name, identity: "etcd:\(place) \(prefix)", ordering: .newestWins), client: client,
        credentials: credentials, timeout: timeout)
      self.domain = domain
      self.maximumByteCount = maximumByteCount
    }

    private static func addresses(_ endpoints: [String]) -> Result<[HTTPAddress], DriverError> {
      do throws(DriverError) {
        guard !endpoints.isEmpty else {
          throw DriverError(
            .unavailable, "this EtcdDriver has no endpoints: give it the addresses of the members' client ports",
            effect: .unchanged, isRetryable: false)
        }
        var addresses: [HTTPAddress] = []
        for endpoint in endpoints {
          let address = try HTTPAddress(endpoint)
          if !addresses.contains(address) { addresses.append(address) }
        }
        return .success(addresses)
      } catch { return .failure(error) }
    }

    /// Which store this is.
    public var leaf: Leaf? { store.leaf }

    /// `EtcdDriver`, with its endpoints and prefix.
    public var outline: Outline {
      let place = (try? store.endpoints.get().map(\.string).joined(separator: ", ")) ?? ""
      var outline = Outline(
        leaf: store.leaf, kind: "EtcdDriver",
        capabilities: [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete], domain: domain,
        parameters: ["at": place, "prefix": keyspace.prefix])
      outline.remarks = store.client.remarks
      if case .failure(let error) = store.endpoints {
        outline.remarks.append(
          Remark(.error, error.message, mend: "Give EtcdDriver addresses such as http://host:2379"))
      }
      return outline
    }

    /// Reads one datum, as it is at some moment of the call.
    ///
    /// - Throws: `corrupt` when the stored copy is damaged, or another key's.
    public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await store.read(key, at: keyspace.key(of: key), byteLimit: byteLimit, in: context)?.record.get()
    }

    /// Writes one datum, unless a newer one is there. A damaged copy is replaced.
    ///
    /// - Throws: `tooLarge` beyond the maximum, before anything is sent.
    public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await write(record, at: key, if: nil, in: context)
    }

    /// Writes one datum if a condition holds, in one step for all clients.
    ///
    /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say.
    public func put(
      _ record: Record, at key: Key, if condition: Precondition, in context: Context
    ) async throws(DriverError) -> Receipt {
      try await write(record, at: key, if: condition, in: context)
    }

    /// Removes one datum, damaged or not.
    public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await write(nil, at: key, if: nil, in: context)
    }

    /// Removes one datum if a condition holds, in one step for all clients.
    ///
    /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say.
    public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt
    {
      try await write(nil, at: key, if: condition, in: context)
    }

    private func write(
      _ record: Record?, at key: Key, if condition: Precondition?, in context: Context
    ) async throws(DriverError) -> Receipt {
      if let record, record.bytes.count > maximumByteCount {
        throw DriverError(
          .tooLarge, "\(key) has \(record.bytes.count) bytes, this EtcdDriver takes \(maximumByteCount)")
      }
      return try await store.write(
        record, at: key, named: keyspace.key(of: key), if: condition, byteLimit: byteLimit, in: context)
    }

    /// Lists one page of keys. A damaged copy is listed with the bytes it takes and no stamp.
    ///
    /// - Complexity: O(n) for n keys of the page, their values included.
    public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await store.list(request, in: keyspace, context: context)
    }

    /// Describes one copy, which is read as a whole.
    public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await get(key, in: context).map(Stat.init(of:))
    }

    /// Asks the cluster for something that is not there: whether it has a quorum, and takes the credentials.
    public func open(in context: Context) async throws(DriverError) -> Receipt {
      let (start, end) = keyspace.range(of: ListRequest(limit: 1))
      _ = try await store.ask(
        "open", EtcdRange(start, upTo: end, limit: 1, keysOnly: true), byteLimit: byteLimit, in: context)
      return Receipt(.opened)
    }

    /// Later calls throw `closed`. The client, which others may use, stays.
    public func close(in context: Context) async throws(DriverError) { store.close() }

    private var byteLimit: Int { EtcdStore.replyByteLimit(maximumByteCount) }
  }
#endif
