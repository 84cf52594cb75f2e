#if HTTP
  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// Which addresses are not of the public internet: those of RFC 6890 and their siblings.
  enum PrivateAddress {
    /// Whether a numeric address is private. What is no address at all is taken for private.
    static func contains(_ address: String) -> Bool {
      let address = String(address.prefix { $0 != "%" })
      if let bytes = parse(address, AF_INET, 4) { return isPrivate4(bytes) }
      if let bytes = parse(address, AF_INET6, 16) { return isPrivate6(bytes) }
      return true
    }

    /// Whether the host of an address is spelled as a private address, and not as a name that leads to one.
    static func isSpelled(_ host: String) -> Bool {
      let host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
      guard parse(host, AF_INET, 4) == nil, parse(host, AF_INET6, 16) == nil else { return contains(host) }
      return host == "localhost" || host.hasSuffix(".localhost")
    }

    private static func parse(_ address: String, _ family: Int32, _ count: Int) -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: count)
      return unsafe inet_pton(family, address, &bytes) == 1 ? bytes : nil
    }

    private static func isPrivate4(_ bytes: [UInt8]) -> Bool {
      switch (bytes[0], bytes[1], bytes[2]) {
      case (0, _, _), (10, _, _), (127, _, _): true
      case (100, 64...127, _): true
      case (169, 254, _), (192, 168, _): true
      case (172, 16...31, _): true
      case (192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113): true
      case (198, 18...19, _): true
      case (224..., _, _): true
      default: false
      }
    }

    private static func isPrivate6(_ bytes: [UInt8]) -> Bool {
      if bytes[0] & 0xfe == 0xfc || bytes[0] == 0xff { return true }
      if bytes[0] == 0xfe, bytes[1] & 0x80 != 0 { return true }
      if bytes[..<4] == [0x20, 0x01, 0x0d, 0xb8] { return true }
      // Addresses that carry one of the fourth version: mapped, compatible, behind a translator, and 6to4.
      if bytes[..<10].allSatisfy({ $0 == 0 }) {
        if bytes[10] == 0xff, bytes[11] == 0xff { return isPrivate4(Array(bytes[12...])) }
        if bytes[10] == 0, bytes[11] == 0 { return isPrivate4(Array(bytes[12...])) }
        return true
      }
      if bytes[..<12] == [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0] { return isPrivate4(Array(bytes[12...])) }
      if bytes[..<6] == [0, 0x64, 0xff, 0x9b, 0, 1] { return true }
      if bytes[0] == 0x20, bytes[1] == 0x02 { return isPrivate4(Array(bytes[2..<6])) }
      return false
    }
  }
#endif
