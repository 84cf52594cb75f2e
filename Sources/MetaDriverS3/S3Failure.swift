#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// What a reply says went wrong, in the words of S3. Pure.
  ///
  /// Of the server's text only the code, and the region it names, are ever shown: the rest may repeat what was signed.
  struct S3Failure {
    /// The code, such as `NoSuchKey`; `nil` where the reply has none.
    let code: String?
    /// The region in which the bucket is, where the server says it.
    let region: String?

    /// Reads a reply that is no success, or a document that says so in spite of its status.
    init(_ response: HTTPResponse, document: S3Document? = nil) {
      let body = response.body.count <= 1 << 16 ? response.body : []
      let error = (document ?? S3Document.read(body)).flatMap { $0.name == "Error" ? $0 : nil }
      code = error?["Code"].flatMap(Self.word)
      region = (response.headers["x-amz-bucket-region"] ?? error?["Region"]).flatMap(Self.word)
    }

    private static func word(_ text: String) -> String? {
      let isWord = text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
          true
        default: false
        }
      }
      return isWord && !text.isEmpty && text.utf8.count <= 64 ? text : nil
    }

    /// The object is not there, and the bucket is: the one failure that is absence.
    func isAbsence(_ response: HTTPResponse) -> Bool { response.status == 404 && code == "NoSuchKey" }

    /// Somebody else wrote first, as far as a conditional request is concerned.
    func isConflict(_ response: HTTPResponse) -> Bool {
      switch response.status {
      case 412: code == nil || code == "PreconditionFailed"
      case 409: code == "ConditionalRequestConflict" || code == "OperationAborted"
      default: isAbsence(response)
      }
    }

    /// The server does not know a field of the request, as far as its code says.
    func isUnknownField(_ response: HTTPResponse) -> Bool {
      ["NotImplemented", "InvalidArgument", "InvalidRequest", "UnsupportedHeader"].contains(code)
        || response.status == 501 && code == nil
    }

    /// What Ceph says when an object was written while it read or wrote it: the code of an error it has no name for.
    func isOvertaken(_ response: HTTPResponse) -> Bool { response.status == 500 && code == "UnknownError" }

    /// The object is there, and must be restored before it can be read.
    var isArchived: Bool { code == "InvalidObjectState" }

    /// The clocks of the two machines differ too much.
    var isClockSkew: Bool { code == "RequestTimeTooSkewed" }

    /// The session of the credentials is over.
    var isExpiredSession: Bool {
      code == "ExpiredToken" || code == "TokenRefreshRequired" || code == "ExpiredTokenException"
    }

    /// The error for a reply: by its code where S3's says more than the status, by its status otherwise.
    ///
    /// - Parameters:
    ///   - operation: What was asked, such as `put of 'alice'`.
    ///   - response: The reply.
    ///   - place: Where it was asked.
    ///   - isRead: Whether nothing can have changed.
    ///   - runtime: Whose clock tells how long a date of `Retry-After` is away.
    func error(
      _ operation: String, _ response: HTTPResponse, at place: S3Place, isRead: Bool, on runtime: Runtime
    ) -> DriverError {
      let address = "\(place.endpoint), bucket \(quoted(place.bucket))"
      guard let code, let (kind, advice) = meaning(place) else {
        let error = response.error(operation, at: address, isRead: isRead, detail: code, on: runtime)
        // Without a code it may be anybody who answers, and the server may have acted all the same.
        return code == nil && !isRead ? error.with(effect: .unknown) : error
      }
      return DriverError(
        kind, "\(operation) at \(address) was answered with status \(response.status), '\(code)': \(advice)",
        effect: .unchanged, isRetryable: kind == .timedOut)
    }

    /// The codes whose status says too little, or something else. None of them leaves anything changed.
    private func meaning(_ place: S3Place) -> (DriverError.Code, advice: String)? {
      switch code {
      case "NoSuchBucket": (.unavailable, "check the name of the bucket, the endpoint and the addressing")
      case "InvalidBucketName": (.unavailable, "check the name of the bucket")
      case "NoSuchUpload": (.unavailable, "the upload was given up or is over; check that nothing else cleans up")
      case "SignatureDoesNotMatch":
        (.denied, "check the secret access key; a proxy that changes requests does this too")
      case "InvalidAccessKeyId": (.denied, "check the access key id, and that it belongs to this endpoint")
      case "AccessDenied", "AllAccessDisabled", "AccountProblem":
        (.denied, "check what the key allows; without leave to list the bucket, what is absent is denied too")
      case "ExpiredToken", "TokenRefreshRequired", "ExpiredTokenException", "InvalidToken":
        (.denied, "the session of the credentials is over or not valid: get new ones")
      case "InvalidObjectState":
        (.unavailable, "the object is in an archive; restore it, then it can be read")
      case "RequestTimeTooSkewed": (.denied, "the clocks of the two machines differ too much: set them")
      case "AuthorizationHeaderMalformed", "AuthorizationQueryParametersError", "PermanentRedirect",
        "TemporaryRedirect", "IllegalLocationConstraintException", "IncorrectEndpoint":
        (.denied, "check the region, which is \(quoted(place.region)) here\(elsewhere), and the endpoint")
      case "EntityTooLarge", "MaxMessageLengthExceeded": (.tooLarge, "the server takes no datum of that size")
      case "KeyTooLongError", "InvalidURI", "KeyTooLong": (.invalidKey, "the server takes no such name")
      case "QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity":
        (.noSpace, "the server is full, or the quota is")
      case "RequestTimeout": (.timedOut, "the server waited too long for the request")
      case "NotImplemented", "MethodNotAllowed": (.unsupported, "the server does not do that")
      default: nil
      }
    }

    private var elsewhere: String { region.map { " and \(quoted($0)) there" } ?? "" }
  }
#endif
