#if HTTP
  private import Foundation

  /// A server that was started for measuring: `Tests/servers start FOLDER nginx`, with `METADRIVER_SERVERS=FOLDER`.
  struct WebServer {
    private let folder: String

    /// `nil` when it was not started.
    init?(_ name: String) {
      guard let root = ProcessInfo.processInfo.environment["METADRIVER_SERVERS"] else { return nil }
      folder = "\(root)/\(name)"
      guard FileManager.default.fileExists(atPath: "\(folder)/url") else { return nil }
    }

    /// What is known under a word, such as `url`.
    func fact(_ word: String) -> String {
      let text = try? String(contentsOfFile: "\(folder)/\(word)", encoding: .utf8)
      return (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The address of a file of so many bytes, which nginx shows.
    func file(byteCount: Int) throws -> String {
      let name = "benchmark-\(byteCount)"
      try Data(repeating: 7, count: byteCount).write(to: URL(filePath: "\(folder)/data/files/\(name)"))
      return "\(fact("url"))/files/\(name)"
    }
  }
#endif
