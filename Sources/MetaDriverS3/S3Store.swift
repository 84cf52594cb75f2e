#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Synchronization

  /// What the copies of one driver share: how to reach the bucket, and what was learned on the way.
  final class S3Store: Sendable {
    /// A request before it is signed.
    struct Request {
      var method: String
      /// The object; `nil` for the bucket.
      var object: String?
      var query: [(String, String)] = []
      var headers: [(String, String)] = []
      var body: ArraySlice<UInt8>?
      /// The hash of the body, where it is known already.
      var payloadHash: String?
      /// Whether the server is told the hash of the body as a checksum to keep. A bucket that locks its objects takes none
      /// without.
      var hasChecksum = false
      var isRead: Bool
      var maximumByteCount = S3Store.replyLimit
    }

    private struct State {
      /// How far the server's clock is ahead of this machine's.
      var clockOffset = Duration.zero
      var credentials: S3Credentials?
      /// Counts the credentials that were asked for.
      var generation = 0
      var proof: ConditionProof?
      /// Whether the server has refused a checksum of a body.
      var refusesChecksums = false
      /// The key of the last request: that of the next, as a rule.
      var signingKey: SignatureV4.SigningKey?
    }

    /// The longest reply that is no datum, in bytes.
    static let replyLimit = 16 << 20

    let setting: S3Setting
    let place: Result<S3Place, DriverError>
    let client: any HTTPClient
    private let state = Mutex(State())

    init(_ setting: S3Setting, client: any HTTPClient, proof: ConditionProof? = nil) {
      self.setting = setting
      self.client = client
      do throws(DriverError) {
        place = .success(
          try S3Place(
            bucket: setting.bucket, region: setting.region, endpoint: setting.endpoint, prefix: setting.prefix,
            addressing: setting.addressing))
      } catch { place = .failure(error) }
      state.withLock { $0.proof = proof }
    }

    /// What the server was found to do with conditions; `nil` while nobody has looked.
    var proof: ConditionProof? {
      get { state.withLock(\.proof) }
      set { state.withLock { $0.proof = newValue } }
    }

    /// How often a read is sent again because somebody wrote while the server read.
    private static let overtakenLimit = 8

    /// Signs and sends a request. A clock that is wrong and a session that is over are mended once, and what was overtaken
    /// is read again.
    func send(_ request: Request, in context: Context) async throws(DriverError) -> HTTPResponse {
      let place = try place.get()
      let hash = request.payloadHash ?? (request.body.map { hexString(Digest.sha256($0)) } ?? Self.emptyHash)
      var (mayMendClock, mayRefresh, readsLeft) = (true, true, request.isRead ? Self.overtakenLimit : 0)
      var mayLeaveOutChecksum = true
      while true {
        let (credentials, generation) = try await credentials(in: context)
        let offset = state.withLock(\.clockOffset)
        let time = context.runtime.wallTime + offset
        var request = request
        let sendsChecksum = request.hasChecksum && !state.withLock(\.refusesChecksums)
        if sendsChecksum { request.headers += Self.checksum(hash, of: request) }
        let signed = sign(request, hash, SignatureV4(credentials: credentials, region: place.region, time: time), place)
        let response = try await client.send(signed, in: context).hidingSecrets(of: signed)
        guard [400, 403, 500, 501].contains(response.status) else { return response }
        let failure = S3Failure(response)
        if sendsChecksum, mayLeaveOutChecksum, failure.isUnknownField(response) {
          mayLeaveOutChecksum = false
          state.withLock { $0.refusesChecksums = true }
        } else if failure.isOvertaken(response), readsLeft > 0 {
          readsLeft -= 1
        } else if failure.isClockSkew, mayMendClock, learnClock(response, offset, context.runtime) {
          mayMendClock = false
        } else if failure.isExpiredSession, mayRefresh, case .refreshed = setting.credentials {
          mayRefresh = false
          forget(generation)
        } else {
          return response
        }
      }
    }

    /// Whether the server is told checksums, as far as is known.
    var sendsChecksums: Bool { !state.withLock(\.refusesChecksums) }

    private static func checksum(_ hash: String, of request: Request) -> [(String, String)] {
      guard request.body != nil else { return [("x-amz-checksum-algorithm", "SHA256")] }
      return [("x-amz-checksum-sha256", Digest.base64(hash))]
    }

    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func sign(_ request: Request, _ hash: String, _ signature: SignatureV4, _ place: S3Place) -> HTTPRequest {
      let path = place.path(of: request.object)
      var fields = request.headers + [("x-amz-content-sha256", hash), ("x-amz-date", signature.timestamp)]
      var headers = HTTPHeaders()
      for (name, value) in fields { headers.add(name, value) }
      fields.append(("host", place.host))
      if let token = signature.credentials.sessionToken {
        fields.append(("x-amz-security-token", token.value))
        headers.add("x-amz-security-token", secret: token)
      }
      let authorization = signature.authorization(
        method: request.method, path: path, query: request.query, headers: fields, payloadHash: hash,
        key: signingKey(of: signature))
      headers.add("Authorization", secret: Secret(authorization))
      let query = request.query.isEmpty ? "" : "?\(SignatureV4.canonical(query: request.query))"
      return HTTPRequest(
        request.method, "\(place.base)\(path)\(query)", headers: headers,
        body: request.body.map { .bytes($0) }, isRead: request.isRead, maximumByteCount: request.maximumByteCount)
    }

    private func signingKey(of signature: SignatureV4) -> SignatureV4.SigningKey {
      if let key = state.withLock(\.signingKey), key.fits(signature) { return key }
      let key = SignatureV4.SigningKey(of: signature)
      state.withLock { $0.signingKey = key }
      return key
    }

    /// Takes the server's clock for the right one.
    ///
    /// - Returns: Whether that changes anything: what another request has learned meanwhile counts.
    private func learnClock(_ response: HTTPResponse, _ offset: Duration, _ runtime: Runtime) -> Bool {
      guard let date = response.headers["Date"].flatMap(HTTPDate.parse) else { return false }
      let learned = date - runtime.wallTime
      return state.withLock { state in
        if state.clockOffset == offset { state.clockOffset = learned }
        return abs((state.clockOffset - offset).components.seconds) >= 1
      }
    }

    private func credentials(in context: Context) async throws(DriverError) -> (S3Credentials, generation: Int) {
      switch setting.credentials {
      case .fixed(let credentials):
        try credentials.check()
        return (credentials, 0)
      case .ofCall:
        guard let name = setting.name, let secret = context.credentials[name] else {
          let place = setting.name.map { "under \(quoted($0))" } ?? "because the driver has no name"
          throw DriverError(
            .denied, "the call brings no S3 credentials \(place): give them to the driver, or to the call's options")
        }
        let credentials = try S3Credentials(secret)
        try credentials.check()
        return (credentials, 0)
      case .refreshed(let refresh):
        let (known, generation) = state.withLock { ($0.credentials, $0.generation) }
        if let known { return (known, generation) }
        let fresh: S3Credentials
        do throws(DriverError) { fresh = try await refresh() } catch { throw error.with(effect: .unchanged) }
        try fresh.check()
        return state.withLock { state in
          // Whoever asked at the same time, and was first, decides for all.
          if let known = state.credentials, state.generation != generation { return (known, state.generation) }
          state.credentials = fresh
          state.generation += 1
          return (fresh, state.generation)
        }
      }
    }

    /// Lets go of credentials that are of no more use, unless there are newer ones.
    private func forget(_ generation: Int) {
      state.withLock { if $0.generation == generation { $0.credentials = nil } }
    }
  }

  /// What a driver was made with.
  struct S3Setting: Sendable {
    var bucket: String
    var name: String?
    var region: String
    var endpoint: String?
    var prefix: String
    var addressing: S3Driver.Addressing
    var credentials: S3Driver.CredentialSource
    var stamps: S3Driver.StampPlace
    var conditions: S3Driver.Conditions
    var domain: String?
    var maximumByteCount: Int
    var multipartThreshold: Int
    var partByteCount: Int
    var abandonedUploads: Duration?
  }
#endif
