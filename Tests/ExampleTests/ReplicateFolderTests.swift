import Foundation
import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

/// Files with every kind of name go through put, get, verify and delete, while one of the three folders is broken.
@Suite struct ReplicateFolderTests {
  static let seed: UInt64 = .random(in: 0...UInt64.max)

  private let example = Example(name: "replicate-folder")
  private let files = NastyFiles.make(seed: Self.seed)
  private let folder: TemporaryFolder
  private let from = ["--from", "A", "--from", "B", "--from", "C"]

  init() throws {
    folder = try TemporaryFolder()
    try folder.make(files, below: "source")
  }

  private var note: Comment { "seed \(Self.seed)" }

  private func run(_ arguments: String...) async throws -> Example.Result {
    try await example.run(arguments.flatMap { $0 == "ABC" ? from : [$0] }, in: folder)
  }

  @discardableResult
  private func put() async throws -> Example.Result {
    try await run("put", "--from", "source", "--to", "A", "--to", "B", "--to", "C")
  }

  /// The stored files of a folder, without the marker and the locks.
  private func copies(in store: String) throws -> [[UInt8]: [UInt8]] {
    try folder.files(below: store).filter { $0.key.starts(with: "mutable/".utf8) }
  }

  // A1
  @Test func `Every name and every byte comes back, and what is no file is named`() async throws {
    try RawFile(Array("\(folder.path)/source/link".utf8)).link(to: "plain")
    let put = try await put()
    #expect(put.status == 0, note)
    #expect(put.output.contains("  A: stored \(files.count)\n  B: stored \(files.count)\n  C: stored \(files.count)\n"))
    #expect(put.output.hasSuffix("1 passed over:\n  link: symbolic link\n"))

    let verified = try await run("verify", "ABC", "--against", "source")
    #expect(verified.status == 0, note)
    #expect(verified.output.contains("  A: good \(files.count)\n  B: good \(files.count)\n  C: good \(files.count)\n"))

    let got = try await run("get", "ABC", "--into", "target")
    #expect(got.status == 0, note)
    #expect(try folder.files(below: "target") == files, note)
    #expect(got.output.hasPrefix("got \(files.count) of \(files.count) files, "))
  }

