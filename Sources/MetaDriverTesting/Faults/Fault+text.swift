import MetaDriver

extension Fault: CustomStringConvertible {
  /// Text that is no fault: what it says, and what is wrong with which part.
  public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// What is wrong with it.
    public let reason: String

    /// The text and the reason, on one line.
    public var description: String { "\"\(text)\" is no fault: \(reason)" }
  }

  private var duration: Duration? {
    switch self {
    case .delayedVisibility(let duration), .duplicated(let duration), .reordered(let duration): duration
    default: nil
    }
  }

  /// The fault as ``init(_:)`` reads it: `lostReply`, `reordered 40ms`. Durations are printed to the nanosecond.
  public var description: String { duration.map { "\(kind) \($0.text)" } ?? "\(kind)" }

  /// Reads a fault from its text: the kind, and the duration of those that have one, as a whole number of `ns`, `us`,
  /// `ms` or `s`.
  ///
  /// ```swift
  /// let fault = try Fault("reordered 40ms")
  /// ```
  ///
  /// - Throws: What is wrong with which of the fields.
  public init(_ text: some StringProtocol) throws(ParseError) {
    let fields = text.split(separator: " ")
    func wrong(_ reason: String) -> ParseError { ParseError(text: String(text), reason: reason) }
    guard let name = fields.first else { throw wrong("it is empty") }
    guard let kind = Kind(rawValue: String(name)) else {
      let known = Kind.allCases.map(\.description).joined(separator: ", ")
      throw wrong("the kind \"\(name)\" is none of \(known)")
    }
    guard kind.hasDuration else {
      guard fields.count == 1 else { throw wrong("\(kind) takes nothing more, and \"\(fields[1])\" follows") }
      self.init(kind, lasting: .zero)
      return
    }
    guard fields.count > 1 else { throw wrong("\(kind) needs a duration behind it, such as 40ms") }
    guard fields.count == 2 else { throw wrong("\(kind) takes one duration, and \"\(fields[2])\" follows it") }
    guard let duration = Duration(text: fields[1]) else {
      throw wrong("the duration \"\(fields[1])\" is not a whole number of ns, us, ms or s that fits, such as 40ms")
    }
    self.init(kind, lasting: duration)
  }
}
