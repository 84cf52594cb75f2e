#if HTTP
  package import MetaDriver

  /// The address below which a store is: `http` or `https`, a host, and perhaps a path; nothing secret, and nothing that
  /// would not be the beginning of another address.
  package struct HTTPAddress: Hashable, Sendable {
    /// The address, without a slash at the end.
    package let string: String
    /// The scheme and the host, with its port if one was given.
    package let origin: String
    /// The path, its escapes undone, without a slash at the end: empty, or beginning with one.
    package let path: String

    /// Checks an address.
    ///
    /// - Throws: `unavailable`, saying what is wrong, and never showing an address that has a secret in it.
    package init(_ text: String) throws(DriverError) {
      func refusal(_ reason: String) -> DriverError {
        DriverError(.unavailable, reason, effect: .unchanged, isRetryable: false)
      }
      let start = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
      guard let start, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
        throw refusal("this is no address of an HTTP server: it has to begin with http:// or https://, without spaces")
      }
      let rest = text.dropFirst(start.count)
      let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      guard !host.contains("@") else {
        throw refusal("the address of the store has a user or a password in it: give these as credentials")
      }
      guard !rest.contains("?"), !rest.contains("#") else {
        throw refusal("the address of the store has a '?' or a '#' in it: a folder of a server has neither")
      }
      var path = String(rest.dropFirst(host.count))
      while path.last == "/" { path.removeLast() }
      guard !host.isEmpty, let decoded = Self.decoded(path) else {
        throw refusal("the address \(quoted(text)) has no host, or an escape in it that is none")
      }
      origin = start + host.lowercased()
      string = origin + path
      self.path = decoded
    }

    /// A path with its percent-escapes undone; `nil` when one of them is none, or the bytes are not UTF-8.
    package static func decoded(_ path: some StringProtocol) -> String? {
      var bytes: [UInt8] = []
      var rest = path.utf8[...]
      while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
          bytes.append(byte)
          continue
        }
        guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
          return nil
        }
        bytes.append(high << 4 | low)
      }
      return String(validating: bytes, as: UTF8.self)
    }
  }

  extension HTTPAddress: CustomStringConvertible {
    /// The address.
    package var description: String { string }
  }
#endif
