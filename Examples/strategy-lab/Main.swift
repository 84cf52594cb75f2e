import Foundation

/// What trees guarantee and could bear, worked out before they run.
@main struct Main {
  static let usage = """
    usage: strategy-lab systems FILE.json
           strategy-lab staleness FILE.json
           strategy-lab search --leaf NAME,read=NUMBER,write=NUMBER,latency=TIME … --reads SHARE [--survives NUMBER]
                               [--reads-survive NUMBER] [--writes-survive NUMBER] [--best load|latency|network]
                               [--count NUMBER]

      systems    reads quorum systems, and prints a line of JSON for each: which failures it survives, whether every
                 read meets every write, its load, capacity, network load and latency, and how likely it is available
      staleness  reads quorums with the delays of their messages, and prints a line of JSON for each: how likely a read
                 finds a write some time after it, when all but one in a thousand do, and how long reads and writes take
      search     finds the best trees of up to six leaves, of which each serves so many reads or writes a second and
                 takes so long, such as 3ms, and prints them as they are written in Swift, with their figures and what
                 they guarantee; a leaf that says nothing of it serves one a second, at once
    """

  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.first == "search", words.last != "--help" { search(Array(words.dropFirst())) }
    guard words.count == 2, ["systems", "staleness"].contains(words[0]) else {
      let isHelp = words.last == "--help"
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

  private static func search(_ words: [String]) -> Never {
    do {
      write(try SearchCommand(words).report(), to: .standardOutput)
      exit(0)
    } catch {
      write("strategy-lab search: \(error)", to: .standardError)
      exit(2)
    }
  }

  private static func write(_ text: String, to handle: FileHandle) { handle.write(Data("\(text)\n".utf8)) }
}
