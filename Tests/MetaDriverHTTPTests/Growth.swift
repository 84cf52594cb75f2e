#if HTTP && os(Linux)
  import Foundation
  import MetaDriver
  import MetaDriverHTTP
  import ServerSupport

  /// What many requests leave behind in a process of their own.
  struct Growth: CustomStringConvertible {
    /// What is lost on purpose, to show that it is found.
    enum Leak: String, Codable, CaseIterable {
      case none
      /// A file stays open after each hundredth request.
      case file
      /// A connection stays open after each hundredth request.
      case connection
      /// A thousand bytes stay allocated after each request.
      case memory
    }

    /// How many requests are under way at once, and how many connections the client may have.
    static let width = 16

    /// How many KiB more or less mean nothing: the thread sanitizer takes notes of its own.
    #if SANITIZE_THREAD
      static let allowance = 65_536
    #else
      static let allowance = 4_096
    #endif

    /// After the first request, with one connection.
    let first: OpenFiles
    /// After the first 1,600 requests, which set everything up.
    let before: (files: OpenFiles, kibibytes: Int)
    /// After the last.
    let after: (files: OpenFiles, kibibytes: Int)

    /// Whether nothing was left behind: the client may have closed connections, and opened as many as it is allowed.
    var isBounded: Bool {
      after.files.connections <= first.connections - 1 + Self.width && after.files.others <= before.files.others
        && after.kibibytes - before.kibibytes < Self.allowance
    }

    var description: String {
      "\(first) after one request, \(before.files) and \(before.kibibytes) KiB after 1,600, \(after.files) and "
        + "\(after.kibibytes) KiB after all"
    }

    /// Sends requests, and measures.
    init(requestCount: Int, leak: Leak) async throws {
      let server = try Server("nginx")
      let name = "soak-\(UUID())"
      let path = "\(server.folder)/data/files/\(name)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(repeating: 1, count: 1_024).write(to: URL(filePath: "\(path)/there"))

      var configuration = CurlClient.Configuration()
      configuration.maximumConnectionsPerHost = Self.width
      let client = CurlClient(configuration)
      let driver = HTTPDriver(at: "\(server.url)/files/\(name)", layout: .names, client: client)
      let (there, missing) = (Key.mutable("there"), Key.mutable("missing"))
      @Sendable func lose(_ number: Int) {
        switch leak {
        case .file where number.isMultiple(of: 100): _ = unsafe open("/dev/null", O_RDONLY)
        case .connection where number.isMultiple(of: 100): _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        case .memory:
          let bytes = UnsafeMutableRawPointer.allocate(byteCount: 1_000, alignment: 8)
          unsafe bytes.initializeMemory(as: UInt8.self, repeating: 1, count: 1_000)
        default: break
        }
      }
      @Sendable func run(_ count: Int) async throws {
        try await withThrowingTaskGroup { group in
          for worker in 0..<Self.width {
            group.addTask {
              for number in 0..<(count / Self.width) {
                switch (number + worker) % 10 {
                case 0: try await check(driver.get(missing) == nil)
                case 5: try await check(Context().stat(there, from: driver)?.byteCount == 1_024)
                default: try await check(driver.get(there)?.bytes.count == 1_024)
                }
                lose(number)
              }
            }
          }
          try await group.waitForAll()
        }
      }
      try await check(driver.get(there)?.bytes.count == 1_024)
      first = .now
      try await run(1_600)
      before = (.now, Self.kibibytes)
      try await run(requestCount - 1_600)
      after = (.now, Self.kibibytes)
      // Until here it keeps its connections.
      await client.close()
    }

    /// How much memory the process has.
    private static var kibibytes: Int {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
  }

  /// Ends the process when something is not as it should be.
  func check(_ isRight: Bool) { precondition(isRight, "an answer is wrong") }
#endif
