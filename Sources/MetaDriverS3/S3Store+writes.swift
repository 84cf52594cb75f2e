#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Requests that change an object.
  extension S3Store {
    /// What must be so for the server to take a write.
    enum Guard {
      case none
      /// No object is there.
      case absent
      /// The object is of this version.
      case tag(String)

      var isNone: Bool { if case .none = self { true } else { false } }
    }

    /// What became of a write under a guard.
    enum Ending {
      case done
      /// The guard did not hold.
      case refused
      /// The server failed, and may have written. Ceph answers so when the guard ceased to hold while it wrote.
      case uncertain(DriverError)
    }

    /// In it stands which write made an object, if that write had a guard.
    static let tokenField = "x-amz-meta-metadriver-write"

    /// Writes an object, in parts if it is large.
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) {
      let (name, content) = try content(record, at: key)
      guard content.body.count <= setting.multipartThreshold else {
        return try await putInParts(content, at: name, "put of \(key)", in: context)
      }
      _ = try await put(content, at: name, "put of \(key)", if: .none, quotesTags: true, in: context)
    }

    /// Writes an object in one request, under a guard.
    ///
    /// - Parameters:
    ///   - token: Which write it is, so that it can be recognised when its ending is uncertain.
    ///   - quotesTags: Whether the server wants tags with their quotes.
    func put(
      _ record: Record, at key: Key, if condition: Guard, token: String, quotesTags: Bool, in context: Context
    ) async throws(DriverError) -> Ending {
      var (name, content) = try content(record, at: key)
      content.headers.append((Self.tokenField, token))
      return try await put(
        content, at: name, "put of \(key)", if: condition, quotesTags: quotesTags, in: context)
    }

    private func content(_ record: Record, at key: Key) throws(DriverError) -> (name: String, S3Content) {
      guard record.bytes.count <= setting.maximumByteCount else {
        throw DriverError(
          .tooLarge, "\(key) has \(record.bytes.count) bytes, the driver takes \(setting.maximumByteCount)")
      }
      return (try object(of: key), S3Content(record, of: key, stamps: setting.stamps))
    }

    private static let largestRequest = 5 << 30

    private func put(
      _ content: S3Content, at name: String, _ operation: String, if condition: Guard, quotesTags: Bool,
      in context: Context
    ) async throws(DriverError) -> Ending {
      guard content.body.count <= Self.largestRequest else {
        throw DriverError(
          .tooLarge, "\(operation): the object has \(content.body.count) bytes, S3 takes \(Self.largestRequest) at once"
        )
      }
      let response = try await send(
        Request(
          method: "PUT", object: name, headers: content.headers + headers(for: condition, quotesTags: quotesTags),
          body: content.body, payloadHash: content.hash, hasChecksum: true, isRead: false), in: context)
      if response.isSuccess {
        try checkIsObject(response, operation, isRead: false)
        return .done
      }
      let failure = S3Failure(response)
      if !condition.isNone, failure.isConflict(response) { return .refused }
      let error = failure.error(operation, response, at: try place.get(), isRead: false, on: context.runtime)
      if !condition.isNone, response.status == 500 { return .uncertain(error) }
      throw error
    }

    /// Removes an object.
    ///
    /// - Returns: Whether it is gone; `false` when the guard did not hold.
    func remove(
      object name: String, _ operation: String, if condition: Guard = .none, quotesTags: Bool = true,
      in context: Context
    ) async throws(DriverError) -> Bool {
      let response = try await send(
        Request(
          method: "DELETE", object: name, headers: headers(for: condition, quotesTags: quotesTags), isRead: false),
        in: context)
      if response.status == 204 { return true }
      let failure = S3Failure(response)
      if condition.isNone ? failure.isAbsence(response) : failure.isConflict(response) { return condition.isNone }
      if response.isSuccess, try await isGone(name, in: context) { return true }
      throw failure.error(operation, response, at: try place.get(), isRead: false, on: context.runtime)
    }

    /// Whether an object is not there, after a delete that was answered in other words than those of S3.
    private func isGone(_ name: String, in context: Context) async throws(DriverError) -> Bool {
      do throws(DriverError) {
        let response = try await send(Request(method: "GET", object: name, isRead: true), in: context)
        return S3Failure(response).isAbsence(response)
      } catch {
        guard error.code != .tooLarge else { return false }
        throw error.with(effect: .unknown)
      }
    }

    private func headers(for condition: Guard, quotesTags: Bool) -> [(String, String)] {
      switch condition {
      case .none: []
      case .absent: [("if-none-match", "*")]
      case .tag(let tag): [("if-match", quotesTags ? tag : String(tag.drop { $0 == "\"" }.prefix { $0 != "\"" }))]
      }
    }
  }
#endif
