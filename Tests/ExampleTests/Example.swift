import Foundation

import TestSupport

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
    environment: [String: String] = [:], whileRunning: (Command.Running) async -> Void = { _ in }
  ) async throws -> Result {
    let example = try await Command.run(
      [Self.folder.appending(path: name).path] + arguments, in: folder.path,
      environment: environment.merging(["TMPDIR": folder.path]) { $1 }, input: Array(input.utf8),
      whileRunning: whileRunning)
    return Result(
      status: example.status, output: Self.text(example.output, in: folder),
      errors: Self.text(example.errors, in: folder), bytes: example.output)
  }

  /// The text with the folder's own name left out, which differs from run to run.
  private static func text(_ bytes: [UInt8], in folder: TemporaryFolder) -> String {
    String(decoding: bytes, as: UTF8.self).replacing(folder.path, with: "/folder")
  }
}

/// What an example is expected to print, as it is kept beside the tests.
func expected(_ name: String, file: String = #filePath) throws -> String {
  let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Expected")
  return try String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)
}
