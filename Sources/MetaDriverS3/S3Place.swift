#if HTTP
  import MetaDriver

  /// Where a bucket is, and how its objects are addressed. Pure.
  struct S3Place: Sendable {
    let bucket: String
    let region: String
    /// What objects' names begin with: empty, or with a slash at the end.
    let prefix: String
    /// What every address begins with, without a slash at the end.
    let base: String
    /// The value of the field `Host`.
    let host: String
    /// What comes between the host and the name of an object, encoded: a slash, or the bucket between slashes.
    let root: String
    /// Whether the connection is not encrypted.
    let isPlain: Bool
    /// The endpoint as it was given, with nothing that could be a secret.
    let endpoint: String

    /// Reads an endpoint such as `https://storage.example:9000` and checks the rest.
    ///
    /// - Throws: `unsupported`, naming what is wrong with which part.
    init(
      bucket: String, region: String, endpoint: String?, prefix: String, addressing: S3Driver.Addressing
    ) throws(DriverError) {
      func refuse(_ reason: String) -> DriverError { DriverError(.unsupported, reason) }
      guard !bucket.isEmpty, bucket.utf8.count <= 255, bucket.utf8.allSatisfy({ Self.isName($0) }),
        bucket != ".", bucket != ".."
      else { throw refuse("\(quoted(bucket)) is no name of a bucket: letters, digits, '.', '-' and '_' are taken") }
      guard !region.isEmpty, region.utf8.allSatisfy({ Self.isName($0) }) else {
        throw refuse("\(quoted(region)) is no region: letters, digits and '-' are taken")
      }
      let segments = prefix.split(separator: "/").map(String.init)
      guard segments.allSatisfy({ $0 != "." && $0 != ".." && $0.utf8.allSatisfy { Self.isInPrefix($0) } }) else {
        throw refuse(
          "the prefix \(quoted(prefix)) has characters beside letters, digits, spaces and !-_.*'(), or a segment of dots"
        )
      }
      guard prefix.utf8.count <= 512 else {
        throw refuse("the prefix has \(prefix.utf8.count) bytes, the limit is 512")
      }
      let address = endpoint ?? "https://s3.\(region).amazonaws.com"
      let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      // What was given may have a password in it, so no message shows it.
      guard parts.count >= 3, parts[0] == "https:" || parts[0] == "http:", parts[1].isEmpty, !parts[2].isEmpty,
        parts[2].utf8.allSatisfy({ Self.isInHost($0) })
      else {
        throw refuse("the endpoint is not of the form https://host or https://host:port, without user or password")
      }
      var path = parts.count > 3 ? parts[3].split(separator: "/").map(String.init) : []
      guard path.allSatisfy({ $0 != "." && $0 != ".." && $0.utf8.allSatisfy { Self.isName($0) } }) else {
        throw refuse("the endpoint's path has characters beside letters, digits, '.', '-', '_' and slashes")
      }
      isPlain = parts[0] == "http:"
      var host = parts[2].lowercased()
      if host.hasSuffix(isPlain ? ":80" : ":443") { host = String(host.dropLast(isPlain ? 3 : 4)) }
      self.endpoint = (["\(parts[0])//\(host)"] + path).joined(separator: "/")
      switch addressing {
      case .path: path.append(bucket)
      case .virtualHost: host = "\(bucket).\(host)"
      }
      self.bucket = bucket
      self.region = region
      self.prefix = segments.map { "\($0)/" }.joined()
      self.host = host
      base = "\(parts[0])//\(host)"
      root = "/" + path.map { "\($0)/" }.joined()
    }

    /// The path of an object, or of the bucket where there is no name, encoded as it is signed and sent.
    func path(of name: String?) -> String {
      guard let name else { return root.count > 1 ? String(root.dropLast()) : root }
      return root + SignatureV4.encoded(name, keepsSlashes: true)
    }

    /// Whether the server is this machine.
    var isLocal: Bool { ["localhost", "127.0.0.1", "[::1]"].contains { host == $0 || host.hasPrefix("\($0):") } }

    private static func isName(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }

    private static func isInHost(_ byte: UInt8) -> Bool { isName(byte) || ":[]".utf8.contains(byte) }
    private static func isInPrefix(_ byte: UInt8) -> Bool { isName(byte) || " !*'()".utf8.contains(byte) }
  }

  extension S3Driver {
    /// Where in an address the bucket stands.
    public enum Addressing: String, Hashable, Sendable {
      /// `https://host/bucket/object`: every server takes it.
      case path
      /// `https://bucket.host/object`: what Amazon recommends. A bucket with a dot in its name has no certificate there.
      case virtualHost
    }
  }
#endif
