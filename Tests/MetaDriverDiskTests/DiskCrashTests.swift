import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

@testable import CrashWriter

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Several processes at one folder, some of which die.
@Suite(.serialized) struct DiskCrashTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // A9
  @Test("A writer killed 200 times leaves no torn value, loses no acknowledged put, and no leftovers")
  func killed() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("DiskCrashTests.killed seed \(seed)")
    var generator = Generator(seed: seed)
    var acknowledged: [Substring: Int] = [:]
    var (interrupted, leftovers) = (0, 0)
    for round in 0..<200 {
      // Waiting for the device, a put is killed with its file written and not yet named.
      let isDurable = round.isMultiple(of: 2)
      var begun: [Substring: Set<Int>] = [:]
      let child = try Child(writer: "write", folder.store, round, isDurable ? 1 : 0)
      // An odd number of lines: the last line is the beginning of a put.
      let wanted = 2 * Int.random(in: 0..<(isDurable ? 3 : 12), using: &generator) + 1
      var lines: [String] = []
      while lines.count < wanted { lines.append(try #require(child.line(), "the writer died of its own")) }
      // Somewhere within it, or within the next.
      var spin = Int.random(in: 0..<(1 << Int.random(in: 10...22, using: &generator)), using: &generator)
      while spin > 0 { spin -= 1 }
      lines += child.killed()
      for line in lines {
        let words = line.split(separator: " ")
        let number = try #require(Int(words[2]))
        if words[0] == "done" {
          acknowledged[words[1]] = number
          begun[words[1]] = []
        } else {
          begun[words[1], default: []].insert(number)
        }
      }
      if lines.last?.hasPrefix("begin") == true { interrupted += 1 }
      let temporary = folder.store + "/tmp"
      if File.exists(temporary) { leftovers += try File.names(temporary).count }
      let disk = folder.disk()
      _ = try await disk.open(in: Context())
      #expect(try File.names(temporary).isEmpty)
      for name in "01234567".map({ Substring("\($0)") }) {
        let record = try await disk.get(Key(.mutable, name: "key \(name)"))
        let value = try record.map {
          try #require(CrashValue($0.bytes), "torn in round \(round): \($0.bytes.count) bytes")
        }
        let isRight =
          value?.number == acknowledged[name] || value.map { begun[name, default: []].contains($0.number) } ?? false
        #expect(
          isRight, "round \(round), key \(name): \(String(describing: value)), acknowledged \(acknowledged[name] ?? -1)"
        )
        if let value { acknowledged[name] = value.number }
      }
      try await disk.close(in: Context())
    }
    print("DiskCrashTests.killed: \(interrupted) of 200 kills hit a put, \(leftovers) left a file without a name")
    // Else the test would have shown nothing.
    #expect(interrupted > 0)
  }

  @Test("A sweep removes what dead writers left, and nothing of a live one")
  func sweep() async throws {
    _ = try await folder.disk().open(in: Context())
    try await folder.disk().put([1], at: .mutable("key"))
    let (dead, live) = ("\(folder.store)/tmp/1-1.tmp", "\(folder.store)/tmp/1-2.tmp")
    for path in [dead, live] { try File.write([1], to: path) }
    let writer = unsafe open(live, O_RDWR)
    try #require(flock(writer, LOCK_EX) == 0)
    _ = try await folder.disk().open(in: Context())
    #expect(!File.exists(dead) && File.exists(live))
    close(writer)
    _ = try await folder.disk().open(in: Context())
    #expect(!File.exists(live))
  }

  // A47
  @Test("Sweeps that go on all the time disturb no writer")
  func sweepsAndWriters() async throws {
    let folder = folder
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let disk = folder.disk()
          for number in 0..<100 { try await disk.put([UInt8(number)], at: Key(.mutable, name: "key \(writer)")) }
        }
      }
      group.addTask { for _ in 0..<100 { _ = try await folder.disk().open(in: Context()) } }
      try await group.waitForAll()
    }
    for writer in 0..<4 { #expect(try await folder.disk().get(Key(.mutable, name: "key \(writer)")) == Record([99])) }
  }

  // A48
  @Test("Two processes and this one count to 600 by compare-and-put")
  func counter() async throws {
    let first = try Child(writer: "count", folder.store, 200)
    let second = try Child(writer: "count", folder.store, 200)
    try await CrashWriter.count(on: folder.disk(), increments: 200)
    #expect(first.line() == "done" && second.line() == "done")
    #expect(try await folder.disk().get(.mutable("counter")) == Record(Array("600".utf8)))
  }

  // R8, R11, R13
  @Test("Newest wins across processes")
  func newestWins() async throws {
    let first = try Child(writer: "stamp", folder.store, 1, 300)
    let second = try Child(writer: "stamp", folder.store, 2, 300)
    #expect(first.line() == "done" && second.line() == "done")
    let expected = Record(Array("300 by 2".utf8), stamp: Stamp(time: 300, writer: 2))
    #expect(try await folder.disk().get(.mutable("stamped"), in: Context()) == expected)
  }

  // A47
  @Test("Concurrent writers of one key leave exactly one complete value, and readers see no other")
  func concurrentWriters() async throws {
    let folder = folder
    let key = Key.mutable("key")
    try await folder.disk().put(CrashValue(number: 0, byteCount: 1).bytes, at: key)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 1...3 {
        group.addTask {
          let disk = folder.disk()
          for number in 0..<40 {
            try await disk.put(
              CrashValue(number: writer * 100 + number, byteCount: number * 1_000 * writer).bytes, at: key)
          }
        }
      }
      group.addTask {
        let disk = folder.disk()
        for _ in 0..<200 {
          let record = try #require(try await disk.get(key))
          #expect(CrashValue(record.bytes) != nil)
        }
      }
      try await group.waitForAll()
    }
    let record = try #require(try await folder.disk().get(key))
    let last = try #require(CrashValue(record.bytes))
    #expect([139, 239, 339].contains(last.number))
  }
}
