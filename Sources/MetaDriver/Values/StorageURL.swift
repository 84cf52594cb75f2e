/// The URL under which a driver can be asked for one datum.
///
/// ```swift
/// let url = try StorageURL("https://alice.example/profile")
/// let copy = try await profiles.get(url: url)
/// ```
///
/// The text is kept as it was given, and two URLs are equal when their UTF-8 bytes are. Which driver answers for it is the drivers' decision: see `Driver.handles(_:)`.
public struct StorageURL: Hashable, Sendable, CustomStringConvertible {
  /// The longest URL, in bytes of UTF-8.
  public static let maximumByteCount = 16_384

  /// The URL as it was given.
  public let string: String
  /// The part before the first colon, in lower case.
  public let scheme: String

  /// Checks a text and makes a URL of it.
  ///
  /// - Throws: `unroutable`, naming the text, when it has no scheme (a letter, then letters, digits, `+`, `-` or `.`,
  ///   then a colon), contains a control character or a space, or is longer than ``maximumByteCount`` bytes.
  public init(_ string: some StringProtocol) throws(DriverError) {
    let text = String(string)
    let scheme = text.prefix { $0 != ":" }
    let isScheme =
      scheme.first?.isASCIILetter == true && scheme.allSatisfy { $0.isASCIILetter || "0123456789+-.".contains($0) }
    guard text.utf8.count <= Self.maximumByteCount else {
      throw DriverError(
        .unroutable, "the URL \(quoted(text)) has \(text.utf8.count) bytes, the limit is \(Self.maximumByteCount)")
    }
    guard isScheme, scheme.utf8.count < text.utf8.count, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
    else {
      throw DriverError(.unroutable, "\(quoted(text)) is not a URL: a scheme, a colon and no spaces are needed")
    }
    self.string = text
    self.scheme = scheme.lowercased()
  }

  /// Whether two URLs have the same bytes.
  public static func == (left: StorageURL, right: StorageURL) -> Bool {
    left.string.utf8.elementsEqual(right.string.utf8)
  }

  /// Hashes the bytes of the URL.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: string) }

  /// The URL as it was given.
  public var description: String { string }
}

extension Character {
  fileprivate var isASCIILetter: Bool { isASCII && isLetter }
}
