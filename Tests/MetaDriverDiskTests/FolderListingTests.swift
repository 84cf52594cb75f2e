import MetaDriver
import Testing

@testable import MetaDriverDisk

@Suite struct FolderListingTests {
  /// A file system whose time goes in ticks, so that two changes may look like one.
  private struct Files {
    var folders: [String: (keys: Set<Key>, changed: Duration)] = [:]
    var now: Duration = .seconds(1_000)
    let tick: Duration
    var readCount = 0

    mutating func change(_ folder: String, _ body: (inout Set<Key>) -> Void) {
      let time = tick * Int(now / tick)
      body(&folders[folder, default: ([], time)].keys)
      folders[folder]?.changed = time
    }

    var prints: [String: FolderListing.Print] {
      folders.mapValues { folder in
        let (seconds, attoseconds) = folder.changed.components
        return FolderListing.Print(inode: 1, seconds: Int(seconds), nanoseconds: Int(attoseconds / 1_000_000_000))
      }
    }

    /// The way in which a driver reads a page; `meanwhile` is what others do between looking and reading.
    mutating func page(
      _ request: ListRequest, of listing: inout FolderListing, since start: ContinuousClock.Instant,
      meanwhile: (inout Files) -> Void = { _ in }
    ) -> [Key]? {
      let prints = prints
      let time = start + now
      meanwhile(&self)
      var found: [String: (keys: [Key], hasFolders: Bool)] = [:]
      for name in listing.stale(prints) {
        found[name] = (Array(folders[name]?.keys ?? []), false)
        readCount += 1
      }
      listing.add(found, prints, now: time)
      return listing.page(request)
    }
  }

  @Test(
    "A page shows what was there when it was asked for, however coarse the time of the files is",
    arguments: 0..<UInt64(50), [Duration.milliseconds(4), .milliseconds(10), .seconds(1), .seconds(2)])
  func changes(seed: UInt64, tick: Duration) throws {
    var generator = SeededGenerator(seed: seed)
    var files = Files(tick: tick)
    let keys = try (0..<60).map { Key.mutable(try DataID("key \($0 + 10)")) }
    func folder(of key: Key) -> String { String(key.name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 7 }) }
    func change(_ files: inout Files) {
      let key = keys.randomElement(using: &generator)!
      files.change(folder(of: key)) { keys in
        if keys.remove(key) == nil { keys.insert(key) }
      }
      if Int.random(in: 0..<20, using: &generator) == 0 { files.folders[folder(of: key)] = nil }
    }
    for _ in 0..<40 { change(&files) }
    let start = ContinuousClock.now
    var listing = FolderListing(ListRequest(), limit: 20)
    for step in 0..<300 {
      let cursor = Bool.random(using: &generator) ? nil : Cursor(after: keys.randomElement(using: &generator)!)
      let request = ListRequest(after: cursor, limit: Int.random(in: 1...15, using: &generator))
      if !listing.serves(request) { listing = FolderListing(request, limit: 20) }
      let before = Set(files.folders.values.flatMap(\.keys))
      func read() -> [Key]? {
        files.page(request, of: &listing, since: start) { files in
          if Int.random(in: 0..<3, using: &generator) == 0 { change(&files) }
        }
      }
      var page = read()
      if page == nil {
        listing = FolderListing(request, limit: 20)
        page = read()
      }
      let read = try #require(page, "seed \(seed), step \(step)")
      // What came or went meanwhile may be there or not.
      let after = Set(files.folders.values.flatMap(\.keys))
      let last = read.count > request.limit ? read.last : nil
      let within = { (key: Key) in request.includes(key) && (last.map { !($0 < key) } ?? true) }
      #expect(read == read.sorted() && Set(read).count == read.count, "seed \(seed), step \(step)")
      #expect(Set(read).isSuperset(of: before.intersection(after).filter(within)), "seed \(seed), step \(step)")
      #expect(Set(read).isSubset(of: before.union(after)), "seed \(seed), step \(step)")
      files.now += [.zero, .milliseconds(1), .milliseconds(60), .seconds(3)].randomElement(using: &generator)!
      for _ in 0..<Int.random(in: 0...2, using: &generator) { change(&files) }
    }
  }

  @Test func `A folder that has not changed is read twice, and then no more`() throws {
    var files = Files(tick: .milliseconds(4))
    // Not a whole second, which might be all that such a file system tells.
    files.now += .milliseconds(4)
    for number in 0..<10 { files.change("\(number)") { $0.insert(.mutable(try! DataID("key \(number)"))) } }
    let start = ContinuousClock.now
    var listing = FolderListing(ListRequest())
    var counts: [Int] = []
    for _ in 0..<4 {
      files.now += .milliseconds(100)
      #expect(files.page(ListRequest(), of: &listing, since: start)?.count == 10)
      counts.append(files.readCount)
    }
    #expect(counts == [10, 20, 20, 20])
    files.change("3") { $0.insert(.mutable("new")) }
    #expect(files.page(ListRequest(), of: &listing, since: start)?.count == 11)
    #expect(files.readCount == 21)
  }

  @Test func `A folder in which there are folders is read for every page`() {
    let start = ContinuousClock.now
    let prints = ["a": FolderListing.Print(inode: 1, seconds: 5, nanoseconds: 5)]
    var listing = FolderListing(ListRequest())
    for step in 0..<5 {
      #expect(listing.stale(prints) == ["a"])
      listing.add(["a": ([.mutable("k")], true)], prints, now: start + .seconds(step))
      #expect(listing.page(ListRequest()) == [.mutable("k")])
    }
  }

  @Test func `A listing serves the pages behind its beginning, of its kind and prefix`() throws {
    let cursor = Cursor(after: .mutable("b/5"))
    let listing = FolderListing(ListRequest(prefix: "b/", after: cursor))
    #expect(listing.serves(ListRequest(prefix: "b/", after: cursor)))
    #expect(listing.serves(ListRequest(prefix: "b/", after: Cursor(after: .mutable("b/6")))))
    #expect(!listing.serves(ListRequest(prefix: "b/", after: Cursor(after: .mutable("b/4")))))
    #expect(!listing.serves(ListRequest(prefix: "b/")))
    #expect(!listing.serves(ListRequest(prefix: "b", after: cursor)))
    #expect(!listing.serves(ListRequest(.immutable, prefix: "b/")))
  }
}
