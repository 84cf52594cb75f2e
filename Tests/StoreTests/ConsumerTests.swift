import Foundation
import TestSupport
import Testing

/// What somebody gets who depends on this package: nothing but what they ask for.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ConsumerTests {
  @Test("A package that depends on this one resolves no other, and links no library of the system")
  func withoutTraits() async throws {
    let consumer = try Consumer(traits: [], products: ["MetaDriver", "MetaDriverDisk"])
    try await consumer.build()
    let dependencies = try await consumer.run("swift", "package", "show-dependencies", "--format", "flatlist")
    #expect(dependencies.split(separator: "\n").map(String.init) == [consumer.dependency])
    let libraries = try await consumer.libraries()
    for library in ["libcurl", "libsqlite3", "libcrypto", "libFoundation"] {
      #expect(!libraries.contains(library), "\(library) is linked:\n\(libraries)")
    }
    #expect(try await consumer.run(".build/debug/consumer") == "stored\n")
  }

  #if SQLite
    @Test("With a trait, a package that depends on this one links its library, and still resolves no other package")
    func withTrait() async throws {
      let consumer = try Consumer(traits: ["SQLite"], products: ["MetaDriver", "MetaDriverSQLite"])
      try await consumer.build()
      let dependencies = try await consumer.run("swift", "package", "show-dependencies", "--format", "flatlist")
      #expect(dependencies.split(separator: "\n").map(String.init) == [consumer.dependency])
      let libraries = try await consumer.libraries()
      #expect(libraries.contains("libsqlite3"))
      #expect(!libraries.contains("libcurl"))
    }
  #endif
}

/// A package of one program in a folder of its own.
private struct Consumer: ~Copyable {
  struct Failure: Error, CustomStringConvertible { let description: String }

  let folder: URL
  /// The name of this package as the package manager knows it: its folder's.
  let dependency: String

  init(traits: [String], products: [String]) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let dependency = root.lastPathComponent.lowercased()
    self.dependency = dependency
    folder = URL.temporaryDirectory.appending(path: "metadriver-consumer-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "Sources/consumer"), withIntermediateDirectories: true)
    let manifest = """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(
        name: "consumer", platforms: [.macOS(.v15)],
        dependencies: [.package(path: \(root.path.debugDescription), traits: \(traits))],
        targets: [
          .executableTarget(
            name: "consumer",
            dependencies: \(products).map { .product(name: $0, package: \(dependency.debugDescription)) })
        ])
      """
    let program = """
      \(products.map { "import \($0)" }.joined(separator: "\n"))
      print(try await MemoryDriver().put([1], at: "a"))
      """
    try manifest.write(to: folder.appending(path: "Package.swift"), atomically: false, encoding: .utf8)
    try program.write(
      to: folder.appending(path: "Sources/consumer/main.swift"), atomically: false, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func build() async throws { _ = try await run("swift", "build") }

  /// What the program needs when it starts.
  func libraries() async throws -> String {
    #if os(macOS)
      try await run("otool", "-L", ".build/debug/consumer")
    #else
      try await run("ldd", ".build/debug/consumer")
    #endif
  }

  /// Runs a command in the folder of the package.
  ///
  /// - Returns: What it wrote to standard output.
  func run(_ words: String...) async throws -> String {
    let command = try await Command.run(words, in: folder.path)
    let said = [command.output, command.errors].map { String(decoding: $0, as: UTF8.self) }
    guard command.status == 0 else {
      throw Failure(
        description: "\(words.joined(separator: " ")) ended with \(command.status):\n\(said[0])\n\(said[1])")
    }
    return said[0]
  }
}
