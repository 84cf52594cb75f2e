#if HTTP
  import MetaDriver

  /// What is sent to store a record: the fields, the body, and the hash of the body. Pure.
  struct S3Content {
    var headers = [("content-type", "application/octet-stream")]
    var body: ArraySlice<UInt8>
    /// The hash of the body in hexadecimal digits, which the signature needs.
    var hash: String

    /// - Parameters:
    ///   - record: What is to be stored.
    ///   - key: Of which datum.
    ///   - stamps: Where its stamp goes.
    init(_ record: Record, of key: Key, stamps: S3Driver.StampPlace) {
      guard stamps == .metadata, S3Fields.suit(record) else {
        body = record.encoded(for: key)[...]
        hash = hexString(Digest.sha256(body))
        return
      }
      body = record.bytes[...]
      hash = hexString(Digest.sha256(body))
      let fields = S3Fields(
        stamp: record.stamp, parent: record.parent, byteCount: record.bytes.count, sha256: hash)
      headers.append((S3Fields.name, fields.text(for: key)))
    }
  }
#endif
