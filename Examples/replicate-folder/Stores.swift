import MetaDriver
import MetaDriverDisk

/// The folders that hold the copies, each by itself, and the strategy over all of them.
struct Stores {
  /// The largest file, because files are held in memory.
  static let maximumByteCount = 1 << 30

  let strategy: Strategy
  let drivers: [any Driver]
  /// Where writes are queued that some folder missed.
  let journal: HandoffJournal?
  /// How many folders must answer a read, and hold a write.
  let read, write: Int

  /// - Parameters:
  ///   - folders: Where the copies are.
  ///   - read: How many must answer a read; as many as `write` calls for when it is not given, else more than half.
  ///   - write: How many must hold a write; as many as `read` calls for when it is not given, else more than half.
  ///   - creates: Whether folders are made that are not there.
  init(
    _ folders: [String], read: Int? = nil, write: Int? = nil, creates: Bool, options: Options,
    observer: ReadTally? = nil
  ) throws {
    // Everything here was written through a quorum, which stamps: a copy that has lost its stamp is torn.
    func guarded(_ driver: some Driver) -> any Driver {
      driver.verified { _, record, _ in record.stamp != nil }.timeout(.seconds(options.timeout))
    }
    func driver(_ place: String, maximumByteCount: Int, creates: Bool) throws -> any Driver {
      try Target(place).driver(
        durability: options.durability, maximumByteCount: maximumByteCount, creates: creates)
    }
    let drivers = try folders.map {
      guarded(try driver($0, maximumByteCount: Self.maximumByteCount, creates: creates))
    }
    let majority = folders.count / 2 + 1
    let needed = read ?? write.map { max(1, folders.count - $0 + 1) } ?? majority
    let holders = write ?? max(1, folders.count - needed + 1)
    let journal = try options["--journal"].map { place in
      HandoffJournal(
        on: try driver(place, maximumByteCount: Self.maximumByteCount + (1 << 20), creates: true),
        entryLimit: 1_000_000, byteLimit: 1 << 40, window: .seconds(30 * 24 * 60 * 60))
    }
    strategy = try Strategy("replicate-folder", runtime: Runtime(observer: observer)) {
      // A summary that names every folder needs to wait for every folder; a journal knows what is still to come.
      // Whoever gets files back does not expect his copies to be written: that is what a scrub is for.
      Quorum(
        read: .exactly(needed), write: .exactly(holders), repair: .off,
        remainder: journal.map(Remainder.handoff) ?? .await
      ) { drivers }
    }
    self.journal = journal
    self.drivers = drivers
    self.read = needed
    self.write = holders
  }

  var names: [String] { drivers.map(\.outline.label) }

  /// The ids that any folder lists, deleted ones too, with the size of the largest copy.
  ///
  /// A folder's own listing is taken, and not a merged one: a damaged copy must not hide what others hold.
  func list(prefix: String = "", report: Report) async throws(DriverError) -> [(id: DataID, byteCount: Int)] {
    var sizes: [DataID: Int] = [:]
    var failures: [Outcome] = []
    for (driver, name) in zip(drivers, names) {
      do throws(DriverError) {
        var request = ListRequest(prefix: prefix, limit: ListRequest.maximumLimit)
        while true {
          let page = try await Context().list(request, from: driver)
          for entry in page.entries {
            guard case .mutable(let id) = entry.key else { continue }
            sizes[id] = max(sizes[id] ?? 0, entry.stat.byteCount)
          }
          guard let next = page.next else { break }
          request = ListRequest(prefix: prefix, after: next, limit: ListRequest.maximumLimit)
        }
      } catch {
        failures.append(Outcome(name, .failed(error)))
        report.note(name, "not listed", because: error.message)
      }
    }
    guard drivers.count - failures.count >= read else {
      throw DriverError(
        .quorumNotMet, "\(drivers.count - failures.count) of \(drivers.count) folders could be listed, \(read) needed",
        outcomes: failures)
    }
    return sizes.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// The copy that each folder holds of a file.
  func copies(of id: DataID) async -> [Copy] {
    await withTaskGroup(of: (Int, Copy).self) { group in
      for (index, driver) in drivers.enumerated() {
        group.addTask { (index, await Copy(of: id, in: driver)) }
      }
      var copies = [Copy](repeating: .missing, count: drivers.count)
      for await (index, copy) in group { copies[index] = copy }
      return copies
    }
  }
}

/// What one folder holds of a file.
enum Copy: Sendable {
  case good(Record)
  case missing
  case unreadable(DriverError)

  init(of id: DataID, in driver: any Driver) async {
    do throws(DriverError) {
      self = try await driver.get(.mutable(id)).map(Copy.good) ?? .missing
    } catch {
      self = .unreadable(error)
    }
  }

  var error: DriverError? { if case .unreadable(let error) = self { error } else { nil } }
  var record: Record? { if case .good(let record) = self { record } else { nil } }
}

extension [Copy] {
  /// The newest of the copies, which may say that the file was deleted.
  var newest: Record? { compactMap(\.record).max { $1.ranksAbove($0) } }
}
