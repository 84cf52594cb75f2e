import Foundation

/// What trees guarantee and could bear, worked out before they run.
@main struct Main {
  static let usage = """
    usage: strategy-lab [--seeds NUMBER] [--operations NUMBER]
           strategy-lab report --out FILE.html [STRATEGY [OTHER]]
           strategy-lab systems FILE.json
           strategy-lab staleness FILE.json
           strategy-lab search --leaf NAME,read=NUMBER,write=NUMBER,latency=TIME … --reads SHARE [--survives NUMBER]
                               [--reads-survive NUMBER] [--writes-survive NUMBER] [--best load|latency|network]
                               [--count NUMBER]

      Without a command it prints what twelve well-known strategies guarantee and how long they take, predicted from their
      trees, beside what they do in the simulator.

      report     writes a page about one of the twelve strategies, or about two side by side
      systems    reads quorum systems, and prints a line of JSON for each: which failures it survives, whether every
                 read meets every write, its load, capacity, network load and latency, and how likely it is available
      staleness  reads quorums with the delays of their messages, and prints a line of JSON for each: how likely a read
                 finds a write some time after it, when all but one in a thousand do, and how long reads and writes take
      search     finds the best trees of up to six leaves, of which each serves so many reads or writes a second and
                 takes so long, such as 3ms, and prints them as they are written in Swift, with their figures and what
                 they guarantee; a leaf that says nothing of it serves one a second, at once
    """

  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    let isHelp = words.last == "--help"
    if words.first?.hasPrefix("--") ?? true, !isHelp { await table(words) }
    if words.first == "search", !isHelp {
      run("search", words) { write(try SearchCommand($0).report(), to: .standardOutput) }
    }
    if words.first == "report", !isHelp { run("report", words) { try ReportCommand($0).write() } }
    guard words.count == 2, ["systems", "staleness"].contains(words[0]) else {
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

  private static func run(_ command: String, _ words: [String], _ body: ([String]) throws -> Void) -> Never {
    do {
      try body(Array(words.dropFirst()))
      exit(0)
    } catch {
      write("strategy-lab \(command): \(error)", to: .standardError)
      exit(2)
    }
  }

  private static func table(_ words: [String]) async -> Never {
    var numbers = ["--seeds": 150, "--operations": 2_000]
    var rest = words[...]
    while let option = rest.popFirst() {
      guard numbers[option] != nil, let number = rest.popFirst().flatMap({ Int($0) }), (1...1_000_000).contains(number)
      else {
        write(usage, to: .standardError)
        exit(2)
      }
      numbers[option] = number
    }
    do {
      let table = ComparisonTable { write($0, to: .standardOutput) }
      let isConfirmed = try await table.show(
        seeds: UInt64(numbers["--seeds"] ?? 1), operations: numbers["--operations"] ?? 1)
      exit(isConfirmed ? 0 : 1)
    } catch {
      write("strategy-lab: \(error)", to: .standardError)
      exit(1)
    }
  }

  private static func write(_ text: String, to handle: FileHandle) { handle.write(Data("\(text)\n".utf8)) }
}
