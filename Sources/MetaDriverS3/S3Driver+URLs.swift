#if HTTP
  public import MetaDriver

  extension S3Driver {
    /// The address of the datum's object, which only a signed request may read unless the bucket is public; `nil` when its
    /// name would be longer than S3 takes.
    public func url(for key: Key) -> StorageURL? {
      guard let place = try? store.place.get(), let name = try? store.object(of: key) else { return nil }
      return try? StorageURL("\(place.base)\(place.path(of: name))")
    }

    /// Whether a URL is that of an object of this store, there or not.
    public func handles(_ url: StorageURL) -> Bool { key(of: url) != nil }

    /// Reads from the first of the URLs that has a good copy, in their order, asking only for those of this store.
    ///
    /// - Throws: `unroutable` when none is of this store. When no good copy is found and one could not be read, the first
    ///   such failure, naming the others.
    public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
      let place = (try? store.place.get()).map { "\($0.base)\($0.path(of: nil))" } ?? "the bucket"
      return try await get(anyOf: urls.compactMap(key(of:)), for: urls, at: "of an object in \(place)", in: context)
    }

    /// Only the address as it is made is taken: every character has one form in it.
    private func key(of url: StorageURL) -> Key? {
      guard let place = try? store.place.get() else { return nil }
      let start = "\(place.base)\(place.root)\(SignatureV4.encoded(place.prefix, keepsSlashes: true))"
      guard url.string.utf8.starts(with: start.utf8) else { return nil }
      let path = String(decoding: url.string.utf8.dropFirst(start.utf8.count), as: UTF8.self)
        .replacing("%21", with: "!").replacing("%3D", with: "=")
      guard let key = S3Key.key(at: path), self.url(for: key) == url else { return nil }
      return key
    }
  }
#endif
