#if HTTP
  import MetaDriver
  private import Foundation

  /// AWS Signature Version 4: what a request must say so that the server knows who sent it, and that nobody changed it.
  ///
  /// Pure. Source: *Signing AWS API requests*, AWS Identity and Access Management User Guide.
  struct SignatureV4 {
    let credentials: S3Credentials
    let region: String
    let service: String
    /// The time as `x-amz-date` has it, such as `20130524T000000Z`.
    let timestamp: String

    /// - Parameter time: The time of the request, since 1970.
    init(credentials: S3Credentials, region: String, service: String = "s3", time: Duration) {
      (self.credentials, self.region, self.service) = (credentials, region, service)
      timestamp = Date(timeIntervalSince1970: Double(time.components.seconds)).formatted(Self.style)
    }

    private static let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)

    /// The value of `Authorization`.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path of the address, encoded as it is sent.
    ///   - query: The names and values of the query, not encoded.
    ///   - headers: The fields to sign, `host` among them.
    ///   - payloadHash: The hash of the body in hexadecimal digits.
    ///   - key: A key that fits.
    func authorization(
      method: String, path: String, query: [(String, String)], headers: [(String, String)], payloadHash: String,
      key: SigningKey
    ) -> String {
      let fields = Self.canonical(headers)
      let names = fields.map(\.0).joined(separator: ";")
      let lines = fields.map { "\($0.0):\($0.1)\n" }.joined()
      let request = "\(method)\n\(path)\n\(Self.canonical(query: query))\n\(lines)\n\(names)\n\(payloadHash)"
      let scope = "\(timestamp.prefix(8))/\(region)/\(service)/aws4_request"
      let text = "AWS4-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(hexString(Digest.sha256(request)))"
      let signature = hexString(Digest.hmac(text, key: key.bytes))
      return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), "
        + "Signature=\(signature)"
    }

    /// A query as it is signed and sent: sorted by the encoded names, then values.
    static func canonical(query: [(String, String)]) -> String {
      query.map { (encoded($0.0), encoded($0.1)) }
        .sorted { left, right in
          let (first, second) = (Array(left.0.utf8), Array(right.0.utf8))
          return first == second
            ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8) : first.lexicographicallyPrecedes(second)
        }
        .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Fields in lower case and in order, those of one name joined, without surplus spaces.
    private static func canonical(_ headers: [(String, String)]) -> [(String, String)] {
      var values: [String: [String]] = [:]
      for (name, value) in headers {
        let words = value.split(separator: " ").joined(separator: " ")
        values[name.lowercased(), default: []].append(words)
      }
      return values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// A text with every byte but letters, digits, `-`, `.`, `_` and `~` as `%` and two hexadecimal digits.
    ///
    /// - Parameter keepsSlashes: Whether slashes stay: in paths they do.
    static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
      let digits = Array("0123456789ABCDEF".utf8)
      var encoded: [UInt8] = []
      encoded.reserveCapacity(text.utf8.count + 16)
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "~"):
          encoded.append(byte)
        case UInt8(ascii: "/") where keepsSlashes: encoded.append(byte)
        default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
      }
      return String(decoding: encoded, as: UTF8.self)
    }
  }

  extension SignatureV4 {
    /// What is signed with: made of the secret for one day, region and service, for which it is good for all requests.
    struct SigningKey: Sendable {
      private let day: Substring
      private let region: String
      private let service: String
      private let secret: Secret
      let bytes: [UInt8]

      /// Makes the key of a signature.
      init(of signature: SignatureV4) {
        (region, service) = (signature.region, signature.service)
        (day, secret) = (signature.timestamp.prefix(8), signature.credentials.secretAccessKey)
        var key = Digest.hmac(String(day), key: Array("AWS4\(secret.value)".utf8))
        for word in [region, service, "aws4_request"] { key = Digest.hmac(word, key: key) }
        bytes = key
      }

      /// Whether it is the key of a signature.
      func fits(_ signature: SignatureV4) -> Bool {
        day == signature.timestamp.prefix(8) && region == signature.region && service == signature.service
          && secret.value == signature.credentials.secretAccessKey.value
      }
    }
  }
#endif
