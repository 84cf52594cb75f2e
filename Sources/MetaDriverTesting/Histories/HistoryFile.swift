private import MetaDriver

/// Histories as JSON, for keeping them, and for judging those of other systems.
///
/// ```swift
/// let file = try HistoryFile(json: Array(#"{"histories": [{"ops": [["w", 1, 0, 5, 0], ["r", 1, 6, 7, 1]]}]}"#.utf8))
/// for entry in file.entries { print(try entry.history.violations(of: .linearizable)) }
/// ```
///
/// A file is an object with the field `histories`, a list of objects; or that list alone, or one of its objects. An
/// object has the field `ops`, a list of operations, and may have `key`, the id of the datum, and `linearizable` and
/// `weak_regular`, what somebody says of the history. The object around the list may have `format` and `verdicts`, which
/// are texts for people. Every other field is refused. An operation is an array:
///
/// | place | what | |
/// |---|---|---|
/// | 0 | kind | `"w"` for a put, `"r"` for a get, `"d"` for a delete |
/// | 1 | value | of a put, not 0; of a get, 0 or `null` when it found nothing; of a delete, 0 or `null` |
/// | 2 | when it was invoked | |
/// | 3 | when it ended | `null` when nobody knows whether it did; a put that is not stored then has not ended |
/// | 4 | session | |
/// | 5 | stamp | may be left out; a number from 0 that ranks it, or `null`; of a put, the last that it was stored under; of a get, that of the copy it found |
///
/// An operation's ``History/Operation/id`` is its place in `ops`. Numbers are whole, and fit in 64 bits. A file has at
/// most ``maximumByteCount`` bytes.
public struct HistoryFile: Hashable, Sendable {
  /// The longest file, in bytes: 256 MiB.
  public static let maximumByteCount = 256 << 20

  /// One history of a file.
  public struct Entry: Hashable, Sendable {
    /// The history, all of one key.
    public var history: History
    /// Whether somebody says that it is linearizable.
    public var isLinearizable: Bool?
    /// Whether somebody says that it is regular.
    public var isRegular: Bool?

    /// Makes an entry.
    public init(_ history: History, isLinearizable: Bool? = nil, isRegular: Bool? = nil) {
      self.history = history
      self.isLinearizable = isLinearizable
      self.isRegular = isRegular
    }
  }

  /// The histories, in the order of the file.
  public var entries: [Entry]

  /// Makes a file of histories.
  public init(_ entries: [Entry]) { self.entries = entries }

  /// Reads a file.
  ///
  /// - Parameter bytes: What is in it.
  /// - Throws: The first mistake: where the file is no JSON, has another form, or a history in it makes no sense, as
  ///   ``History/check()`` says.
  public init(json bytes: [UInt8]) throws(HistoryFileError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw HistoryFileError(
        line: 1, column: 1, field: "", message: "it has \(bytes.count) bytes, the limit is \(Self.maximumByteCount)")
    }
    var parser = HistoryFileParser(bytes)
    entries = try parser.parse()
  }

  /// The file as JSON, a line for each history of each key.
  ///
  /// Left out is what has no place in the form, and in no verdict but ``Guarantee/durable``: operations that failed, gets
  /// without an answer, ids and audits. A history of several keys becomes one for each, sorted by key, with the entry's
  /// verdicts only if there is one key. Stamps become their ranks.
  public var json: String {
    let lines = entries.flatMap(\.lines)
    return #"{"histories": ["# + (lines.isEmpty ? "" : "\n") + lines.joined(separator: ",\n") + "\n]}\n"
  }
}
