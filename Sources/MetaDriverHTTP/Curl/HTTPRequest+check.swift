#if HTTP
  import MetaDriver

  extension HTTPRequest {
    /// The longest address that is sent, in bytes.
    private static var urlByteLimit: Int { StorageURL.maximumByteCount }

    /// The method, and the address without its query and without what must not be there: for messages.
    var name: String {
      var address = url.prefix { $0 != "?" && $0 != "#" }
      if origin.contains("@") { address = "an address with a password" }
      return "\(method.prefix(20)) \(address.utf8.count > 300 ? "\(address.prefix(300))…" : address)"
    }

    /// The scheme, host and port, as they are spelled.
    var origin: String {
      var slashes = 0
      let end = url.utf8.firstIndex { byte in
        if byte == UInt8(ascii: "/") { slashes += 1 }
        return slashes == 3 || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
      }
      return url[..<(end ?? url.endIndex)].lowercased()
    }

    /// Refuses what cannot be sent, or would send something else than it seems.
    ///
    /// - Returns: The scheme, host and port.
    @discardableResult
    func check() throws(DriverError) -> String {
      try headers.check()
      guard !method.isEmpty,
        method.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) })
      else { throw DriverError(.unsupported, "\(quoted(method)) is no HTTP method") }
      let origin = origin
      guard !origin.contains("@") else {
        throw DriverError(.unroutable, "an address has no room for a password: send it in a secret field")
      }
      guard origin.hasPrefix("http://") || origin.hasPrefix("https://") else {
        throw DriverError(.unroutable, "\(quoted(name)) does not go to an http or https address")
      }
      guard url.utf8.count <= Self.urlByteLimit else {
        throw DriverError(
          .unroutable, "\(name) has an address of \(url.utf8.count) bytes, \(Self.urlByteLimit) are the limit")
      }
      guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
        throw DriverError(
          .unroutable,
          "\(quoted(name)) has a space, a control character or one beyond ASCII in its address: percent-encode it")
      }
      guard maximumByteCount >= 0 else {
        throw DriverError(.unsupported, "\(name) cannot have a reply of at most \(maximumByteCount) bytes")
      }
      return origin
    }
  }
#endif
