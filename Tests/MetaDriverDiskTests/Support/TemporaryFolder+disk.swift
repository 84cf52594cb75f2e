import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

extension TemporaryFolder {
  /// A driver of the store, as fast as it can be: most tests do not cut the power.
  func disk(durability: DiskDriver.Durability = .none) -> DiskDriver {
    DiskDriver(at: store, name: "disk", durability: durability)
  }

  /// The file of a key.
  func file(_ key: Key) throws -> String {
    let url = try #require(DiskDriver(at: store).url(for: key))
    return String(url.string.dropFirst("file://".count))
  }
}
