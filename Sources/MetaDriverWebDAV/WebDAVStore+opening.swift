#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Whether the address is that of a store: a resource in it says so.
  extension WebDAVStore {
    /// Sees to it that the store is open.
    func ready(in context: Context) async throws(DriverError) {
      switch withState({ $0.phase }) {
      case .open: return
      case .closed: throw DriverError(.closed, "this WebDAVDriver was closed")
      case .idle: break
      }
      try await turns.enter(Self.turn)
      defer { turns.leave(Self.turn) }
      var wasOpened = false
      switch withState({ $0.phase }) {
      case .open: return
      case .closed: throw DriverError(.closed, "this WebDAVDriver was closed")
      case .idle(let before): wasOpened = before
      }
      do throws(DriverError) { try await open(creating: createsCollection && !wasOpened, in: context) } catch {
        // Whatever was made is made again; no datum was touched.
        throw error.with(effect: .unchanged)
      }
      withState { state in if case .idle = state.phase { state.phase = .open } }
    }

    func close() { withState { $0.phase = .closed } }

    private static let turn: Key = "opening"

    private func open(creating: Bool, in context: Context) async throws(DriverError) {
      if try await !hasMarker(in: context) {
        guard creating else { throw try notAStore }
        try await create(in: context)
      }
      // What a sweep cannot remove is in nobody's way.
      if replacement == .atomic { try? await sweep(in: context) }
    }

    private func create(in context: Context) async throws(DriverError) {
      // A server's own root is there already, and says so in many ways: what follows tells whether it is.
      let made = try await send("MKCOL", "", isRead: true, in: context)
      let response = try await send(
        "PUT", Self.marker, headers: ["Content-Type": "text/plain"], body: .bytes(Array(Self.markerText.utf8)),
        in: context)
      // A success in other words is as good, because the marker is read at once.
      guard response.isSuccess else {
        let isFolderMissing = response.isAbsence || response.status == 409
        throw try error(
          "making a store of the collection", "", isFolderMissing && !made.isSuccess ? made : response, isRead: true,
          in: context)
      }
      guard try await hasMarker(in: context) else { throw try notAStore }
    }

    /// Throws unless the store is still there: then what was not found in it is absent, and else it is not.
    func confirm(in context: Context) async throws(DriverError) {
      let isThere: Bool
      do throws(DriverError) { isThere = try await hasMarker(in: context) } catch {
        throw error.with(effect: .unchanged)
      }
      guard !isThere else { return }
      withState { state in
        state.collections = []
        if case .open = state.phase { state.phase = .idle(wasOpened: true) }
      }
      throw try notAStore
    }

    private var notAStore: DriverError {
      get throws(DriverError) {
        DriverError(
          .unavailable,
          "the collection \(try url("")) is not a store, it has no \(Self.marker): check the address, and that what the "
            + "server shows there is mounted", effect: .unchanged)
      }
    }

    private func hasMarker(in context: Context) async throws(DriverError) -> Bool {
      let response = try await send("GET", Self.marker, in: context)
      if response.isAbsence { return false }
      guard response.status == 200 else {
        throw try error("opening the store", Self.marker, response, isRead: true, in: context)
      }
      guard !response.body.elementsEqual(Self.markerText.utf8) else { return true }
      let isOfAnotherFormat = response.body.starts(with: "MetaDriver WebDAV store".utf8)
      throw DriverError(
        isOfAnotherFormat ? .unsupported : .unavailable,
        isOfAnotherFormat
          ? "\(try url(Self.marker)) is not of format 1, which this package reads"
          : "\(try url(Self.marker)) is something else than this package writes there: check that the address is that of a "
            + "WebDAV collection, and that nobody asks for a login in between", effect: .unchanged, isRetryable: false)
    }

    /// Sees to it that a collection is there, and all above it, as far as the server lets anybody know: of one that exists
    /// servers say everything from 301 to 500. What is written there tells.
    ///
    /// - Returns: What the server said where that is not that the collection was made or is there.
    @discardableResult
    func makeCollections(_ collection: String, in context: Context) async throws(DriverError) -> DriverError? {
      if withState({ $0.collections.contains(collection) }) { return nil }
      // From the inside out, because what is above is nearly always there.
      var missing = [collection]
      var refusals: Set<String> = []
      var doubt: DriverError?
      while let next = missing.last {
        let response: HTTPResponse
        do throws(DriverError) { response = try await send("MKCOL", "\(next)/", isRead: true, in: context) } catch {
          throw error.with(effect: .unchanged)
        }
        switch response.status {
        case 201, 204, 405:
          remember(next)
          missing.removeLast()
        case 404, 409:
          if refusals.insert(next).inserted, let slash = next.lastIndex(of: "/") {
            missing.append(String(next[..<slash]))
          } else {
            doubt = try refusal("making a collection", next, response, in: context)
            missing.removeLast()
          }
        case 401, 407, 429, 503, 507: throw try error("making a collection", next, response, isRead: true, in: context)
        default:
          doubt = try refusal("making a collection", next, response, in: context)
          missing.removeLast()
        }
      }
      return doubt
    }
  }
#endif
