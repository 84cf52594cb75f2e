import MetaDriver

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// Writes, on the calling thread, which is one of the driver's own. Until a new file gets its name, a failure leaves
/// everything as it was.
extension DiskStore {
  /// Writes a record, unless a newer one is there or the condition does not hold.
  func write(_ record: Record, at key: Key, if condition: Precondition?) throws(DriverError) -> Receipt {
    guard record.bytes.count <= maximumByteCount else {
      throw DriverError(.tooLarge, "\(key) has \(record.bytes.count) bytes, this DiskDriver takes \(maximumByteCount)")
    }
    let root = try folder()
    let name = StoredName(key)
    // Looked at without the lock first, so that a condition that does not hold costs no write.
    if condition != nil { _ = try rival(of: record, at: key, name, in: root, if: condition) }
    let envelope = record.envelope(for: key)
    let (folderName, fileName) = name.split

    let folder = try attempt("write", name, in: root) { () throws(SystemError) in
      try root.folder(folderName, durably: durability == .full)
    }
    var file = try attempt("write", name, in: root) { () throws(SystemError) in
      try TemporaryFile.write(envelope, record.bytes, in: root, durably: durability != .none)
    }
    return try locked("write", name, in: root) { () throws(DriverError) in
      let (stored, isDamaged) = try rival(of: record, at: key, name, in: root, if: condition)
      if let receipt = try Receipt.keeping(stored, over: record, if: condition) {
        // Its writer may have died before the device had it, and this receipt vouches for it.
        try attempt("write", name, in: root) { () throws(SystemError) in
          if durability != .none { try root.descriptor.opening(name.path, .read).synchronize() }
          if durability == .full { try folder.synchronize() }
        }
        return receipt
      }
      try attempt("write", name, in: root, isLast: true) { () throws(SystemError) in
        try file.rename(to: fileName, in: folder)
      }
      try settle(folder, after: "write", name)
      return Receipt(storing: record, over: stored, isDamaged: isDamaged)
    }
  }

  /// Removes the file of a key, unless the condition does not hold.
  func remove(_ key: Key, if condition: Precondition?) throws(DriverError) -> Receipt {
    let root = try folder()
    let name = StoredName(key)
    let (folderName, fileName) = name.split
    return try locked("delete", name, in: root) { () throws(DriverError) in
      if let condition {
        let stored = try load(name, .whole, in: root).map { stored throws(DriverError) in
          try stored.record(for: key)
        }
        try condition.check(stored, at: key)
      }
      guard let stored = try load(name, .head, in: root) else {
        // Whoever removed it may have died before the device knew.
        try attempt("delete", name, in: root) { () throws(SystemError) in
          guard durability == .full else { return }
          do throws(SystemError) { try root.descriptor.opening(folderName, .folder).synchronize() } catch {
            if !error.isAbsence { throw error }
          }
        }
        return Receipt(.alreadyAbsent)
      }
      let folder = try attempt("delete", name, in: root) { () throws(SystemError) in
        try root.descriptor.opening(folderName, .folder)
      }
      try attempt("delete", name, in: root, isLast: true) { () throws(SystemError) in try folder.remove(fileName) }
      try settle(folder, after: "delete", name)
      let stat = try? Record.stat(decoding: stored.bytes, storedByteCount: stored.byteCount, for: key)
      return Receipt(stat?.isTombstone == true ? .alreadyAbsent : .deleted)
    }
  }

  /// Waits until the device has the names in a folder. When it fails they may have changed for good, or not.
  private func settle(_ folder: borrowing Descriptor, after what: String, _ name: StoredName) throws(DriverError) {
    guard durability == .full else { return }
    do throws(SystemError) { try folder.synchronize() } catch {
      throw error.error("make sure of the \(what) of", "\(path)/\(name.path)", effect: .unknown)
    }
  }

  /// The stored copy that a record has to beat: as much of it as decides, which for a new stamp is its head.
  ///
  /// A damaged copy beats nothing, so that it can be overwritten; a condition on it cannot be judged, and throws.
  private func rival(
    of record: Record, at key: Key, _ name: StoredName, in root: OpenFolder, if condition: Precondition?
  ) throws(DriverError) -> (stored: Record?, isDamaged: Bool) {
    if let condition {
      let stored = try load(name, .whole, in: root).map { stored throws(DriverError) in
        try stored.record(for: key)
      }
      try condition.check(stored, at: key, writing: record)
      return (stored, false)
    }
    guard let head = try load(name, .head, in: root) else { return (nil, false) }
    guard let stat = try? Record.stat(decoding: head.bytes, storedByteCount: head.byteCount, for: key) else {
      return (nil, true)
    }
    if let stamp = stat.stamp, record.stamp.map({ $0 <= stamp }) ?? true {
      // The stored copy is about to win: only a good copy may.
      guard let whole = try load(name, .whole, in: root) else { return (nil, false) }
      let stored = try? whole.record(for: key)
      return (stored, stored == nil)
    }
    var stored = Record([], stamp: stat.stamp)
    stored.isTombstone = stat.isTombstone
    return (stored, false)
  }

  /// Does something while no other process, and no other thread of this one, may write the key.
  private func locked<Answer>(
    _ what: String, _ name: StoredName, in root: OpenFolder, _ body: () throws(DriverError) -> Answer
  ) throws(DriverError) -> Answer {
    let lock = try attempt(what, name, in: root) { () throws(SystemError) in try root.lock(name.stripe) }
    return try holding(lock) { () throws(DriverError) in
      try confirm(root)
      return try body()
    }
  }

  /// A lock is freed with its descriptor, which is kept for as long as this call lasts.
  private func holding<Answer>(
    _ lock: borrowing Descriptor, _ body: () throws(DriverError) -> Answer
  ) throws(DriverError) -> Answer { try body() }

  /// Does one step of a write. Its failure is `unavailable` when that is because the whole folder is gone.
  ///
  /// - Parameter isLast: Whether this is the step that makes the change: when the device fails it, nobody knows.
  private func attempt<Answer: ~Copyable>(
    _ what: String, _ name: StoredName, in root: OpenFolder, isLast: Bool = false,
    _ step: () throws(SystemError) -> Answer
  ) throws(DriverError) -> Answer {
    do throws(SystemError) { return try step() } catch {
      if error.isAbsence { try confirm(root) }
      throw error.error(what, "\(path)/\(name.path)", effect: isLast && error.code == EIO ? .unknown : .unchanged)
    }
  }
}
