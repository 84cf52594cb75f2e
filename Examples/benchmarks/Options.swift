/// What the command line says.
struct Options {
  /// What is wrong with the command line.
  struct Problem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  var checks = false
  var isMarkdown = false
  var showsHelp = false
  var filter: String?

  static let help = """
    usage: benchmarks [--check] [--filter TEXT] [--markdown]

      --check        end with 1, and name what missed its target
      --filter TEXT  only the rows whose name contains the text
      --markdown     print the table as Markdown
      --help         print this
    """

  init(_ arguments: some Sequence<String>) throws(Problem) {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      switch argument {
      case "--check": checks = true
      case "--markdown": isMarkdown = true
      case "--help", "-h": showsHelp = true
      case "--filter":
        guard let text = rest.next() else { throw Problem("--filter needs a text") }
        filter = text
      default: throw Problem("'\(argument)' is not an option")
      }
    }
  }

  /// Whether a row is to be measured.
  func includes(_ name: String) -> Bool {
    filter.map { name.lowercased().contains($0.lowercased()) } ?? true
  }
}
