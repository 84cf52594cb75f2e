#if HTTP
  import MetaDriver

  /// Which addresses are the source's own.
  extension HTTPSource {
    /// What is wrong with a base address; `nil` when nothing is.
    static func mistake(in base: String) -> String? {
      do throws(DriverError) {
        try HTTPRequest("GET", base).check()
        if base.contains("?") || base.contains("#") { return "the base address has a query or a fragment" }
        return base.pathSegments.contains(where: \.isDots) ? "the base address has a segment of dots" : nil
      } catch {
        return error.message
      }
    }

    /// The address of a key.
    func url(of key: Key) throws(DriverError) -> String {
      if let mistake { throw DriverError(.unroutable, mistake) }
      guard let path = layout.path(of: key) else {
        throw DriverError(.invalidKey, "\(key) has no place below \(place), as the driver's layout has it")
      }
      guard path.utf8.count <= Self.pathByteLimit else {
        throw DriverError(
          .invalidKey,
          "\(key) has a path of \(path.utf8.count) bytes below \(place): beyond \(Self.pathByteLimit), servers "
            + "say of what is there that it is not")
      }
      return "\(base)/\(path)"
    }

    /// Whether a URL is below the base, also when libcurl and the server have understood its dots.
    func isBelow(_ url: StorageURL) -> Bool {
      let start = "\(base)/"
      guard url.string.utf8.count > start.utf8.count, !url.string.contains("#"), url.string.isASCIIText else {
        return false
      }
      let origin = HTTPRequest("GET", base).origin
      let isSamePlace =
        url.string.prefix(origin.count).lowercased() == origin
        && url.string.dropFirst(origin.count).hasPrefix(start.dropFirst(origin.count))
      return isSamePlace && !url.string.pathSegments.contains(where: \.isDots)
    }

    /// The key that a URL below the base is of; `nil` when none can be told.
    func key(of url: StorageURL) -> Key? {
      layout.key(at: String(url.string.dropFirst(base.count + 1)))
    }
  }

  extension StorageURL {
    /// Whether the scheme is http or https.
    var isWeb: Bool { scheme == "http" || scheme == "https" }

    /// The URL without its query, which may hold a secret of somebody's.
    var shown: String { String(string.prefix { $0 != "?" }.prefix(300)) }
  }

  extension String {
    fileprivate var isASCIIText: Bool { utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") } }

    /// The segments behind the host, up to the query.
    fileprivate var pathSegments: ArraySlice<Substring> {
      prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3)
    }

  }

  extension Substring {
    /// Whether servers take the segment for `.` or `..`.
    fileprivate var isDots: Bool {
      let text = lowercased().split(separator: "%2e", omittingEmptySubsequences: false).joined(separator: ".")
      return text == "." || text == ".."
    }
  }
#endif
