extension Strategy {
  /// How faithfully the three lists are followed.
  public enum StorageListsForm: String, Hashable, Sendable, CaseIterable {
    /// The rules of this package: drivers are written at once, every one is tried, and a name without a driver is an
    /// error.
    case strict
    /// As the clients did that knew only the lists: drivers are written one after the other, in order, and the first
    /// required driver that fails ends the write. A name without a driver is an error only when it is required; an
    /// optional one fails each time it is asked.
    case parity
  }

  /// Makes the strategy that three lists of names describe: the drivers to use, those whose write must succeed, and
  /// those whose data no other client sees.
  ///
  /// ```swift
  /// let profiles = try Strategy(
  ///   storageDrivers: ["disk", "s3", "dropbox"], requiredWrite: ["disk", "s3"], local: ["disk"],
  ///   drivers: ["disk": disk, "s3": s3, "dropbox": dropbox])
  /// ```
  ///
  /// A write holds when every required driver accepted it, or, when none is required, at least one. Reads ask the drivers
  /// in order; a copy of immutable data that does not hash to its key is passed over. A write must not be able to hold
  /// in local drivers alone, as for any strategy. Deletes must reach every driver, in both forms: a copy left behind
  /// would be found by the next read.
  ///
  /// - Parameters:
  ///   - name: What to call the strategy.
  ///   - storageDrivers: The names of the drivers to use, in their order.
  ///   - requiredWrite: Those that must accept every write.
  ///   - local: Those whose data no other client sees.
  ///   - drivers: The drivers, by name. Those that no list names are not used.
  ///   - form: How faithfully the lists are followed.
  ///   - prefersLocal: Whether reads ask the local drivers first; the others are asked all the same.
  ///   - runtime: What the strategy runs in.
  ///   - visibility: Who is meant to see what is written.
  /// - Throws: What is wrong with the lists, or with the tree that they make.
  public convenience init(
    _ name: String = "storage lists", storageDrivers: [String], requiredWrite: [String], local: [String],
    drivers: [String: any Driver], form: StorageListsForm = .strict, prefersLocal: Bool = false,
    runtime: Runtime = Runtime(), visibility: Visibility = .shared
  ) throws(CompositionError) {
    var remarks: [Remark] = []
    func refuse(_ reason: String, mend: String) { remarks.append(Remark(.error, reason, mend: mend, path: [name])) }
    if storageDrivers.isEmpty { refuse("storageDrivers is empty", mend: "Name at least one driver") }
    for name in storageDrivers.duplicates { refuse("storageDrivers names \(name) twice", mend: "Name it once") }
    for (list, names) in [("requiredWrite", requiredWrite), ("local", local)] {
      for name in names where !storageDrivers.contains(name) {
        refuse(
          "\(list) names \(name), which storageDrivers does not", mend: "Add it to storageDrivers, or remove it here")
      }
    }
    for name in storageDrivers where drivers[name] == nil && (form == .strict || requiredWrite.contains(name)) {
      let given = drivers.keys.sorted().joined(separator: ", ")
      refuse(
        "there is no driver called \(name)\(requiredWrite.contains(name) ? ", and it is required" : "")",
        mend: "Give one, or correct the name; the drivers given are: \(given.isEmpty ? "none" : given)")
    }
    guard remarks.isEmpty else { throw CompositionError(strategy: name, remarks: remarks) }

    func child(_ name: String) -> any Driver {
      func marked(_ driver: some Driver) -> any Driver {
        switch (requiredWrite.contains(name), local.contains(name)) {
        case (true, true): driver.verified().localOnly().required()
        case (true, false): driver.verified().required()
        case (false, true): driver.verified().localOnly()
        case (false, false): driver.verified()
        }
      }
      let driver: any Driver = drivers[name] ?? MissingDriver(name: name)
      return marked(driver)
    }
    try self.init(name, runtime: runtime, visibility: visibility) {
      Replicated(
        writes: .atLeast(max(1, requiredWrite.count)), reads: prefersLocal ? .localFirst : .ordered,
        remainder: .await, order: form == .parity ? .sequential : .concurrent
      ) {
        storageDrivers.map(child)
      }
    }
  }
}

/// Stands in the tree for an optional driver that nobody gave, so that reports name it.
private struct MissingDriver: Driver {
  let leaf: Leaf?
  let outline: Outline

  init(name: String) {
    let leaf = Leaf(name, ordering: .none)
    self.leaf = leaf
    outline = Outline(leaf: leaf, kind: "MissingDriver", capabilities: .basic)
  }

  private func fail() throws(DriverError) -> Never {
    throw DriverError(.unavailable, "no driver was given under this name", effect: .unchanged, isRetryable: false)
  }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { try fail() }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt { try fail() }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try fail()
  }
  func open(in context: Context) async throws(DriverError) -> Receipt { try fail() }
}

extension [String] {
  fileprivate var duplicates: [String] {
    var seen: Set<String> = []
    return filter { !seen.insert($0).inserted }
  }
}
