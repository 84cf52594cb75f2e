public import MetaDriver

/// A folder on this machine's disk: one file for each key, which any other program can read.
///
/// ```swift
/// let disk = DiskDriver(at: "/var/lib/profiles", name: "disk")
/// try await disk.put(bytes, at: .mutable("alice/profile"))
/// print(disk.url(for: .mutable("alice/profile"))!)        // file:///var/lib/profiles/mutable/5b/alice=2fprofile
/// ```
///
/// A record without a stamp is stored as its bare bytes; a stamped one in the envelope of `Record`. A put writes a new
/// file and then gives it the name, so that a reader, or a process that dies, leaves or finds the old value or the new
/// one. What a write survives is its ``Durability``. An older stamp never replaces a newer one, and a conditional put is
/// one step, across all processes of this machine that use the folder: writers of a key lock one of 256 files in it.
///
/// ## The folder
///
/// | | |
/// |---|---|
/// | `mutable/5b/alice=2fprofile` | a mutable datum: lower-case letters, digits, `-`, `_` and inner dots are themselves, every other byte is `=` and two hexadecimal digits |
/// | `immutable/9f/9f86d081…` | an immutable datum |
/// | `tmp/` | values that have no name yet; those of dead writers are removed when the folder is opened |
/// | `locks/` | the files that writers lock |
/// | `metadriver-disk.txt` | says that the folder is a store, and of which format |
///
/// No two names are equal on a file system that folds case or normalises Unicode, and none is reserved on Windows. Long
/// names continue in folders whose names end in `+`; these stay when their last key goes. Files are readable by their
/// owner only. Files that are not of this store are neither listed nor touched, and no symbolic link below the folder is
/// ever followed.
///
/// ## Errors
///
/// `unsupported` when the folder is open in this process under another path, to which a link or a mount leads that came
/// after the drivers were made: one copy would count as two. `unavailable` when the folder is not there: one that goes
/// missing while it is in use (an unmounted disk) never makes
/// its data absent. `corrupt` for a torn or foreign envelope, and for anything but a file in a file's place; `noSpace`,
/// `denied`, `tooLarge`, `throttled`, `closed` as they say, each naming the path and what to do. A put that fails leaves
/// the old value, unless its error's effect is `unknown`: then the device failed after the file got its name.
///
/// ## Cost
///
/// A read of at most 64 KiB that is in the system's cache runs on the calling thread, in a few microseconds. Everything
/// else runs on up to 16 threads of the driver's own, where synchronisations with the device overlap; so does every read
/// where the system cannot promise not to wait (Linux since 5.12 can, for ext4, XFS and Btrfs; not for tmpfs). Up to
/// 1,024 operations wait for a thread. Puts and deletes of one key run in the order in which they were made. The first page
/// of a listing reads the names of the whole folder; up to 131,072 of them are kept for the next page, which looks at each of
/// the folder's 256 parts, and reads those again that have changed.
///
/// Cancellation, and the deadline, drop an operation that has not started; one that has started ends.
public struct DiskDriver: Driver {
  let store: DiskStore
  private let storeLeaf: Leaf
  private let domain: String?

  /// Describes a store in a folder. Nothing is opened or made before the first use.
  ///
  /// - Parameters:
  ///   - path: The folder. Its symbolic links are resolved now, so that two spellings are one store. Of two paths that come
  ///     to lead to one folder later, the one used second throws `unsupported`.
  ///   - name: What to call it in reports.
  ///   - durability: What an acknowledged write survives.
  ///   - domain: What fails together with it, for the analysis.
  ///   - maximumByteCount: The largest datum, in bytes: a larger one is not written, and not read.
  ///   - createsFolder: Whether to make the folder if the one above it exists, and a store of it if it is none yet. Without
  ///     it, a disk that is not mounted is `unavailable` and never mistaken for an empty store.
  public init(
    at path: String, name: String? = nil, durability: Durability = .full, domain: String? = nil,
    maximumByteCount: Int = 1 << 30, createsFolder: Bool = true
  ) {
    precondition(maximumByteCount >= 0, "a datum cannot have at most \(maximumByteCount) bytes")
    let path = FolderPath.resolve(path)
    store = DiskStore(
      path: path, durability: durability, maximumByteCount: maximumByteCount, createsFolder: createsFolder)
    storeLeaf = Leaf(name, identity: "disk:\(path)", ordering: .newestWins)
    self.domain = domain
  }

  /// Which store this is: the same for every driver of the same folder.
  public var leaf: Leaf? { storeLeaf }

  /// `DiskDriver`, with its path and durability.
  public var outline: Outline {
    Outline(
      leaf: storeLeaf, kind: "DiskDriver",
      capabilities: [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete, .makeURL, .getURL],
      domain: domain,
      parameters: ["at": store.path, "durability": "\(store.durability)"])
  }

  /// Reads one datum.
  ///
  /// - Throws: `corrupt` when the stored copy is damaged, or another key's; `tooLarge` when it is beyond the maximum.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    guard let stored = try await store.read(StoredName(key), .whole, in: context) else { return nil }
    return try stored.record(for: key)
  }

  /// Writes one datum, unless a newer one is there. A damaged copy is replaced.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await store.threads.run(key, context) { [store] () throws(DriverError) in
      try store.write(record, at: key, if: nil)
    }
  }

  /// Writes one datum if a condition holds, in one step across processes.
  ///
  /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await store.threads.run(key, context) { [store] () throws(DriverError) in
      try store.write(record, at: key, if: condition)
    }
  }

  /// Removes one datum, damaged or not.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await store.threads.run(key, context) { [store] () throws(DriverError) in
      try store.remove(key, if: nil)
    }
  }

  /// Removes one datum if a condition holds, in one step across processes.
  ///
  /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await store.threads.run(key, context) { [store] () throws(DriverError) in
      try store.remove(key, if: condition)
    }
  }

  /// Lists one page of keys. A damaged copy is listed with the bytes it takes and no stamp.
  ///
  /// - Complexity: O(n log n) for the first page of n stored keys, and O(m + log n) for each further page of m; names are read
  ///   anew for every 131,072 keys. A file is opened for each entry.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await store.threads.run(nil, context) { [store] () throws(DriverError) in try store.list(request) }
  }

  /// Describes one copy by the first bytes of its file.
  ///
  /// - Throws: `corrupt` when these are damaged, by as little as one bit; damage behind them goes unseen.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    guard let stored = try await store.read(StoredName(key), .head, in: context) else { return nil }
    return try Record.stat(decoding: stored.bytes, storedByteCount: stored.byteCount, for: key)
  }

  /// Opens the folder, makes it if it is to be made, and removes what dead writers left. Idempotent.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await store.threads.run(nil, context) { [store] () throws(DriverError) in
      _ = try store.folder()
      return Receipt(.opened)
    }
  }

  /// Ends the work that was accepted, then lets go of the folder and the threads. Idempotent; later calls throw `closed`.
  public func close(in context: Context) async throws(DriverError) { await store.close() }
}
