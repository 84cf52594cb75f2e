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
  func list(_ request: ListRequest) throws(DriverError) -> Page {
    let root = try folder()
    var keys = SmallestKeys(limit: request.limit + 1)
    do throws(SystemError) {
      let kind = request.kind.rawValue
      try walk(root.descriptor.opening(kind, .folder), kind, depth: 0) { if request.includes($0) { keys.insert($0) } }
    } catch {
      guard error.isAbsence else { throw error.error("list", "\(path)/\(request.kind)") }
    }
    try confirm(root)
    let found = keys.sorted
    var entries: [Page.Entry] = []
    for key in found.prefix(request.limit) {
      if let stat = stat(listing: key, in: root) { entries.append(Page.Entry(key, stat)) }
    }
    return Page(entries, next: found.count > request.limit ? Cursor(after: found[request.limit - 1]) : nil)
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
    _ folder: borrowing Descriptor, _ path: String, depth: Int, _ body: (Key) -> Void
  ) throws(SystemError) {
    var names: [String] = []
    try folder.forEachName { names.append($0) }
    for name in names {
      guard depth == 0 || name.utf8.last == UInt8(ascii: "+") else {
        if let key = StoredName.key(at: "\(path)/\(name)") { body(key) }
        continue
      }
      guard depth < Self.depthLimit else { continue }
      do throws(SystemError) {
        try walk(folder.opening(name, .folder), "\(path)/\(name)", depth: depth + 1, body)
      } catch {
        // Gone meanwhile, or somebody else's.
        guard error.isAbsence || error.code == ENOTDIR || error.code == ELOOP else { throw error }
      }
    }
  }

  /// Deeper than any key's file lies.
  private static let depthLimit = 3 + DataID.maximumByteCount * 3 / (StoredName.segmentLimit - 2)
}
