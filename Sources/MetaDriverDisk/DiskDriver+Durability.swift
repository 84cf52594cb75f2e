public import MetaDriver

extension DiskDriver {
  /// What an acknowledged write to a folder survives, and what that costs.
  ///
  /// | | after power loss | a put waits for |
  /// |---|---|---|
  /// | `full` | the acknowledged value | the device, twice: for the bytes and for the name |
  /// | `ordered` | a complete value: the acknowledged one, or an earlier one | the device, once: for the bytes |
  /// | `none` | anything; without a stamp, torn bytes cannot be told from good ones | memory |
  public typealias Durability = MetaDriver.Durability
}
