import Foundation

/// One of the examples, run as its user runs it: as a process of its own.
struct Example {
  let name: String

  struct Result {
    let status: Int32
    let output: String
    let errors: String
    let bytes: [UInt8]
  }

  /// Where the built executables are: beside the tests.
  private static var folder: URL {
    #if os(macOS)
      Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL.deletingLastPathComponent()
    #else
      Bundle.main.bundleURL
    #endif
  }

  /// Runs the example to its end.
  ///
  /// - Parameters:
  ///   - arguments: The words of the command line.
  ///   - input: What comes from standard input.
  ///   - folder: Where it runs, and where its temporary files go.
  ///   - environment: What it finds in its environment beside what is there already.
  ///   - whileRunning: What is done while it runs.
  func run(
    _ arguments: [String] = [], input: String = "", in folder: TemporaryFolder,
    environment: [String: String] = [:], whileRunning: (Process) async -> Void = { _ in }
  ) async throws -> Result {
    let process = Process()
    process.executableURL = Self.folder.appending(path: name)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      .merging(["TMPDIR": folder.path]) { $1 }
    // Files, because a pipe that nobody reads stops who writes to it.
    let files = try ["input", "output", "errors"].map { stream in
      let path = "\(folder.path)/\(name)-\(stream)-\(UUID())"
      try Data(stream == "input" ? Array(input.utf8) : []).write(to: URL(filePath: path))
      return path
    }
    defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
    process.standardInput = FileHandle(forReadingAtPath: files[0])
    process.standardOutput = FileHandle(forWritingAtPath: files[1])
    process.standardError = FileHandle(forWritingAtPath: files[2])
    let (ended, end) = AsyncStream<Never>.makeStream()
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    await whileRunning(process)
    for await _ in ended {}
    let (output, errors) = (
      try Data(contentsOf: URL(filePath: files[1])), try Data(contentsOf: URL(filePath: files[2]))
    )
    return Result(
      status: process.terminationStatus, output: Self.text(output, in: folder), errors: Self.text(errors, in: folder),
      bytes: Array(output))
  }

  /// The text with the folder's own name left out, which differs from run to run.
  private static func text(_ data: Data, in folder: TemporaryFolder) -> String {
    String(decoding: data, as: UTF8.self).replacing(folder.path, with: "/folder")
  }
}

/// What an example is expected to print, as it is kept beside the tests.
func expected(_ name: String, file: String = #filePath) throws -> String {
  let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Expected")
  return try String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)
}
