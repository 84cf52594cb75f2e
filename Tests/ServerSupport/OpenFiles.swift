#if os(Linux)
  private import Foundation

  /// What a process has open.
  public struct OpenFiles: Sendable, CustomStringConvertible {
    /// How many sockets.
    public let connections: Int
    /// How many files, folders and devices.
    public let others: Int

    /// What this process has open now.
    public static var now: OpenFiles {
      let folder = "/proc/self/fd"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      // One that cannot be read any more was that of the folder itself.
      let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
      let connections = targets.count { $0.hasPrefix("socket:") }
      return OpenFiles(connections: connections, others: targets.count - connections)
    }

    /// Both numbers.
    public var description: String { "\(connections) connections and \(others) other files" }
  }
#endif
