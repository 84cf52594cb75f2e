extension DiskDriver {
  /// What an acknowledged write survives, and what that costs.
  ///
  /// Whatever the level, no reader ever sees a torn value while the machine runs, and a write survives the death of the
  /// process that made it.
  ///
  /// | | after power loss | a put waits for |
  /// |---|---|---|
  /// | ``full`` | the acknowledged value | the device, twice: for the bytes and for the name |
  /// | ``ordered`` | a complete value: the acknowledged one, or the one before | the device, once: for the bytes |
  /// | ``none`` | anything, a torn value included | memory |
  public enum Durability: String, Hashable, Sendable, CustomStringConvertible {
    /// The write survives power loss, as far as the device keeps its promise.
    case full
    /// After power loss the key holds this value or the one before, complete; a delete may be undone.
    case ordered
    /// For data that can be had again. After power loss the key may hold anything: without a stamp, torn bytes cannot be
    /// told from good ones.
    case none

    /// `full`, `ordered` or `none`.
    public var description: String { rawValue }
  }
}
