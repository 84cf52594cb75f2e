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
      try await makeCollections(StoredName(key).split.folder, in: context)
      switch replacement {
      case .atomic: try await replace(key, path, with: body, in: context)
      case .inPlace: try await overwrite(key, path, with: body, in: context)
      }
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
            let answer = await upload(key, name, body, isRead: true, in: context)
            if case .missing = answer { withState { _ = $0.collections.remove(Self.temporary) } }
            step = try put.uploaded(answer)
          case .collectAndMove:
            let collection = StoredName(key).split.folder
            withState { _ = $0.collections.remove(collection) }
            try await makeCollections(collection, in: context)
            step = try put.moved(await move(key, name, to: path, in: context))
          case .move: step = try put.moved(await move(key, name, to: path, in: context))
          case .look: step = try put.looked(isThere: try await isThere(name, in: context))
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

    private func move(
      _ key: Key, _ name: String, to path: String, in context: Context
    ) async -> WebDAVPut.Answer {
      await answer("put of \(key)", path, missing: [403, 404, 409], in: context) { () throws(DriverError) in
        try await send(
          "MOVE", name, headers: ["Destination": try url(path), "Overwrite": "T"], in: context)
      }
    }

    private func upload(
      _ key: Key, _ path: String, _ body: HTTPBody, isRead: Bool, in context: Context
    ) async -> WebDAVPut.Answer {
      await answer("put of \(key)", path, missing: [404, 409], in: context) { () throws(DriverError) in
        try await send(
          "PUT", path, headers: ["Content-Type": "application/octet-stream"], body: body, isRead: isRead, in: context)
      }
    }

    private func answer(
      _ operation: String, _ path: String, missing: Set<Int>, in context: Context,
      _ request: () async throws(DriverError) -> HTTPResponse
    ) async -> WebDAVPut.Answer {
      do throws(DriverError) {
        let response = try await request()
        if response.isDone { return .done }
        guard !missing.contains(response.status) else {
          return .missing(try refusal(operation, path, response, in: context))
        }
        let error = try error(operation, path, response, isRead: false, in: context)
        return .failed(response.isSuccess ? error.with(effect: .unknown) : error)
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
        switch await upload(key, path, body, isRead: false, in: context) {
        case .done: return
        case .failed(let error): throw error
        case .missing(let error):
          guard isFirst else { throw error }
          let collection = StoredName(key).split.folder
          withState { _ = $0.collections.remove(collection) }
          try await makeCollections(collection, in: context)
        }
      }
    }

    func remove(_ key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await ready(in: context)
      let path = StoredName(key).path
      let response = try await send("DELETE", path, in: context)
      if response.isAbsence {
        try await confirm(in: context)
        return Receipt(.alreadyAbsent)
      }
      guard response.isDone else {
        throw try error("delete of \(key)", path, response, isRead: false, in: context)
      }
      return Receipt(.deleted)
    }
  }
#endif
