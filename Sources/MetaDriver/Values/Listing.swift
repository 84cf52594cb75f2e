/// What to list: the keys of one kind whose names begin with a prefix, one page at a time.
public struct ListRequest: Hashable, Sendable {
  /// The largest page; a larger ``limit`` is lowered to it.
  public static let maximumLimit = 10_000

  /// Which kind of data.
  public let kind: Key.Kind
  /// The beginning of the names, compared byte by byte; empty lists everything. A slash has no meaning.
  public let prefix: String
  /// Where the previous page ended; `nil` begins.
  public let cursor: Cursor?
  /// How many entries a page has at most, 1 to ``maximumLimit``.
  public let limit: Int

  /// Describes one page.
  ///
  /// - Precondition: `limit` is at least 1.
  public init(_ kind: Key.Kind = .mutable, prefix: String = "", after cursor: Cursor? = nil, limit: Int = 1_000) {
    precondition(limit >= 1, "a page has at least one entry; the limit given is \(limit)")
    self.kind = kind
    self.prefix = prefix
    self.cursor = cursor
    self.limit = min(limit, Self.maximumLimit)
  }

  /// Refuses a cursor that comes from another listing, which would end this one early without a word.
  func checkCursor() throws(DriverError) {
    guard let cursor, cursor.key.kind != kind || !cursor.key.name.utf8.starts(with: prefix.utf8) else { return }
    throw DriverError(
      .invalidKey,
      "the cursor stands at the \(cursor.key.kind) key \(cursor.key), which the listing of \(kind) keys that "
        + "begin with \(quoted(prefix)) never reaches: it is another listing's")
  }

  /// Whether a key belongs in this listing, the cursor included.
  public func includes(_ key: Key) -> Bool {
    key.kind == kind && key.name.utf8.starts(with: prefix.utf8) && (cursor.map { $0.key < key } ?? true)
  }
}

extension ListRequest {
  /// Whether two requests ask for the same page; prefixes are compared byte by byte.
  public static func == (left: ListRequest, right: ListRequest) -> Bool {
    left.kind == right.kind && left.limit == right.limit && left.cursor == right.cursor
      && left.prefix.utf8.elementsEqual(right.prefix.utf8)
  }

  /// Hashes what is compared.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(limit)
    hasher.combine(cursor)
    hasher.combine(bytesOf: prefix)
  }
}

/// One page of a listing, sorted by the bytes of the names, each key once.
public struct Page: Hashable, Sendable {
  /// One key of a listing.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public let key: Key
    /// What the store knows of it.
    public let stat: Stat

    /// Makes an entry.
    public init(_ key: Key, _ stat: Stat) {
      self.key = key
      self.stat = stat
    }
  }

  /// The entries, in ascending order of their keys. Drivers list tombstones; a strategy leaves them out.
  ///
  /// A key in doubt is listed, as live and without a stamp, and a read settles it: a store lists a damaged copy so, with the
  /// bytes that it takes, and a node that merges listings a key of which one store says that it is deleted while another,
  /// of the same stamp or with a copy that has none, says that it is not.
  public var entries: [Entry]
  /// Where the next page begins; `nil` is the end of the listing.
  public var next: Cursor?
  /// The drivers that could not answer: what only they hold is not listed. Empty when the listing is complete.
  ///
  /// Never conclude from an incomplete page that a key does not exist.
  public var unanswered: [String]

  /// Makes a page.
  public init(_ entries: [Entry], next: Cursor?, unanswered: [String] = []) {
    self.entries = entries
    self.next = next
    self.unanswered = unanswered
  }

  /// Whether every driver that could hold a key of this page answered.
  public var isComplete: Bool { unanswered.isEmpty }

  /// Makes a page of entries in any order: sorts them, keeps those that the request includes, and cuts at its limit.
  ///
  /// - Complexity: O(n log n) for n entries.
  public init(of entries: some Sequence<Entry>, for request: ListRequest) {
    let sorted = entries.filter { request.includes($0.key) }.sorted { $0.key < $1.key }
    let page = Array(sorted.prefix(request.limit))
    self.init(page, next: sorted.count > page.count ? page.last.map { Cursor(after: $0.key) } : nil)
  }
}

/// A place in a listing: opaque, printable, valid in any process for as long as the data lives.
public struct Cursor: Hashable, Sendable, CustomStringConvertible {
  /// The last key of the page before. Drivers continue after it.
  public let key: Key

  /// Makes the cursor that continues after a key.
  public init(after key: Key) { self.key = key }

  /// Reads a cursor from its text.
  ///
  /// - Throws: `invalidKey`, naming the text, when it is no cursor that this package printed.
  public init(_ text: some StringProtocol) throws(DriverError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "m" || parts[0] == "i", let name = Self.name(fromHex: parts[1].utf8),
      parts[2] == Self.check(parts[0], parts[1])
    else { throw DriverError(.invalidKey, "\(quoted(String(text))) is not a cursor of a listing") }
    key = try Key(parts[0] == "m" ? .mutable : .immutable, name: name)
  }

  /// The cursor as text.
  public var description: String {
    let kind = key.kind == .mutable ? "m" : "i"
    let name = hexString(Array(key.name.utf8))
    return "\(kind).\(name).\(Self.check(kind, name))"
  }

  private static func name(fromHex digits: some Collection<UInt8>) -> String? {
    let values = digits.compactMap(hexDigit)
    guard values.count == digits.count, values.count.isMultiple(of: 2) else { return nil }
    let bytes = stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func check(_ kind: some StringProtocol, _ name: some StringProtocol) -> String {
    String(ContentHash(of: Array("\(kind).\(name)".utf8)).description.prefix(8))
  }
}
