/// Which operations a node really has.
///
/// A composite derives its own from its children, so that a strategy knows what it can do before it does anything. The
/// operations that are not here throw `unsupported`, before any child is touched.
public struct Capabilities: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt16
  /// Makes a set of bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `get(_:in:)`.
  public static let get = Capabilities(rawValue: 1 << 0)
  /// `put(_:at:in:)`.
  public static let put = Capabilities(rawValue: 1 << 1)
  /// `delete(_:proof:in:)`.
  public static let delete = Capabilities(rawValue: 1 << 2)
  /// `list(_:in:)`.
  public static let list = Capabilities(rawValue: 1 << 3)
  /// `stat(_:in:)`.
  public static let stat = Capabilities(rawValue: 1 << 4)
  /// `put(_:at:if:in:)`: the check and the write are one step.
  public static let compareAndPut = Capabilities(rawValue: 1 << 5)
  /// `url(for:)` makes URLs.
  public static let makeURL = Capabilities(rawValue: 1 << 6)
  /// `get(_:in:)` of URLs.
  public static let getURL = Capabilities(rawValue: 1 << 7)

  /// `delete(_:if:in:)`: the check and the removal are one step.
  public static let compareAndDelete = Capabilities(rawValue: 1 << 8)

  /// `get`, `put` and `delete`.
  public static let basic: Capabilities = [.get, .put, .delete]
  /// Whatever changes a store.
  public static let writes: Capabilities = [.put, .delete, .compareAndPut, .compareAndDelete]
  /// Whatever asks a store.
  public static let reads: Capabilities = [.get, .list, .stat, .getURL, .makeURL]
}

extension Capabilities: CustomStringConvertible {
  private static let names: [(Capabilities, String)] = [
    (.get, "get"), (.put, "put"), (.delete, "delete"), (.list, "list"), (.stat, "stat"),
    (.compareAndPut, "compare-and-put"), (.makeURL, "make-url"), (.getURL, "get-url"),
    (.compareAndDelete, "compare-and-delete"),
  ]

  /// Each operation of the set.
  var each: [Capabilities] { Self.names.map(\.0).filter(contains) }

  /// The operations, separated by commas.
  public var description: String {
    Self.names.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
  }
}
