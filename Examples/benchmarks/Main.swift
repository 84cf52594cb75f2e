#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// Measures what the package promises, each against the same thing written by hand, in one run.
///
/// ```
/// swift run -c release benchmarks
/// ```
@main struct Main {
  static func main() async {
    let options: Options
    do { options = try Options(CommandLine.arguments.dropFirst()) } catch {
      print("\(error)\n\n\(Options.help)")
      exit(2)
    }
    if options.showsHelp {
      print(Options.help)
      return
    }
    do {
      let missed = try await run(options)
      if options.checks, !missed.isEmpty {
        print("\nmissed:")
        for line in missed { print("- \(line)") }
        exit(1)
      }
    } catch {
      print("\(error)")
      exit(1)
    }
  }

  /// Measures off the main actor, where every resumption would cost a switch of threads, and prints the table.
  ///
  /// - Returns: The targets that were missed.
  @concurrent private static func run(_ options: Options) async throws -> [String] {
    #if DEBUG
      print("note: this is a debug build, whose figures mean nothing: run it with -c release\n")
    #endif
    let folder = try Folder()
    let chosen = Benchmark.all(in: folder.path).filter { options.includes($0.name) }
    guard !chosen.isEmpty else { throw Options.Problem("no row contains '\(options.filter ?? "")'") }
    print(Machine.description(folder), terminator: "\n\n")
    var table = Table(isMarkdown: options.isMarkdown)
    print(table.header(of: chosen.map(\.name)), terminator: "")
    for benchmark in chosen {
      let row = Row(benchmark.name, try await benchmark.run())
      print(table.line(row))
      // A row is shown when it is there, in a pipe too.
      fflush(nil)
    }
    return table.missed
  }
}
