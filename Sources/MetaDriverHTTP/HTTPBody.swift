#if HTTP
  public import MetaDriver

  /// What a request sends.
  public enum HTTPBody: Sendable {
    /// Bytes that are there already. They are sent from where they are, without a copy.
    case bytes(ArraySlice<UInt8>)
    /// Bytes that are made while they are sent: the next piece is asked for when the connection has taken the one before,
    /// and `nil` ends them. Without a length, they are sent in chunks, which not every server takes.
    case stream(byteCount: Int?, next: @Sendable () async throws(DriverError) -> [UInt8]?)

    /// All of the bytes.
    public static func bytes(_ bytes: [UInt8]) -> HTTPBody { .bytes(bytes[...]) }
  }
#endif
