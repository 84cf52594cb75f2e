private import Foundation

/// What this run was made on, as the system says.
enum Machine {
  /// A few lines for the head of the table.
  static func description(_ folder: borrowing Folder) -> String {
    let process = ProcessInfo.processInfo
    let memory = decimal(Double(process.physicalMemory) / 1_073_741_824, 0)
    return """
      \(processor), \(process.activeProcessorCount) cores, \(memory) GiB, \(process.operatingSystemVersionString)
      \(compiler), \(Date.now.formatted(.iso8601.year().month().day())), files on \(folder.fileSystem)
      """
  }

  private static var processor: String {
    if let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let model = line.split(separator: ":").last
    {
      return model.trimmingCharacters(in: .whitespaces)
    }
    return output(of: ["sysctl", "-n", "machdep.cpu.brand_string"]) ?? "unknown processor"
  }

  private static var compiler: String {
    guard let text = output(of: ["swift", "--version"]), let start = text.range(of: "Swift version ") else {
      return "unknown compiler"
    }
    return "Swift " + text[start.upperBound...].prefix { !$0.isWhitespace }
  }

  /// What a program prints; `nil` when there is none of that name.
  private static func output(of command: [String]) -> String? {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let text = String(data: data, encoding: .utf8) else { return nil }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
