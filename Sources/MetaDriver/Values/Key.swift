/// The address of one datum.
///
/// There are two kinds. *Mutable* data has a name that its owner chose, and may be overwritten. *Immutable* data is
/// addressed by the hash of its bytes, so that any copy can be checked by anyone.
///
/// ```swift
/// let profile = Key.mutable("alice/profile")
/// let photo = Key.immutable(ContentHash(of: bytes))
/// ```
///
/// No two keys share a stored name on any leaf, whatever their kind; ``DataID`` states what an id may contain.
public enum Key: Hashable, Sendable {
  /// A datum that its owner may overwrite.
  case mutable(DataID)
  /// A datum that is what its address says, or is damaged.
  case immutable(ContentHash)

  /// Which of the two kinds of data a key addresses.
  public enum Kind: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Overwritten by its owner.
    case mutable
    /// Addressed by its content.
    case immutable

    /// `mutable` or `immutable`.
    public var description: String { rawValue }
  }

  /// Which kind of data this key addresses.
  public var kind: Kind {
    switch self {
    case .mutable: .mutable
    case .immutable: .immutable
    }
  }

  /// The name within its kind: the id as it was given, or the hash in hexadecimal digits.
  ///
  /// Listings are sorted by the UTF-8 bytes of this name, and prefixes match against it.
  public var name: String {
    switch self {
    case .mutable(let id): id.string
    case .immutable(let hash): hash.description
    }
  }

  /// Makes the key of a kind and a name, the reverse of ``kind`` and ``name``.
  ///
  /// - Throws: `invalidKey` when the name is not one of that kind.
  public init(_ kind: Kind, name: some StringProtocol) throws(DriverError) {
    switch kind {
    case .mutable: self = .mutable(try DataID(name))
    case .immutable: self = .immutable(try ContentHash(hex: name))
    }
  }
}

extension Key: ExpressibleByStringLiteral {
  /// The key of a mutable datum, of a literal.
  ///
  /// - Precondition: The literal is a valid id.
  public init(stringLiteral literal: StaticString) { self = .mutable(DataID(stringLiteral: literal)) }
}

extension Key: Comparable, CustomStringConvertible {
  /// Orders mutable keys before immutable ones, and keys of one kind by the bytes of their names.
  public static func < (left: Key, right: Key) -> Bool {
    switch (left, right) {
    case (.mutable(let left), .mutable(let right)): left < right
    case (.immutable(let left), .immutable(let right)): left < right
    case (.mutable, .immutable): true
    case (.immutable, .mutable): false
    }
  }

  /// The name in quotes, cut when it is long; `sha256:` and the digits for immutable data.
  public var description: String {
    switch self {
    case .mutable(let id): quoted(id.string)
    case .immutable(let hash): "sha256:\(hash)"
    }
  }
}
