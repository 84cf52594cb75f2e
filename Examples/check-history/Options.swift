/// What the command line asks for.
struct Options {
  /// A command line that says something wrong.
  struct Mistake: Error, CustomStringConvertible { let description: String }

  /// The file; `-` is standard input.
  let path: String
  private(set) var isSummary = false

  init(_ arguments: some Sequence<String>) throws(Mistake) {
    var paths: [String] = []
    for argument in arguments {
      switch argument {
      case "--summary": isSummary = true
      case _ where argument.hasPrefix("-") && argument != "-":
        throw Mistake(description: "there is no option '\(argument)'")
      default: paths.append(argument)
      }
    }
    guard let path = paths.first, paths.count == 1 else {
      throw Mistake(description: paths.isEmpty ? "which file?" : "one file, not \(paths.count)")
    }
    self.path = path
  }

  static let usage = """
    Says of histories of reads and writes, from any system, which guarantees they keep.

      check-history FILE            a line of JSON for each history
      check-history --summary FILE  counts, and the time that judging took

    FILE holds JSON; - is standard input:

      {"histories": [{"ops": [["w", 1, 0, 5, 0], ["r", 1, 6, 7, 1], ["d", 0, 8, null, 0]]}]}

    An operation is [kind, value, invoked, ended, session, stamp]. The kind is w for a put, r for a get, d for a
    delete. Every put of a history has a value of its own, which is not 0; a get that found nothing, and a delete,
    have 0. An operation that has no known end has null. The stamp may be left out.

    A line has the number of the history; whether it is linearizable, null when that was not found out; whether it
    is weakly regular: no read gives a value that was wholly superseded before the read began, nor one from the
    future; which guarantees of a session it denies; and which operations show the first of these.

    exit status: 0 all are linearizable; 1 some are not; 2 of some it was not found out; 64 a mistake in the command
    line; 65 the file is not of that form; 66 the file cannot be read

    """
}
