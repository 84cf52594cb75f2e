#if HTTP
  public import MetaDriver

  /// Who signs the requests to an S3 server.
  ///
  /// ```swift
  /// let credentials = S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(token))
  /// ```
  ///
  /// The two secrets never print themselves.
  public struct S3Credentials: Sendable {
    /// The name of the key, which is no secret and is part of every signature.
    public let accessKeyID: String
    /// The key.
    public let secretAccessKey: Secret
    /// What goes with keys that were made for a limited time; `nil` for keys that last.
    public let sessionToken: Secret?

    /// Makes credentials of their parts.
    public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
      self.accessKeyID = accessKeyID
      self.secretAccessKey = secretAccessKey
      self.sessionToken = sessionToken
    }

    /// Reads the form in which a call's `Credentials` carry them: the id of the access key, the
    /// key, and the token if there is one, with a space between them, because a colon may be a part of each.
    ///
    /// - Throws: `denied` when the text has another form; the message does not show it.
    public init(_ secret: Secret) throws(DriverError) {
      let parts = secret.value.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      guard 2...3 ~= parts.count, parts.allSatisfy({ !$0.isEmpty }) else {
        throw DriverError(
          .denied, "the S3 credentials are not of the form ID SECRET or ID SECRET TOKEN, with one space between")
      }
      self.init(
        accessKeyID: parts[0], secretAccessKey: Secret(parts[1]), sessionToken: parts.count > 2 ? Secret(parts[2]) : nil
      )
    }

    /// Refuses what cannot stand in the field of a request.
    func check() throws(DriverError) {
      let texts = [accessKeyID, sessionToken?.value ?? "x"]
      guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }) else {
        throw DriverError(
          .denied, "the access key id or the session token is empty, or has a space or other odd character")
      }
    }
  }

  extension S3Driver {
    /// Where a driver has its credentials from.
    public enum CredentialSource: Sendable {
      /// The same for all calls.
      case fixed(S3Credentials)
      /// Whoever calls has them: `CallOptions.credentials` under the name of the driver, in the form
      /// `ID SECRET` or `ID SECRET TOKEN`.
      case ofCall
      /// Asked when the first request is made, and again, once for each request, when the server says that a session has
      /// expired. What it throws is the error of the call. It should answer within the time that calls may take.
      case refreshed(@Sendable () async throws(DriverError) -> S3Credentials)
    }
  }
#endif
