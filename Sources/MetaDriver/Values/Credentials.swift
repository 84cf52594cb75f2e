/// Who makes a call, for drivers that serve several users.
public struct Identity: Hashable, Sendable, CustomStringConvertible {
  /// The name under which the stores know the user.
  public let name: String
  /// Makes an identity of a name.
  public init(_ name: String) { self.name = name }
  /// The name.
  public var description: String { name }
}

/// A secret that does not print itself.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The secret. Handing it to anything that prints or logs is up to whoever reads it.
  public let value: String
  /// Wraps a secret.
  public init(_ value: String) { self.value = value }
  /// `<redacted>`.
  public var description: String { "<redacted>" }
  /// `<redacted>`.
  public var debugDescription: String { "<redacted>" }
  /// Nothing to reflect.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The secrets of one call, by the name of the leaf that needs them.
///
/// ```swift
/// var options = CallOptions()
/// options.credentials["eu"] = Secret(token)
/// ```
///
/// They travel beside the request: never in an outline, an error, a receipt or an event.
public struct Credentials: Sendable {
  private var secrets: [String: Secret] = [:]
  /// Makes an empty set.
  public init() {}
  /// The secret for the leaf of that name.
  public subscript(_ leaf: String) -> Secret? {
    get { secrets[leaf] }
    set { secrets[leaf] = newValue }
  }
}
