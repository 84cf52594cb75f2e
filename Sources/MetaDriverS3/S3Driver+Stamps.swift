#if HTTP
  extension S3Driver {
    /// Where stamps are kept. Both forms are read, whichever is written. A tombstone always is an envelope.
    public enum StampPlace: String, Hashable, Sendable {
      /// In the object's user metadata: the object has the bytes of the datum, and any other program can read it.
      ///
      /// - Important: Not for servers that forget metadata, as `rclone serve s3` does when it is restarted: what was
      ///   written there loses its rank.
      case metadata
      /// In front of the datum, as stores without metadata keep them.
      case envelope
    }

    /// Which conditional requests of the server a driver relies on.
    ///
    /// Some servers ignore conditions and write all the same. So a driver that relies on them puts the server to the proof
    /// when it is opened, or before its first write, and writes nothing where that fails.
    public enum Conditions: String, Hashable, Sendable {
      /// None: puts of one key are kept in order within this process, and another process may overwrite newer data.
      case unused
      /// `If-None-Match` and `If-Match` of puts: an older stamp never replaces a newer one, and `compareAndPut` works.
      case puts
      /// Those, and `If-Match` of deletes, for `compareAndDelete`.
      case putsAndDeletes
    }
  }
#endif
