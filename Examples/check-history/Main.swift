import MetaDriverTesting

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Says of histories of reads and writes, from any system, which guarantees they keep.
@main struct Main {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") || arguments.contains("-h") { return print(Options.usage, terminator: "") }
    let options: Options
    do throws(Options.Mistake) { options = try Options(arguments) } catch {
      end(64, "\(error); --help says more")
    }
    do {
      let file = try HistoryFile(json: contents(of: options.path, limit: HistoryFile.maximumByteCount))
      exit(try judge(file, options))
    } catch let error as Unreadable {
      end(66, "\(error)")
    } catch {
      end(65, "\(options.path == "-" ? "standard input" : options.path): \(error)")
    }
  }

  /// - Returns: The exit status.
  private static func judge(_ file: HistoryFile, _ options: Options) throws(HistoryError) -> Int32 {
    var summary = Summary()
    let start = ContinuousClock.now
    for (number, entry) in file.entries.enumerated() {
      let verdict = try Verdict(on: entry.history)
      summary.count(verdict, on: entry.history)
      if !options.isSummary { print(verdict.json(number)) }
    }
    if options.isSummary { print(summary.text(ContinuousClock.now - start)) }
    return summary.refuted > 0 ? 1 : summary.undecided > 0 ? 2 : 0
  }

  private static func end(_ status: Int32, _ message: String) -> Never {
    write(to: STDERR_FILENO, "check-history: \(message)\n")
    exit(status)
  }
}
