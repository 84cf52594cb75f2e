import Foundation

/// This program once more, as another process.
struct Child: Sendable {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  struct Failure: Error, CustomStringConvertible {
    let words: [String]
    let status: Int32
    var description: String { "\(words.joined(separator: " ")) ended with \(status)" }
  }

  /// Runs to the end.
  ///
  /// - Returns: What it printed.
  func output() async throws -> String {
    let process = Process()
    process.executableURL = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    let (ended, end) = AsyncStream<Never>.makeStream()
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    // What a device prints fits into the pipe.
    for await _ in ended {}
    guard process.terminationStatus == 0 else { throw Failure(words: words, status: process.terminationStatus) }
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return text.trimmingCharacters(in: .newlines)
  }
}
