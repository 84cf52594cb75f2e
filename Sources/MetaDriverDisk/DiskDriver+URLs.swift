public import MetaDriver

extension DiskDriver {
  /// The `file` URL of the datum's file; `nil` when it would be longer than URLs may be.
  public func url(for key: Key) -> StorageURL? {
    try? StorageURL("file://\(FileURL.escaped(store.path))/\(StoredName(key).path)")
  }

  /// Whether a URL is that of a file of this store, there or not, however its characters are escaped.
  public func handles(_ url: StorageURL) -> Bool { key(of: url) != nil }

  /// Reads from the first of the URLs that has a good copy, in their order, asking only for those of this store.
  ///
  /// - Throws: `unroutable` when none is of this store. When no good copy is found and one could not be read, the first
  ///   such failure, naming the others.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await get(anyOf: urls.compactMap(key(of:)), for: urls, at: "of a file below \(store.path)", in: context)
  }

  private func key(of url: StorageURL) -> Key? {
    guard let path = FileURL.path(of: url), path.utf8.starts(with: "\(store.path)/".utf8) else { return nil }
    return StoredName.key(at: String(decoding: path.utf8.dropFirst(store.path.utf8.count + 1), as: UTF8.self))
  }
}
