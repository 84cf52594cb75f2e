#if HTTP
  import MetaDriver

  /// The status and the fields of a reply, from lines as they come. Pure.
  struct ReplyHead {
    /// How many bytes of fields are taken.
    static let byteLimit = 256 << 10

    /// The status; 0 before there is one.
    private(set) var status = 0
    private(set) var headers: HTTPHeaders = [:]
    /// Whether the blank line came that ends the fields.
    private(set) var isComplete = false
    private var byteCount = 0

    /// Takes a line, which may end in CR LF. A status line begins anew: what stood before was an interim reply.
    ///
    /// - Throws: `unavailable` for what no server that speaks HTTP sends.
    mutating func take(_ line: some Collection<UInt8>) throws(DriverError) {
      byteCount += line.count
      guard byteCount <= Self.byteLimit else {
        throw DriverError(
          .unavailable, "the fields of the reply have more than \(Self.byteLimit) bytes", isRetryable: false)
      }
      var end = line.endIndex
      while end > line.startIndex, line[line.index(end, offsetBy: -1)].isLineEnd { line.formIndex(&end, offsetBy: -1) }
      let text = line[..<end]
      if text.starts(with: "HTTP/".utf8) {
        self = ReplyHead()
        byteCount = line.count
        guard let status = Self.status(text) else { throw Self.broken("its first line has no status") }
        self.status = status
        return
      }
      guard !text.isEmpty else {
        isComplete = status >= 200
        return
      }
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { throw Self.broken("a field has no colon") }
      let name = text[..<colon]
      guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
        throw Self.broken("a field has a name that is none")
      }
      let value = text[text.index(after: colon)...]
      guard !value.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f }) else {
        throw Self.broken("a field has a control character")
      }
      headers.add(Self.text(name[...]), Self.text(Self.trimmed(value)))
    }

    /// How long the body is, where the reply says so.
    var contentLength: Int? { headers["Content-Length"].flatMap { Int($0) } }

    private static func status(_ line: some Collection<UInt8>) -> Int? {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard parts.count >= 2, parts[1].count == 3 else { return nil }
      var status = 0
      for digit in parts[1] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        status = status * 10 + Int(digit - UInt8(ascii: "0"))
      }
      return status >= 100 ? status : nil
    }

    private static func trimmed<Bytes: Collection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence {
      var (start, end) = (bytes.startIndex, bytes.endIndex)
      while start < end, bytes[start].isBlank { bytes.formIndex(after: &start) }
      while start < end, bytes[bytes.index(end, offsetBy: -1)].isBlank { bytes.formIndex(&end, offsetBy: -1) }
      return bytes[start..<end]
    }

    /// What is not UTF-8 is Latin-1, which HTTP once was.
    private static func text(_ bytes: some Collection<UInt8>) -> String {
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      var text = ""
      for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
      return text
    }

    private static func broken(_ reason: String) -> DriverError {
      DriverError(.unavailable, "the reply is not HTTP: \(reason)", isRetryable: false)
    }
  }

  extension UInt8 {
    fileprivate var isLineEnd: Bool { self == 10 || self == 13 }
    fileprivate var isBlank: Bool { self == 32 || self == 9 }
  }
#endif
