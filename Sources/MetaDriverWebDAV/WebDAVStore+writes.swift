#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Writes.
  extension WebDAVStore {
    func write(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      guard record.bytes.count <= maximumByteCount else { throw tooLarge(key, record.bytes.count) }
      try await ready(in: context)
      let body = HTTPBody.bytes(record.encoded(for: key))
      let path = StoredName(key).path
      let folder = StoredName(key).split.folder
      let doubt = try await makeCollections(folder, in: context)
      if let doubt, doubt.code == .invalidKey { throw doubt }
      do throws(DriverError) {
        switch replacement {
        case .atomic: try await replace(key, path, with: body, in: context)
        case .inPlace: try await overwrite(key, path, with: body, in: context)
        }
      } catch {
        guard let doubt, error.effect == .unchanged, !Task.isCancelled else { throw error }
        // The collections are the first thing that went wrong, unless the whole store is gone.
        try await confirm(in: context)
        throw doubt
      }
      if doubt != nil { remember(folder) }
      return Receipt(record.isTombstone ? .deleted : .stored, stamp: record.stamp)
    }

    /// Sends the bytes to a name of their own, and moves that.
    private func replace(
      _ key: Key, _ path: String, with body: HTTPBody, in context: Context
    ) async throws(DriverError) {
      let (high, low) = context.runtime.withRandom { (UInt64.random(in: 0 ... .max, using: &$0), $0.next()) }
      let name = "\(Self.temporary)/\(String(high, radix: 16))-\(String(low, radix: 16))"
      var put = WebDAVPut()
      var step = WebDAVPut.Step.upload
      while step != .done {
        do throws(DriverError) {
          switch step {
          case .done: break
          case .upload:
            try await makeCollections(Self.temporary, in: context)
            // What is at a name of its own is nobody's datum yet.
            let answer = await upload(key, name, body, isOwn: true, in: context)
            if case .missing = answer { withState { _ = $0.collections.remove(Self.temporary) } }
            step = try put.uploaded(answer)
          case .collectAndMove:
            let collection = StoredName(key).split.folder
            withState { _ = $0.collections.remove(collection) }
            try await makeCollections(collection, in: context)
            step = try put.moved(await move(key, name, to: path, in: context))
          case .move: step = try put.moved(await move(key, name, to: path, in: context))
          case .look: step = put.looked(isThere: try await isThere(name, in: context))
          case .compare: step = try put.compared(isHeld: try await holds(body, path, in: context))
          case .discard: step = try put.discarded(await discard(name, in: context))
          }
        } catch {
          let error = put.failure(error)
          // What is left over is in nobody's way, and is swept when it is a day old.
          if error.effect == .unchanged, error.code != .closed, !Task.isCancelled {
            _ = try? await send("DELETE", name, isRead: true, in: context)
          }
          throw error
        }
      }
    }

    /// Moves, by whichever way of naming the destination the server takes. One behind a proxy that ends TLS knows itself by
    /// another scheme, so that it refuses the address at which it was asked; some servers take nothing but an address.
    private func move(
      _ key: Key, _ name: String, to path: String, in context: Context
    ) async -> WebDAVPut.Answer {
      let isPath = withState(\.movesToPaths)
      var failure: DriverError?
      let answer = await answer("put of \(key)", path, missing: [403, 404, 409], in: context) {
        () throws(DriverError) in
        let address = try url(path)
        let destination = isPath ? "/" + address.split(separator: "/", maxSplits: 3).dropFirst(2).joined() : address
        let response = try await send(
          "MOVE", name, headers: ["Destination": destination, "Overwrite": "T"], in: context)
        if [400, 403, 412, 502].contains(response.status) {
          withState { $0.movesToPaths = !isPath }
          failure = DriverError(
            .unavailable,
            "put of \(key) at \(address): the server refused to move to \(quoted(destination)), status \(response.status)"
              + (response.words.map { ", \(quoted($0))" } ?? "")
              + ". It may know itself by another scheme or host than this address, behind a proxy that ends TLS: let the "
              + "proxy rewrite the field Destination, or make the driver with replacement: .inPlace",
            effect: response.status == 502 ? .unknown : .unchanged)
        }
        return response
      }
      guard let failure else { return answer }
      // Whatever the reason is, the server may take the other way: that is tried when the name is still there.
      if case .missing = answer { return answer }
      return .failed(failure.with(effect: .unknown))
    }

    /// - Parameter isOwn: Whether nobody reads that name. Then any success will do, since the move tells whether it was one.
    private func upload(
      _ key: Key, _ path: String, _ body: HTTPBody, isOwn: Bool, in context: Context
    ) async -> WebDAVPut.Answer {
      await answer("put of \(key)", path, missing: [404, 409], isAnySuccessDone: isOwn, in: context) {
        () throws(DriverError) in
        try await send(
          "PUT", path, headers: ["Content-Type": "application/octet-stream"], body: body, isRead: isOwn, in: context)
      }
    }

    /// Deletes a name of a put's own.
    private func discard(_ name: String, in context: Context) async -> WebDAVPut.Answer {
      await answer("put", name, missing: [404, 410], in: context) { () throws(DriverError) in
        try await send("DELETE", name, isRead: true, in: context)
      }
    }

    private func answer(
      _ operation: String, _ path: String, missing: Set<Int>, isAnySuccessDone: Bool = false, in context: Context,
      _ request: () async throws(DriverError) -> HTTPResponse
    ) async -> WebDAVPut.Answer {
      do throws(DriverError) {
        let response = try await request()
        if response.isDone || isAnySuccessDone && response.isSuccess { return .done }
        guard !missing.contains(response.status) else {
          return .missing(try refusal(operation, path, response, in: context))
        }
        return .failed(try error(operation, path, response, isRead: false, in: context))
      } catch { return .failed(error) }
    }

    private func isThere(_ path: String, in context: Context) async throws(DriverError) -> Bool {
      let response = try await send("HEAD", path, in: context)
      if response.status == 200 { return true }
      guard response.isAbsence else { throw try error("put", path, response, isRead: true, in: context) }
      try await confirm(in: context)
      return false
    }

    /// Sends the bytes to where they belong.
    private func overwrite(
      _ key: Key, _ path: String, with body: HTTPBody, in context: Context
    ) async throws(DriverError) {
      for isFirst in [true, false] {
        switch await upload(key, path, body, isOwn: false, in: context) {
        case .done: return
        case .failed(let error):
          // Whatever was said, what is there tells.
          guard error.code != .closed, !Task.isCancelled else { throw error }
          if try await holds(body, path, in: context) { return }
          throw error
        case .missing(let error):
          guard isFirst else {
            if try await holds(body, path, in: context) { return }
            throw error
          }
          let collection = StoredName(key).split.folder
          withState { _ = $0.collections.remove(collection) }
          try await makeCollections(collection, in: context)
        }
      }
    }

    /// Whether a resource has exactly these bytes. What cannot be read is not there.
    private func holds(_ body: HTTPBody, _ path: String, in context: Context) async throws(DriverError) -> Bool {
      guard case .bytes(let bytes) = body,
        let response = try? await send("GET", path, byteLimit: bytes.count + 1, in: context), response.status == 200
      else { return false }
      return response.body.elementsEqual(bytes)
    }

    func remove(_ key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await ready(in: context)
      let path = StoredName(key).path
      let response = try await send("DELETE", path, in: context)
      if response.isDone { return Receipt(.deleted) }
      // Whatever else was said, what is there tells.
      let isThere: Bool
      do throws(DriverError) { isThere = try await self.isThere(path, in: context) } catch {
        guard !response.isAbsence else { throw error.with(effect: .unchanged) }
        throw try self.error("delete of \(key)", path, response, isRead: false, in: context).with(effect: .unknown)
      }
      guard !isThere else {
        let error = try error("delete of \(key)", path, response, isRead: false, in: context)
        throw response.isAbsence ? error.with(effect: .unchanged) : error
      }
      return Receipt(response.isAbsence ? .alreadyAbsent : .deleted)
    }
  }
#endif
