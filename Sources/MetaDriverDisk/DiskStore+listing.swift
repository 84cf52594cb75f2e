import MetaDriver

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

extension DiskStore {
  /// One page of the keys, on the calling thread, which is one of the driver's own.
  ///
  /// What was read for one page is kept for the next one.
  func list(_ request: ListRequest) throws(DriverError) -> Page {
    let root = try folder()
    var listing = root.listing(for: request)
    var keys: [Key] = []
    do throws(SystemError) {
      keys = try read(&listing, request, in: root)
    } catch {
      guard error.isAbsence else { throw error.error("list", "\(path)/\(request.kind)") }
    }
    try confirm(root)
    if keys.count > request.limit { root.keep(listing) }
    var entries: [Page.Entry] = []
    for key in keys.prefix(request.limit) {
      if let stat = stat(listing: key, in: root) { entries.append(Page.Entry(key, stat)) }
    }
    return Page(entries, next: keys.count > request.limit ? Cursor(after: keys[request.limit - 1]) : nil)
  }

  private func read(
    _ listing: inout FolderListing, _ request: ListRequest, in root: OpenFolder
  ) throws(SystemError) -> [Key] {
    let folder = try root.descriptor.opening(request.kind.rawValue, .folder)
    for _ in 0..<2 {
      var prints: [String: FolderListing.Print] = [:]
      try folder.forEachName { name throws(SystemError) in
        do throws(SystemError) { prints[name] = FolderListing.Print(try folder.facts(of: name)) } catch {
          guard error.isAbsence else { throw error }
        }
      }
      var found: [String: (keys: [Key], hasFolders: Bool)] = [:]
      let now = ContinuousClock.now
      for name in listing.stale(prints) {
        do throws(SystemError) {
          found[name] = try content(of: name, of: request, in: folder)
        } catch {
          // Gone meanwhile, or somebody else's.
          guard error.isAbsence || error.code == ENOTDIR || error.code == ELOOP else { throw error }
          found[name] = ([], false)
        }
      }
      listing.add(found, prints, now: now)
      if let keys = listing.page(request) { return keys }
      // Beyond what is known: the next stretch begins at the cursor.
      listing = FolderListing(request)
    }
    return []
  }

  private func content(
    of name: String, of request: ListRequest, in folder: borrowing Descriptor
  ) throws(SystemError) -> (keys: [Key], hasFolders: Bool) {
    var keys: [Key] = []
    var hasFolders = false
    let all = ListRequest(request.kind, prefix: request.prefix)
    try walk(folder.opening(name, .folder), "\(request.kind.rawValue)/\(name)", depth: 1, hasFolders: &hasFolders) {
      key in
      if all.includes(key) { keys.append(key) }
    }
    return (keys, hasFolders)
  }

  /// What a listing says of a key. Its file exists, so a damaged one is listed too, with the bytes it takes: reading it
  /// says what is wrong, and leaving it out would say that there is nothing.
  private func stat(listing key: Key, in root: OpenFolder) -> Stat? {
    let name = StoredName(key)
    do throws(DriverError) {
      guard let head = try load(name, .head, in: root) else { return nil }
      return (try? Record.stat(decoding: head.bytes, storedByteCount: head.byteCount, for: key))
        ?? Stat(byteCount: head.byteCount)
    } catch {
      let (folderName, fileName) = name.split
      let facts = try? root.descriptor.opening(folderName, .folder).facts(of: fileName)
      return facts.flatMap { $0.isFile ? Stat(byteCount: $0.byteCount) : nil }
    }
  }

  /// Calls `body` with the key of each file of this store below a folder, `depth` folders below that of its kind.
  private func walk(
    _ folder: borrowing Descriptor, _ path: String, depth: Int, hasFolders: inout Bool, _ body: (Key) -> Void
  ) throws(SystemError) {
    var names: [String] = []
    try folder.forEachName { names.append($0) }
    for name in names {
      guard name.utf8.last == UInt8(ascii: "+") else {
        if let key = StoredName.key(at: "\(path)/\(name)") { body(key) }
        continue
      }
      hasFolders = true
      guard depth < Self.depthLimit else { continue }
      do throws(SystemError) {
        try walk(folder.opening(name, .folder), "\(path)/\(name)", depth: depth + 1, hasFolders: &hasFolders, body)
      } catch {
        // Gone meanwhile, or somebody else's.
        guard error.isAbsence || error.code == ENOTDIR || error.code == ELOOP else { throw error }
      }
    }
  }

  /// Deeper than any key's file lies.
  private static let depthLimit = 3 + DataID.maximumByteCount * 3 / (StoredName.segmentLimit - 2)
}
