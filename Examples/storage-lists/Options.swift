import MetaDriver

/// What the command line asks for.
struct Options {
  enum Command {
    case show
    case put(String), get(String), delete(String)
  }

  /// A command line that says something wrong.
  struct Mistake: Error, CustomStringConvertible { let description: String }

  private(set) var root = ""
  private(set) var drivers: [String] = []
  private(set) var required: [String] = []
  private(set) var local: [String] = []
  private(set) var missing: [String] = []
  private(set) var form = Strategy.StorageListsForm.strict
  private(set) var isPrivate = false
  let command: Command

  init(_ arguments: some Sequence<String>) throws(Mistake) {
    var words: [String] = []
    var rest = Array(arguments)[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        words.append(word)
        continue
      }
      if word == "--private" {
        isPrivate = true
        continue
      }
      guard let value = rest.popFirst() else { throw Mistake(description: "\(word) needs a value") }
      let names = value.split(separator: ",").map(String.init)
      switch word {
      case "--root": root = value
      case "--drivers": drivers = names
      case "--required": required = names
      case "--local": local = names
      case "--missing": missing = names
      case "--form":
        guard let form = Strategy.StorageListsForm(rawValue: value) else {
          throw Mistake(description: "--form is strict or parity, not '\(value)'")
        }
        self.form = form
      default: throw Mistake(description: "there is no option '\(word)'")
      }
    }
    switch (words.first, words.count) {
    case ("show", 1): command = .show
    case ("put", 2): command = .put(words[1])
    case ("get", 2): command = .get(words[1])
    case ("delete", 2): command = .delete(words[1])
    default: throw Mistake(description: "say show, put ID, get ID or delete ID")
    }
    guard !root.isEmpty else { throw Mistake(description: "--root is needed") }
    if let name = drivers.first(where: { $0.contains("/") || $0.hasPrefix(".") }) {
      throw Mistake(description: "'\(name)' names no folder of its own below --root")
    }
  }

  static let usage = """
    Keeps data in several folders below one, by the rules of three lists of names.

      storage-lists [options] show
      storage-lists [options] put ID < FILE
      storage-lists [options] get ID > FILE
      storage-lists [options] delete ID

      --root DIR         where the folders are, each named after its driver
      --drivers a,b,c    the drivers to use, in their order
      --required a,b     those that must accept every write
      --local a          those whose data no other client sees
      --missing b        those for which no driver is given, to see what that does
      --form FORM        strict: all are written at once (default); parity: one after the other, as named
      --private          the data is meant for this client only

    exit status: 0 done; 1 nothing is stored under ID; 2 it failed; 64 a mistake in the command line or the lists
    """
}