  // A16
  @Test func `A folder that cannot be written is named, and the others are enough`() async throws {
    try folder.block("B")
    let put = try await put()
    #expect(put.status == 0, note)
    #expect(put.output.contains("  B: failed (unavailable) \(files.count)\n"))
    #expect(
      put.output.contains("    failed (unavailable), for example: /folder/B, or something above it, is not a folder"))
    let got = try await run("get", "ABC", "--into", "target")
    #expect(got.status == 0, note)
    #expect(try folder.files(below: "target") == files, note)
    let verified = try await run("verify", "ABC", "--against", "source")
    #expect(verified.status == 0, note)
    #expect(verified.output.contains("unavailable \(files.count)\n"))
  }

  @Test func `A folder that lost half of its files is named, and every file comes back`() async throws {
    try await put()
    let lost = try copies(in: "A").keys.sorted { $0.lexicographicallyPrecedes($1) }.enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map { String(decoding: $0.element, as: UTF8.self) }
    for path in lost { try folder.remove("A/\(path)") }
    let got = try await run("get", "ABC", "--into", "target")
    #expect(got.status == 0, note)
    #expect(try folder.files(below: "target") == files, note)
    let verified = try await run("verify", "ABC")
    #expect(verified.status == 0, note)
    #expect(verified.output.contains("missing \(lost.count)"), note)

    try await put()
    #expect(try await run("verify", "ABC").output.contains("  A: good \(files.count)\n"))
  }

  // R2
  @Test(arguments: [["A", "B", "C"], ["C", "A", "B"]])
  func `Flipped and torn copies are named, and never restored`(_ order: [String]) async throws {
    try await put()
    let damaged = NastyFiles.damage(try copies(in: "C"), every: 3, seed: Self.seed)
    try folder.make(damaged, below: "C")
    let order = order.flatMap { ["--from", $0] }
    let got = try await example.run(["get"] + order + ["--into", "target"], in: folder)
    #expect(got.status == 0, note)
    #expect(try folder.files(below: "target") == files, note)
    let verified = try await example.run(["verify"] + order + ["--against", "source"], in: folder)
    #expect(verified.status == 0, note)
    #expect(
      verified.output.contains("  C: good \(files.count - damaged.count), corrupt \(damaged.count)\n")
        || verified.output.contains("  C: corrupt \(damaged.count), good \(files.count - damaged.count)\n"), note)
  }

  // R2: an envelope torn to nothing looks like a plain, empty value.
  @Test func `A copy torn to nothing does not outvote the good one beside a missing one`() async throws {
    try await put()
    for (store, content) in [("A", nil), ("B", [])] as [(String, [UInt8]?)] {
      guard let path = try copies(in: store).keys.first(where: { $0.ends(with: "/plain".utf8) }) else { continue }
      try folder.remove("\(store)/\(String(decoding: path, as: UTF8.self))")
      if let content { try folder.make([path: content], below: store) }
    }
    let got = try await run("get", "ABC", "--into", "target")
    #expect(got.status == 0)
    #expect(try folder.files(below: "target") == files, note)
  }

  @Test func `A file with too few good copies is a problem, and the others come back`() async throws {
    try await put()
    for store in ["A", "B"] {
      let copy = try copies(in: store).keys.first { $0.ends(with: "/plain".utf8) }
      try folder.remove("\(store)/\(String(decoding: copy ?? [], as: UTF8.self))")
    }
    let got = try await run("get", "ABC", "--into", "target")
    #expect(got.status == 1)
    #expect(got.output.contains("plain: too few folders hold a good copy: A missing, B missing, C good"))
    var rest = files
    rest[Array("plain".utf8)] = nil
    #expect(try folder.files(below: "target") == rest, note)
    let verified = try await run("verify", "ABC", "--against", "source")
    #expect(verified.status == 1)
    #expect(verified.output.contains("plain: it has fewer than 2 good copies: A missing, B missing, C good"))
    let alone = try await run("get", "--from", "C", "--into", "alone")
    #expect(alone.status == 0)
    #expect(try folder.files(below: "alone") == files, note)
  }

  // A35
  @Test func `Deleted files do not come back with a folder that missed the delete`() async throws {
    try await put()
    try folder.move("C", to: "away")
    let deleted = try await run("delete", "ABC", "--prefix", "random/")
    #expect(deleted.status == 0)
    #expect(deleted.output.contains("  C: not listed 1, failed (unavailable) 40\n"))
    try folder.move("away", to: "C")
    let got = try await example.run(
      ["get", "--from", "C", "--from", "A", "--from", "B", "--into", "target"], in: folder)
    #expect(got.status == 0)
    #expect(got.output.contains("; 40 more had been deleted\n"))
    #expect(try folder.files(below: "target") == files.filter { !$0.key.starts(with: "random/".utf8) }, note)
    let verified = try await run("verify", "ABC")
    #expect(verified.status == 0)
    #expect(verified.output.contains("older 40"))
  }

  @Test func `With two folders gone nothing is done, and the reason is given`() async throws {
    try await put()
    try folder.block("A")
    try folder.remove("B")
    for command in [["get", "--into", "target"], ["verify"], ["delete", "--all"]] {
      let result = try await example.run(command + from, in: folder)
      #expect(result.status == 1)
      #expect(result.errors.contains("1 of 3 folders could be listed, 2 needed [A: failed, unavailable"))
    }
    #expect(try copies(in: "C").count == files.count)
    let put = try await put()
    #expect(put.status == 0, "B is made again")
  }

  // A45
  @Test func `A folder that was away is brought up to date by handoff alone`() async throws {
    try folder.block("C")
    let to = ["--to", "A", "--to", "B", "--to", "C", "--journal", "J"]
    let put = try await example.run(["put", "--from", "source"] + to, in: folder)
    #expect(put.status == 0, note)
    #expect(put.output.contains("  C: queued \(files.count)\n"))
    let early = try await example.run(["handoff"] + to, in: folder)
    #expect(early.status == 1, note)
    #expect(early.output.hasPrefix("handed off 0 of \(files.count) files"))

    try folder.remove("C")
    let handoff = try await example.run(["handoff"] + to, in: folder)
    #expect(handoff.status == 0, note)
    #expect(handoff.output.contains("  C: brought up to date \(files.count)\n"))
    let alone = try await run("get", "--from", "C", "--into", "alone")
    #expect(alone.status == 0, note)
    #expect(try folder.files(below: "alone") == files, note)
    let nothing = try await example.run(["handoff"] + to, in: folder)
    #expect(nothing.output.hasPrefix("handed off 0 of 0 files"))
  }

  // A9
  @Test func `An interruption finishes the files under way, and leaves nothing torn`() async throws {
    try await put()
    try folder.remove("A")
    // Whoever writes to C waits for these locks, so that the interruption comes while files are under way.
    let locks = try folder.files(below: "C/locks").keys.map {
      try RawFile(Array("\(folder.path)/C/locks/".utf8) + $0).lock()
    }
    let interrupted = try await example.run(
      ["put", "--from", "source", "--to", "A", "--to", "B", "--to", "C"], in: folder
    ) { process in
      while process.isRunning, !FileManager.default.fileExists(atPath: "\(folder.path)/A/mutable") {
        await Task.yield()
      }
      process.interrupt()
      for lock in locks { RawFile.unlock(lock) }
    }
    #expect(interrupted.status == 130, note)
    #expect(interrupted.output.hasSuffix("interrupted: repeat the command to do the rest\n"))
    let stored = try copies(in: "A").count
    #expect(stored < files.count, note)
    let verified = try await run("verify", "ABC")
    #expect(verified.status == 0, note)
    #expect(
      verified.output.contains("  A: good \(stored), missing \(files.count - stored)\n")
        || verified.output.contains("  A: missing \(files.count - stored), good \(stored)\n"), note)
    let repeated = try await put()
    #expect(repeated.status == 0, note)
    #expect(try await run("verify", "ABC", "--against", "source").status == 0, note)
  }
}
