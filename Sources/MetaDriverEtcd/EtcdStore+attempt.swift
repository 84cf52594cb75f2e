#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// One request to one endpoint.
  extension EtcdStore {
    func attempt<Request: EtcdRequest>(
      _ operation: String, _ type: Request.Type, _ body: [UInt8], at endpoint: HTTPAddress, byteLimit: Int,
      in context: Context
    ) async throws(Refusal) -> Request.Reply {
      var isRenewed = false
      while true {
        let user = user(in: context)
        let token = try await token(of: user, operation, at: endpoint, in: context)
        let response = try await send(
          operation, type, body, token: token, at: endpoint, byteLimit: byteLimit, in: context)
        if response.isSuccess {
          return try read(response, type, operation, at: endpoint)
        }
        if case .known(let user) = user, !isRenewed, EtcdFailure(decoding: response.body)?.asksForToken == true {
          withState { $0.tokens.forget(token, of: user) }
          isRenewed = true
          continue
        }
        throw refusal(response, operation, at: endpoint, isRead: type.isRead, in: context)
      }
    }

    private func send<Request: EtcdRequest>(
      _ operation: String, _ type: Request.Type, _ body: [UInt8], token: Secret?, at endpoint: HTTPAddress,
      byteLimit: Int, in context: Context
    ) async throws(Refusal) -> HTTPResponse {
      var headers: HTTPHeaders = ["Content-Type": "application/json"]
      if let token { headers.add("Authorization", secret: token) }
      let request = HTTPRequest(
        "POST", endpoint.string + type.path, headers: headers, body: .bytes(body), isRead: type.isRead,
        maximumByteCount: byteLimit)
      do throws(DriverError) {
        var response = try await client.send(request, in: context).hidingSecrets(of: request)
        // The request has a password in its body, which somebody other than etcd may repeat.
        if type.hasSecrets { response.repeatsSecret = true }
        return response
      } catch {
        throw Refusal(error: error, isFinal: error.code != .unavailable && error.code != .timedOut)
      }
    }

    private func read<Request: EtcdRequest>(
      _ response: HTTPResponse, _ type: Request.Type, _ operation: String, at endpoint: HTTPAddress
    ) throws(Refusal) -> Request.Reply {
      let effect: DriverError.Effect = type.isRead ? .unchanged : .unknown
      guard let reply = Request.Reply(decoding: response.body) else {
        throw Refusal(
          error: DriverError(
            .unavailable,
            "\(operation) at \(endpoint) was answered with status \(response.status) and something that etcd's JSON "
              + "gateway does not say: check that the address is that of a client port of etcd 3.4 or later",
            effect: effect))
      }
      let cluster = withState { state in
        if state.cluster == nil { state.cluster = reply.header.cluster_id.value }
        return state.cluster
      }
      // What another cluster says is absent is not.
      guard cluster == reply.header.cluster_id.value else {
        throw Refusal(
          error: DriverError(
            .unavailable,
            "\(operation): \(endpoint) belongs to another etcd cluster than the endpoint that answered first: give one "
              + "driver the endpoints of one cluster", effect: effect, isRetryable: false))
      }
      return reply
    }

    private func refusal(
      _ response: HTTPResponse, _ operation: String, at endpoint: HTTPAddress, isRead: Bool, in context: Context
    ) -> Refusal {
      guard let failure = EtcdFailure(decoding: response.body) else {
        // Not etcd's words: something else listens there, or stands in between.
        return Refusal(
          error: response.error(operation, at: endpoint.string, isRead: isRead, on: context.runtime))
      }
      let error = failure.error(operation, at: endpoint.string, isRead: isRead)
      return Refusal(error: error, isFinal: !failure.isOfOneMember)
    }
  }

  /// Tokens.
  extension EtcdStore {
    /// Who asks.
    enum User {
      case nobody
      /// Somebody whom this package does not authenticate.
      case bearer(Secret)
      case known(EtcdTokens.User)
    }

    private func user(in context: Context) -> User {
      switch context.credentials(of: leaf, or: credentials) {
      case nil: .nobody
      case .bearer(let token): .bearer(token)
      case .basic(let user, let password): .known(EtcdTokens.User(name: user, password: password.value))
      }
    }

    private func token(
      of user: User, _ operation: String, at endpoint: HTTPAddress, in context: Context
    ) async throws(Refusal) -> Secret? {
      let known: EtcdTokens.User
      switch user {
      case .nobody: return nil
      case .bearer(let token): return token
      case .known(let user): known = user
      }
      if let token = withState({ $0.tokens[known] }) { return token }
      do throws(DriverError) { try await turns.enter(Self.turn) } catch { throw Refusal(error: error, isFinal: true) }
      defer { turns.leave(Self.turn) }
      // Whoever was before may have asked for the same user.
      if let token = withState({ $0.tokens[known] }) { return token }
      let token = try await authenticate(known, operation, at: endpoint, in: context)
      withState { $0.tokens.keep(token, of: known) }
      return token
    }

    /// - Returns: The token; `nil` when the cluster has no users, and takes everybody.
    private func authenticate(
      _ user: EtcdTokens.User, _ operation: String, at endpoint: HTTPAddress, in context: Context
    ) async throws(Refusal) -> Secret? {
      let request = EtcdAuthentication(name: user.name, password: user.password)
      let body: [UInt8]
      do throws(DriverError) { body = try request.encoded() } catch { throw Refusal(error: error, isFinal: true) }
      let operation = "authentication for the \(operation)"
      let response = try await send(
        operation, EtcdAuthentication.self, body, token: nil, at: endpoint, byteLimit: 64 << 10, in: context)
      if response.isSuccess {
        return Secret(try read(response, EtcdAuthentication.self, operation, at: endpoint).token)
      }
      if EtcdFailure(decoding: response.body)?.hasNoUsers == true { return nil }
      throw refusal(response, operation, at: endpoint, isRead: true, in: context)
    }

    private static let turn: Key = "authentication"
  }
#endif
