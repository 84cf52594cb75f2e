import MetaDriver
private import Synchronization

/// The folder of a store, open. All that the store does, it does below this descriptor, and through no symbolic link.
final class OpenFolder: Sendable {
  /// Where writers put their bytes before these get their name.
  static let temporary = "tmp"
  /// Where the files are that writers lock.
  static let locks = "locks"
  /// How many folders are remembered as durable; the memory is then begun again.
  private static let durableLimit = 4_096
  /// How many listings are kept that somebody may go on with.
  private static let listingLimit = 2

  let descriptor: Descriptor
  let path: String
  /// Which folder it is, whatever paths lead to it.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  let identity: Identity
  private let listings = Mutex<[FolderListing]>([])
  private let durable = Mutex<Set<String>>([])

  init(path: String) throws(SystemError) {
    descriptor = try Descriptor(folder: path)
    self.path = path
    let facts = try descriptor.facts()
    identity = Identity(device: facts.device, inode: facts.inode)
  }

  /// Whether the path still leads to this folder: not when it was moved or removed, or its disk unmounted.
  var isInPlace: Bool {
    guard let facts = try? Descriptor.facts(at: path) else { return false }
    return facts.device == identity.device && facts.inode == identity.inode
  }

  /// Opens a folder below this one, and makes what is missing on the way.
  ///
  /// - Parameter durably: Whether each folder on the way is sure to survive power loss before its first use, whoever
  ///   made it: its maker may have died before it could see to that.
  func folder(_ path: String, durably: Bool) throws(SystemError) -> Descriptor {
    if !durably || durable.withLock({ $0.contains(path) }) {
      do throws(SystemError) { return try descriptor.opening(path, .folder) } catch {
        guard error.isAbsence else { throw error }
      }
    }
    let names = path.split(separator: "/").map(String.init)
    var folder = try descriptor.opening(".", .folder)
    for (index, name) in names.enumerated() {
      try folder.makeFolder(name)
      let path = names[...index].joined(separator: "/")
      let isKnown = durable.withLock { $0.contains(path) }
      if durably && !isKnown { try folder.synchronize() }
      folder = try folder.opening(name, .folder)
      if durably { remember(path) }
    }
    return folder
  }

  /// What earlier pages have left of a listing that a request goes on with; else a listing that begins with the request.
  func listing(for request: ListRequest) -> FolderListing {
    listings.withLock { listings in
      listings.firstIndex { $0.serves(request) }.map { listings.remove(at: $0) }
    } ?? FolderListing(request)
  }

  /// Keeps a listing for its next page.
  func keep(_ listing: FolderListing) {
    listings.withLock { listings in
      if listings.count >= Self.listingLimit { listings.removeFirst() }
      listings.append(listing)
    }
  }

  private func remember(_ path: String) {
    durable.withLock { durable in
      if durable.count >= Self.durableLimit { durable = [] }
      durable.insert(path)
    }
  }

  /// Waits until this process alone may change the files of a stripe; the lock is freed with its descriptor, or with
  /// the process.
  func lock(_ stripe: String) throws(SystemError) -> Descriptor {
    while true {
      let file = try lockFile(stripe)
      try file.lock()
      // Somebody may have removed the file meanwhile: the next writer would lock another.
      if try file.facts().linkCount > 0 { return file }
    }
  }

  private func lockFile(_ stripe: String) throws(SystemError) -> Descriptor {
    do throws(SystemError) { return try descriptor.opening("\(Self.locks)/\(stripe)", [.write, .create]) } catch {
      if !error.isAbsence { throw error }
    }
    return try folder(Self.locks, durably: false).opening(stripe, [.write, .create])
  }

  /// Removes what writers left behind that died before they could give it a name.
  ///
  /// A live writer, of this process or another, holds the lock of its file.
  func sweep() throws(SystemError) {
    let folder: Descriptor
    do throws(SystemError) { folder = try descriptor.opening(Self.temporary, .folder) } catch {
      if error.isAbsence { return }
      throw error
    }
    var names: [String] = []
    try folder.forEachName { names.append($0) }
    for name in names where TemporaryFile.isName(name) {
      do throws(SystemError) {
        let file = try folder.opening(name, .read)
        if try file.facts().isFile, try file.tryLock() { try folder.remove(name) }
      } catch {
        // Gone meanwhile, or not ours to remove: the next sweep comes by.
        continue
      }
    }
  }
}
