#if HTTP && SQLite
  import Foundation

  /// A server that `Tests/servers` started in a folder.
  struct LocalServer {
    private let name: String
    private let folder: String

    init(_ name: String, in folder: String) throws(Settings.Mistake) {
      (self.name, self.folder) = (name, folder)
      guard FileManager.default.fileExists(atPath: "\(folder)/\(name)/url") else {
        throw Settings.Mistake(
          description: "there is no \(name) in \(folder): run Tests/servers start \(folder) nginx rclone-s3")
      }
    }

    /// What its folder knows under a word.
    func fact(_ word: String) -> String {
      let text = try? String(contentsOfFile: "\(folder)/\(name)/\(word)", encoding: .utf8)
      return (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func stop() throws { try control("stop") }
    func start() throws { try control("start") }

    private func control(_ verb: String) throws {
      let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Tests/servers")
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["bash", script.standardizedFileURL.path, verb, folder, name]
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw Settings.Mistake(description: "could not \(verb) \(name): see \(folder)/\(name)/log")
      }
    }
  }
#endif
