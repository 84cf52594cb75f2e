import Dispatch
import Foundation
import MetaDriver

/// One write: the encoded record, or nothing for a delete.
struct Line: Codable, Sendable {
  let kind, name: String
  var record: Data?

  func isOf(_ key: Key) -> Bool { kind == key.kind.rawValue && name.utf8.elementsEqual(key.name.utf8) }
}

/// The open file of a ``LogDriver``, and the thread on which it is waited for.
final class Log: Sendable {
  private let queue = DispatchQueue(label: "log")
  private let file: FileHandle

  /// Opens the file. A last line that a crash tore was never acknowledged, and is cut off.
  init(_ path: String) throws {
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    file = try FileHandle(forUpdating: URL(filePath: path))
    let text = try file.readToEnd() ?? Data()
    let whole = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if whole < text.count { try file.truncate(atOffset: UInt64(whole)) }
  }

  /// The record on the last line of a key.
  func record(of key: Key) async throws(DriverError) -> Record? {
    let text = try await run("read") { file in
      try file.seek(toOffset: 0)
      return try file.readToEnd() ?? Data()
    }
    var newest: Line?
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? JSONDecoder().decode(Line.self, from: line) else {
        // It may have been the newest line of this very key: to pass it over could answer with old data.
        throw DriverError(.corrupt, "a line of the log is no JSON")
      }
      if line.isOf(key) { newest = line }
    }
    guard let record = newest?.record else { return nil }
    return try Record(decoding: Array(record), for: key)
  }

  /// Adds a line. When that fails the file is as it was, as far as the disk lets it.
  func append(_ line: Line) async throws(DriverError) {
    try await run("write") { file in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let text = try encoder.encode(line) + Data("\n".utf8)
      let end = try file.seekToEnd()
      do {
        try file.write(contentsOf: text)
        try file.synchronize()
      } catch {
        try? file.truncate(atOffset: end)
        throw error
      }
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
