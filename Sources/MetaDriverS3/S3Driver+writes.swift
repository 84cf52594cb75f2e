#if HTTP
  public import MetaDriver

  extension S3Driver {
    /// Writes one datum. With conditions, a newer one stays, and a damaged one is replaced.
    public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      guard conditions == .unused else { return try await store.putRanked(record, at: key, if: nil, in: context) }
      var isThere = false
      if record.isTombstone {
        switch try await looked(key, in: context) {
        case .absent: break
        case .damaged: isThere = true
        case .sound(let stat, _, _): isThere = !stat.isTombstone
        }
      }
      _ = try await store.put(record, at: key, in: context)
      return Receipt(storing: record, over: isThere ? Record([]) : nil)
    }

    /// Writes one datum if a condition holds, in one step.
    ///
    /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say;
    ///   `unsupported` without conditions, or when the server does not bear them.
    public func put(
      _ record: Record, at key: Key, if condition: Precondition, in context: Context
    ) async throws(DriverError) -> Receipt {
      guard conditions != .unused else { throw lacks("compare-and-put") }
      return try await store.putRanked(record, at: key, if: condition, in: context)
    }

    /// Removes one datum, damaged or not.
    public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      let copy = try await looked(key, in: context)
      if case .absent = copy { return Receipt(.alreadyAbsent) }
      _ = try await store.remove(object: store.object(of: key), "delete of \(key)", in: context)
      if case .sound(let stat, _, _) = copy, stat.isTombstone { return Receipt(.alreadyAbsent) }
      return Receipt(.deleted)
    }

    /// Removes one datum if a condition holds, in one step.
    ///
    /// - Throws: `conflict` when it does not hold; `corrupt` when the stored copy is damaged, so that nobody can say;
    ///   `unsupported` unless the driver relies on conditional deletes, or when the server does not bear them.
    public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt
    {
      guard conditions == .putsAndDeletes else { throw lacks("compare-and-delete") }
      return try await store.removeRanked(key, if: condition, in: context)
    }

    /// What is there before a write, which changes nothing yet.
    private func looked(_ key: Key, in context: Context) async throws(DriverError) -> S3Copy {
      do throws(DriverError) { return try await store.look(key, in: context) } catch {
        throw error.with(effect: .unchanged)
      }
    }

    private func lacks(_ operation: String) -> DriverError {
      DriverError(
        .unsupported,
        "\(outline.component) has no \(operation): it relies on no conditional requests of the server that it needs")
    }
  }
#endif
