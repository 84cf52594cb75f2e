import MetaDriver

extension DiskStore {
  /// Copies of up to this size are read on the calling thread, if they are in memory: a hop to another thread and back
  /// costs more than the read.
  static let inlineByteCount = 64 << 10

  /// What a file holds: all of it, or its head.
  struct Stored: Sendable {
    /// All that was read, or what comes before the payload.
    var bytes: [UInt8]
    /// What is behind the envelope, where that was read by itself: a large value is then in memory once.
    var payload: [UInt8]?
    /// The size of the whole file.
    var byteCount: Int

    /// The record, of which all was read.
    func record(for key: Key) throws(DriverError) -> Record {
      guard let payload else { return try Record(decoding: bytes, for: key) }
      return try Record(envelope: bytes, payload: payload, storedByteCount: byteCount, for: key)
    }
  }

  /// How much of a file to read.
  enum Extent: Sendable {
    /// As much as tells its size and stamp.
    case head
    /// All of it.
    case whole
  }

  /// Reads a file: here, if it is in memory, else on a thread of the driver's own.
  func read(_ name: StoredName, _ extent: Extent, in context: Context) async throws(DriverError) -> Stored? {
    if Task.isCancelled { throw .cancelledBeforeStart }
    try context.checkDeadline()
    if let folder = try folderIfOpen(), let answer = cached(name, extent, in: folder) { return answer }
    return try await threads.run(nil, context) { () throws(DriverError) in
      let folder = try self.folder()
      return try self.load(name, extent, in: folder)
    }
  }

  /// What can be said without waiting for the device; the outer `nil` when that is nothing.
  private func cached(_ name: StoredName, _ extent: Extent, in folder: OpenFolder) -> Stored?? {
    do throws(SystemError) {
      let file = try folder.descriptor.openingCached(name.path)
      let facts = try file.facts()
      let count = extent == .head ? min(facts.byteCount, Record.envelopeByteCount) : facts.byteCount
      guard facts.isFile, count <= min(Self.inlineByteCount, storedByteLimit) else { return nil }
      let bytes = try file.reading(count, cached: true)
      return bytes.count == count ? Stored(bytes: bytes, byteCount: facts.byteCount) : nil
    } catch {
      return error.isAbsence && folder.isInPlace ? .some(nil) : nil
    }
  }

  /// Reads a file, and waits for the device.
  func load(_ name: StoredName, _ extent: Extent, in folder: OpenFolder) throws(DriverError) -> Stored? {
    let facts: Descriptor.Facts
    var bytes: [UInt8] = []
    var payload: [UInt8]?
    do throws(SystemError) {
      let file = try folder.descriptor.opening(name.path, .read)
      facts = try file.facts()
      let count = extent == .head ? min(facts.byteCount, Record.envelopeByteCount) : facts.byteCount
      if facts.isFile && count <= storedByteLimit {
        let head = count > Self.inlineByteCount ? Record.envelopeByteCount : count
        bytes = try file.reading(head)
        if head < count {
          let isApart = Record.isEnvelope(bytes, storedByteCount: count)
          let rest = try file.reading(isApart ? count - head : count, from: isApart ? head : 0)
          if isApart { payload = rest } else { bytes = rest }
        }
      }
    } catch {
      guard error.isAbsence else { throw error.error("read", "\(path)/\(name.path)") }
      try confirm(folder)
      return nil
    }
    guard facts.isFile else {
      throw DriverError(
        .corrupt, "\(path)/\(name.path) is not a file: move away what has the place of this store's file")
    }
    guard extent == .head || facts.byteCount <= storedByteLimit else {
      throw DriverError(
        .tooLarge, "\(path)/\(name.path) has \(facts.byteCount) bytes, this DiskDriver takes \(maximumByteCount)")
    }
    return Stored(bytes: bytes, payload: payload, byteCount: facts.byteCount)
  }

  /// How large a file may be: the largest datum and its envelope.
  var storedByteLimit: Int { maximumByteCount + Record.envelopeByteCount }
}
