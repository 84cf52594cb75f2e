private import Foundation
private import TestSupport

/// A server that the tests may use: started by `Tests/servers`, which says where they are.
///
/// ```swift
/// @Suite(.enabled(if: Server.isThere("rclone-s3"), "needs rclone-s3: Tests/run starts it")) struct …
/// let server = try Server("rclone-s3")
/// server.url                                       // http://127.0.0.1:40123
/// ```
///
/// Those that several suites use are never stopped; a test that stops one starts an instance of its own, whose name ends
/// in `@` and a word: `Server.start("rclone-s3@outage")`.
public struct Server: Sendable {
  /// Which server, and which instance of it.
  public let name: String
  /// What is known of it: its folder has a file for each word.
  public let folder: String

  /// The folder of all servers; `nil` where none were started.
  private static let root = ProcessInfo.processInfo.environment["METADRIVER_SERVERS"]

  /// What went wrong, with what the script said.
  public struct Failure: Error, CustomStringConvertible {
    /// What the script said.
    public let description: String
  }

  /// Whether a server was started for the tests.
  public static func isThere(_ name: String) -> Bool { (try? Server(name)) != nil }

  /// Finds a server that was started.
  public init(_ name: String) throws {
    guard let root = Self.root else { throw Failure(description: "METADRIVER_SERVERS is not set: run Tests/run") }
    folder = "\(root)/\(name)"
    self.name = name
    guard FileManager.default.fileExists(atPath: "\(folder)/url") else {
      throw Failure(description: "\(name) was not started")
    }
  }

  /// Starts an instance of its own for a test.
  public static func start(_ name: String) throws -> Server {
    try control("start", name)
    return try Server(name)
  }

  /// Where it listens, without a slash at the end.
  public var url: String { fact("url") }
  /// The first port it listens on.
  public var port: Int { Int(fact("port")) ?? 0 }
  /// The certificates that a client has to trust, where it has TLS.
  public var certificates: String { "\(folder)/certificate.pem" }

  /// What is known under a word, such as `user` or `bucket`.
  public func fact(_ word: String) -> String {
    let text = try? String(contentsOfFile: "\(folder)/\(word)", encoding: .utf8)
    return (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Starts it again, at the same address and with the same data, and waits until it answers.
  public func start() throws { try Self.control("start", name) }

  /// Asks it to end, and waits until it has.
  public func stop() throws { try Self.control("stop", name) }

  /// Ends it without a warning, as a loss of power does.
  public func kill() throws { try Self.control("kill", name) }

  /// One of the processes that make it up, such as `swift/object-1`.
  public func part(_ word: String) throws -> Server { try Server("\(name)/\(word)") }

  private static func control(_ verb: String, _ name: String) throws {
    guard let root else { throw Failure(description: "METADRIVER_SERVERS is not set: run Tests/run") }
    let script = #filePath.components(separatedBy: "/").dropLast(2).joined(separator: "/") + "/servers"
    let control = try Command(["bash", script, verb, root, name], joinsErrors: true)
    guard control.status == 0 else {
      throw Failure(description: "\(verb) of \(name) failed: \(String(decoding: control.output, as: UTF8.self))")
    }
  }
}
