#if SQLite
  public import MetaDriver
  private import MetaDriverDisk

  /// A file on this machine: a SQLite database with one table, for any number of small values, and for several processes.
  ///
  /// ```swift
  /// let journal = SQLiteDriver(at: "/var/lib/profiles/journal.sqlite", name: "journal")
  /// try await journal.put(bytes, at: .mutable("alice/profile"))
  /// ```
  ///
  /// Writes are transactions: a reader, or a process that dies, leaves or finds the old value or the new one. An older
  /// stamp never replaces a newer one, and a conditional put or delete is one step, across all processes of this machine
  /// that use the file. Listings come from an index, sorted as they are.
  ///
  /// ## What a write survives
  ///
  /// Whatever the level, an acknowledged write survives the death of its process.
  ///
  /// | durability | after power loss | a put waits for | the library's word |
  /// |---|---|---|---|
  /// | `full` | the acknowledged value | the device, once, together with all others that wait | `synchronous = FULL` |
  /// | `ordered` | the whole file as it was at some earlier moment: writes that came last may be missing, all or none of each | memory | `synchronous = NORMAL` |
  /// | `none` | anything: the file may be damaged as a whole | memory | `synchronous = OFF` |
  ///
  /// Each connection is asked whether it took the level, and the driver does not open when it did not. Of several
  /// processes at one file, one with `none` puts what the others wrote at risk too.
  ///
  /// ## The file
  ///
  /// Beside it are, while it is in use, a log (`-wal`) and its index (`-shm`), which belong to it: copy or remove all three
  /// or none. All are readable by their owner only. `close(in:)` moves the log into the file. The file must be on this
  /// machine: processes share its index through memory. Do not open it with `open` or `fopen` in a process whose driver
  /// uses it: closing it again would drop the library's locks.
  ///
  /// Each row has a checksum, so that a copy that was changed on the device is `corrupt`, and never a value. Another
  /// program's database, or one of a newer version, is refused before anything is changed.
  ///
  /// ## Errors
  ///
  /// `unavailable` when the file is not there: one that goes missing, or is replaced, while it is in use never makes its
  /// data absent; a read that finds something does not look. `throttled` when another process keeps the file to itself for longer than `busyTimeout`, or too many
  /// operations wait; `corrupt`, `noSpace`, `denied`, `tooLarge`, `unsupported`, `closed` as they say, each naming the path
  /// and what to do. A write that fails leaves the old value, unless its error's effect is `unknown`: then the device failed
  /// while it was committed.
  ///
  /// ## Cost
  ///
  /// A read of at most 64 KiB runs on the calling thread, in a few microseconds; only one such thread at a time, so that no
  /// more than one can ever wait for a device. So do writes of that size where the durability is not `full`. Everything else
  /// runs on up to 4 threads of the driver's own: what is larger, what finds another in its way, listings, and whatever
  /// waits for the device. Up to 64 waiting writes share one transaction and one wait for the device, each with a verdict of
  /// its own. Up to 1,024 writes and as many reads wait. Writes of one key run in the order in which they were made. The
  /// driver has at most six connections, with up to 2 MiB of pages each.
  ///
  /// Cancellation, and the deadline, drop an operation that has not started; one that has started ends.
  public struct SQLiteDriver: Driver {
    let store: SQLiteStore
    private let storeLeaf: Leaf
    private let domain: String?

    /// Describes a store in a file. Nothing is opened or made before the first use.
    ///
    /// - Parameters:
    ///   - path: The file. Its symbolic links are resolved now, so that two spellings are one store.
    ///   - name: What to call it in reports.
    ///   - durability: What an acknowledged write survives.
    ///   - domain: What fails together with it, for the analysis.
    ///   - maximumByteCount: The largest datum, in bytes: a larger one is not written, and not read. At most 999,000,000,
    ///     which is as much as the library takes.
    ///   - createsFile: Whether to make the file if its folder exists, and a store of it if it is empty. Without it, a disk
    ///     that is not mounted is `unavailable` and never mistaken for an empty store.
    ///   - busyTimeout: How long to wait for another process that writes; never beyond the deadline of the call.
    ///   - checksIntegrity: Whether to look through the whole file when it is opened. It takes about as long as reading it.
    public init(
      at path: String, name: String? = nil, durability: Durability = .full, domain: String? = nil,
      maximumByteCount: Int = 256 << 20, createsFile: Bool = true, busyTimeout: Duration = .seconds(5),
      checksIntegrity: Bool = false
    ) {
      precondition(
        (0...999_000_000).contains(maximumByteCount), "a row of SQLite cannot have at most \(maximumByteCount) bytes")
      precondition(busyTimeout >= .zero, "nobody can wait for \(busyTimeout)")
      let path = FolderPath.resolve(path)
      store = SQLiteStore(
        SQLiteOpening(path: path, durability: durability, checksIntegrity: checksIntegrity),
        maximumByteCount: maximumByteCount, busyTimeout: busyTimeout, createsFile: createsFile)
      storeLeaf = Leaf(name, identity: "sqlite:\(path)", ordering: .newestWins)
      self.domain = domain
    }

    /// Which store this is: the same for every driver of the same file.
    public var leaf: Leaf? { storeLeaf }

    /// `SQLiteDriver`, with its path and durability.
    public var outline: Outline {
      Outline(
        leaf: storeLeaf, kind: "SQLiteDriver",
        capabilities: [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete], domain: domain,
        parameters: ["at": store.path, "durability": "\(store.durability)"])
    }

    /// Reads one datum.
    ///
    /// - Throws: `corrupt` when the stored copy does not have its checksum; `tooLarge` when it is beyond the maximum.
    public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      try await store.read(key, in: context)
    }

    /// Writes one datum, unless a newer one is there. A damaged copy is replaced.
    public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await store.write(SQLiteWrite(key: key, change: .put(record, if: nil)), in: context)
    }

    /// Writes one datum if a condition holds, in one step across processes.
    ///
    /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say.
    public func put(
      _ record: Record, at key: Key, if condition: Precondition, in context: Context
    ) async throws(DriverError) -> Receipt {
      try await store.write(SQLiteWrite(key: key, change: .put(record, if: condition)), in: context)
    }

    /// Removes one datum, damaged or not.
    public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await store.write(SQLiteWrite(key: key, change: .delete(if: nil)), in: context)
    }

    /// Removes one datum if a condition holds, in one step across processes.
    ///
    /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say.
    public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt
    {
      try await store.write(SQLiteWrite(key: key, change: .delete(if: condition)), in: context)
    }

    /// Lists one page of keys. A damaged copy is listed with the size and the stamp that it shows.
    ///
    /// - Complexity: O(log n + m) for a page of m entries of n.
    public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await store.list(request, in: context)
    }

    /// Describes one copy, whose bytes are not read and whose checksum is not looked at.
    public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
      try await store.stat(key, in: context)
    }

    /// Opens the file, and makes it if it is to be made. Idempotent.
    public func open(in context: Context) async throws(DriverError) -> Receipt {
      let store = store
      return try await store.threads.run(nil, context) { () throws(DriverError) in
        _ = try store.file(store.patience(context))
        return Receipt(.opened)
      }
    }

    /// Ends the work that was accepted, moves the log into the file, and lets go of it and the threads. Idempotent; later
    /// calls throw `closed`.
    public func close(in context: Context) async throws(DriverError) { await store.close() }
  }
#endif
