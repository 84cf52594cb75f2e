#if HTTP
  private import Foundation
  public import MetaDriver

  /// How a driver over HTTP shows who it is.
  ///
  /// ```swift
  /// let credentials = HTTPCredentials.basic(user: "alice", password: Secret(token))
  /// print(credentials)                               // basic <redacted>
  /// ```
  ///
  /// A call may bring others, as one secret under the driver's name: `user:password`, or a bearer token, which has no colon.
  ///
  /// ```swift
  /// var options = CallOptions()
  /// options.credentials["cloud"] = Secret("alice:\(token)")
  /// ```
  public enum HTTPCredentials: Sendable {
    /// A user and a password. Source: RFC 7617.
    case basic(user: String, password: Secret)
    /// A token. Source: RFC 6750.
    case bearer(Secret)

    /// Reads what a call brings.
    package init(_ secret: Secret) {
      guard let colon = secret.value.firstIndex(of: ":") else {
        self = .bearer(secret)
        return
      }
      self = .basic(
        user: String(secret.value[..<colon]),
        password: Secret(String(secret.value[secret.value.index(after: colon)...])))
    }

    /// The value of the field `Authorization`.
    package var authorization: Secret {
      switch self {
      case .basic(let user, let password):
        Secret("Basic \(Data("\(user):\(password.value)".utf8).base64EncodedString())")
      case .bearer(let token): Secret("Bearer \(token.value)")
      }
    }
  }

  extension HTTPCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The scheme alone.
    public var description: String {
      switch self {
      case .basic: "basic <redacted>"
      case .bearer: "bearer <redacted>"
      }
    }
    /// The scheme alone.
    public var debugDescription: String { description }
    /// Nothing to reflect.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
  }

  extension Context {
    /// What a driver shows: what this call brings under the driver's name, or the driver's own.
    package func credentials(of leaf: Leaf, or own: HTTPCredentials?) -> HTTPCredentials? {
      leaf.name.flatMap { credentials[$0] }.map(HTTPCredentials.init) ?? own
    }
  }
#endif
