import Foundation

/// What trees guarantee and could bear, worked out before they run.
@main struct Main {
  static let usage = """
    usage: strategy-lab systems FILE.json
           strategy-lab staleness FILE.json

      systems    reads quorum systems, and prints a line of JSON for each: which failures it survives, whether every
                 read meets every write, its load, capacity, network load and latency, and how likely it is available
      staleness  reads quorums with the delays of their messages, and prints a line of JSON for each: how likely a read
                 finds a write some time after it, when all but one in a thousand do, and how long reads and writes take
    """

  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count == 2, ["systems", "staleness"].contains(words[0]) else {
      let isHelp = words == ["--help"]
      write(usage, to: isHelp ? .standardOutput : .standardError)
      exit(isHelp ? 0 : 2)
    }
    do {
      let reports =
        words[0] == "systems"
        ? try SystemFile(contentsOf: words[1]).reports() : try StalenessFile(contentsOf: words[1]).reports()
      for report in reports { write(report, to: .standardOutput) }
    } catch {
      write("\(words[1]): \(error)", to: .standardError)
      exit(1)
    }
  }

  private static func write(_ text: String, to handle: FileHandle) { handle.write(Data("\(text)\n".utf8)) }
}
