#if HTTP
  extension WebDAVDriver {
    /// How a put takes the place of what is stored.
    ///
    /// | | a put that is cut half-way | whose reply is lost | requests |
    /// |---|---|---|---|
    /// | ``atomic`` | leaves the old copy | is looked for, and known again | 2 |
    /// | ``inPlace`` | leaves what the server makes of it | may have been made | 1 |
    public enum Replacement: String, Hashable, Sendable, CustomStringConvertible {
      /// The bytes are sent to a name of their own, which is then moved: what readers find is the old copy or the new one,
      /// if the server moves in one step. nginx does; rclone, and what else is built on Go's own WebDAV handler, first
      /// removes what is to be replaced, so that a reader beside a writer may find nothing for a moment.
      case atomic
      /// The bytes are sent to where they belong. Only for servers that keep them aside until all have come: nginx does,
      /// rclone truncates the old copy first, and leaves half of the new one when it is cut.
      case inPlace

      /// `atomic` or `inPlace`.
      public var description: String { rawValue }
    }
  }
#endif
