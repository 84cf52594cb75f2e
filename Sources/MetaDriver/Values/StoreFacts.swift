/// What a store says of one stored copy beside its content: the tag of its version, when it changed.
///
/// ```swift
/// if let tag = try await cdn.get("logo")?.facts?.entityTag { show(tag) }
/// ```
///
/// Facts are the store's own words about its own copy. They are not compared when copies are, do not travel to another
/// store, and are one word wide in a ``Record``.
public struct StoreFacts: Hashable, Sendable {
  private final class Storage: Hashable, Sendable {
    let entityTag: String?
    let lastModified: Duration?
    let revision: UInt64?

    init(_ entityTag: String?, _ lastModified: Duration?, _ revision: UInt64?) {
      self.entityTag = entityTag
      self.lastModified = lastModified
      self.revision = revision
    }

    static func == (left: Storage, right: Storage) -> Bool {
      left.entityTag == right.entityTag && left.lastModified == right.lastModified && left.revision == right.revision
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(entityTag)
      hasher.combine(lastModified)
      hasher.combine(revision)
    }
  }

  private let storage: Storage

  /// Takes down what a store said.
  ///
  /// - Parameters:
  ///   - entityTag: The tag of the version, as HTTP's `ETag` has it, quotes included.
  ///   - lastModified: When the copy last changed by the store's clock, since 1970.
  ///   - revision: The number of the change in the store's history.
  public init(entityTag: String? = nil, lastModified: Duration? = nil, revision: UInt64? = nil) {
    storage = Storage(entityTag, lastModified, revision)
  }

  /// The tag of the version, as HTTP's `ETag` has it, quotes included.
  public var entityTag: String? { storage.entityTag }
  /// When the copy last changed by the store's clock, since 1970.
  public var lastModified: Duration? { storage.lastModified }
  /// The number of the change in the store's history.
  public var revision: UInt64? { storage.revision }
}
