import Dispatch
import Foundation
import MetaDriver

/// A store in one text file: every write appends a line of JSON, and the last line of a key counts.
struct LogDriver: Driver {
  let leaf: Leaf?
  private let log: Log

  init(at path: String, name: String) throws {
    leaf = Leaf(name, identity: "log:\(path)", ordering: .fifo)
    log = try Log(path)
  }

  var outline: Outline { Outline(leaf: leaf!, kind: "LogDriver", capabilities: .basic) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { try await log.record(of: key) }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    let stored = try? await log.record(of: key)
    try await log.append(Line(kind: key.kind.rawValue, name: key.name, record: Data(record.encoded(for: key))))
    return Receipt(storing: record, over: stored)
  }

  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    guard try await log.record(of: key) != nil else { return Receipt(.alreadyAbsent) }
    try await log.append(Line(kind: key.kind.rawValue, name: key.name))
    return Receipt(.deleted)
  }
}

/// One write: the encoded record, or nothing for a delete.
private struct Line: Codable, Sendable {
  let kind, name: String
  var record: Data?

  func isOf(_ key: Key) -> Bool { kind == key.kind.rawValue && name.utf8.elementsEqual(key.name.utf8) }
}

/// The open file, and the thread on which it is waited for.
private final class Log: Sendable {
  private let queue = DispatchQueue(label: "log")
  private let file: FileHandle

  init(_ path: String) throws {
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    file = try FileHandle(forUpdating: URL(filePath: path))
  }

  func record(of key: Key) async throws(DriverError) -> Record? {
    let text = try await run("read") { file in
      try file.seek(toOffset: 0)
      return try file.readToEnd() ?? Data()
    }
    // A line that a crash tore is no JSON: its write was never acknowledged, and it is passed over.
    let lines = text.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONDecoder().decode(Line.self, from: $0) }
    guard let line = lines.last(where: { $0.isOf(key) }), let record = line.record else { return nil }
    return try Record(decoding: Array(record), for: key)
  }

  func append(_ line: Line) async throws(DriverError) {
    try await run("write") { file in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try file.seekToEnd()
      try file.write(contentsOf: Data("\n".utf8) + encoder.encode(line))
      try file.synchronize()
    }
  }

  private func run<Answer: Sendable>(
    _ what: String, _ body: @escaping @Sendable (FileHandle) throws -> Answer
  ) async throws(DriverError) -> Answer {
    let result = await withCheckedContinuation { caller in
      queue.async { [file] in caller.resume(returning: Result { try body(file) }) }
    }
    do { return try result.get() } catch {
      throw DriverError(.unavailable, "cannot \(what) the log", underlying: error)
    }
  }
}
