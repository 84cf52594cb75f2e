import MetaDriver

/// The keys that a listing goes on with, and what the folders looked like that they were read from. Pure.
///
/// A page reads again only the folders that have changed since: a file comes and goes with a change of the time of its
/// folder. The time of a file system is coarse, so two changes may look like one. A folder counts as settled only when it
/// was read once more after that.
struct FolderListing {
  /// What tells whether a folder has changed.
  struct Print: Hashable {
    let inode: UInt64
    let seconds, nanoseconds: Int

    init(_ facts: Descriptor.Facts) {
      (inode, seconds, nanoseconds) = (facts.inode, facts.changed.seconds, facts.changed.nanoseconds)
    }

    init(inode: UInt64, seconds: Int, nanoseconds: Int) {
      (self.inode, self.seconds, self.nanoseconds) = (inode, seconds, nanoseconds)
    }

    /// How far apart two changes must be to be sure to look like two.
    var resolution: Duration { nanoseconds == 0 ? .milliseconds(2_500) : .milliseconds(50) }
  }

  private struct Folder {
    let number: Int
    var print: Print?
    /// When the folder was first seen like this.
    var seen: ContinuousClock.Instant
    var isSettled = false
  }

  private struct Place {
    let key: Key
    let folder: Int
  }

  /// How many keys are kept.
  static let keyLimit = 1 << 17

  let kind: Key.Kind
  let prefix: String
  /// The keys behind this one are known, up to the horizon.
  private let base: Key?
  /// Keys behind this one were left out; `nil` where all are known.
  private var horizon: Key?
  private let limit: Int
  private var places: [Place] = []
  private var folders: [String: Folder] = [:]
  /// How many folders there ever were.
  private var folderCount = 0

  /// Begins behind the cursor of a request, with nothing.
  init(_ request: ListRequest, limit: Int = FolderListing.keyLimit) {
    (kind, prefix, base) = (request.kind, request.prefix, request.cursor?.key)
    self.limit = max(limit, request.limit + 1)
  }

  /// Whether what is known is enough to go on with a request.
  func serves(_ request: ListRequest) -> Bool {
    guard request.kind == kind, request.prefix.utf8.elementsEqual(prefix.utf8), request.limit < limit,
      places.count <= 2 * limit
    else { return false }
    guard let cursor = request.cursor?.key else { return base == nil }
    return base.map { !(cursor < $0) } ?? true
  }

  /// Which of the folders that are there must be read, and forgets those that are not.
  ///
  /// - Parameter prints: Every folder, and what it looks like before it is read.
  mutating func stale(_ prints: [String: Print]) -> [String] {
    let gone = Set(folders.filter { prints[$0.key] == nil }.map(\.value.number))
    if !gone.isEmpty {
      places.removeAll { gone.contains($0.folder) }
      folders = folders.filter { prints[$0.key] != nil }
    }
    return prints.keys.filter { name in
      guard let folder = folders[name], folder.print == prints[name] else { return true }
      return !folder.isSettled
    }
  }

  /// Takes what was read of folders.
  ///
  /// - Parameters:
  ///   - found: Of each, the keys, and whether there are folders in it, whose changes it does not show.
  ///   - prints: What each looked like before it was read.
  ///   - now: When they all had looked like that, and none was read yet. The time of files passes by the system's clock,
  ///     whatever a runtime's clock says.
  mutating func add(
    _ found: [String: (keys: [Key], hasFolders: Bool)], _ prints: [String: Print], now: ContinuousClock.Instant
  ) {
    guard !found.isEmpty else { return }
    let isFresh = folders.isEmpty
    var numbers: Set<Int> = []
    var added: [Place] = []
    for (name, content) in found {
      var folder = folders[name] ?? Folder(number: nextNumber(), seen: now)
      if folder.print != prints[name] {
        folder.print = prints[name]
        folder.seen = now
      }
      folder.isSettled = !content.hasFolders && folder.print.map { now - folder.seen > $0.resolution } ?? false
      folders[name] = folder
      numbers.insert(folder.number)
      for key in content.keys where isWithin(key) { added.append(Place(key: key, folder: folder.number)) }
    }
    added.sort { $0.key < $1.key }
    let kept = places.filter { !numbers.contains($0.folder) }
    places = Self.merged(kept, added)
    if isFresh, places.count > limit {
      places.removeLast(places.count - limit)
      horizon = places.last?.key
    }
  }

  private mutating func nextNumber() -> Int {
    defer { folderCount += 1 }
    return folderCount
  }

  private func isWithin(_ key: Key) -> Bool {
    (base.map { $0 < key } ?? true) && (horizon.map { !($0 < key) } ?? true)
  }

  private static func merged(_ left: [Place], _ right: [Place]) -> [Place] {
    guard !left.isEmpty, !right.isEmpty else { return left.isEmpty ? right : left }
    var merged: [Place] = []
    merged.reserveCapacity(left.count + right.count)
    var (one, two) = (left[...], right[...])
    while let first = one.first, let second = two.first {
      merged.append(first.key < second.key ? one.removeFirst() : two.removeFirst())
    }
    return merged + one + two
  }

  /// The keys of a page, and one more, if there is one; `nil` where the page goes beyond what is known.
  func page(_ request: ListRequest) -> [Key]? {
    let start = request.cursor.map { cursor in places.boundary(of: { cursor.key < $0.key }) } ?? 0
    let keys = places[start...].prefix(request.limit + 1).map(\.key)
    return keys.count > request.limit || horizon == nil ? keys : nil
  }
}
