import MetaDriver
import MetaDriverDisk

/// What the command line asks for.
struct Options {
  enum Command: String, CaseIterable { case put, get, verify, delete, scrub, handoff }

  /// A command line that says something wrong.
  struct Mistake: Error, CustomStringConvertible { let description: String }

  let command: Command
  private var values: [String: [String]] = [:]
  private(set) var durability = Durability.full
  private(set) var timeout = 60
  private(set) var problems = 20

  /// Which options each command takes; `+` may be given several times, `*` must be given, and `!` has no value.
  private static let known: [Command: [String: String]] = [
    .put: ["--from": "*", "--to": "+*", "--write": "", "--durability": "", "--journal": ""],
    .get: ["--from": "+*", "--into": "*", "--read": "", "--prefix": ""],
    .verify: ["--from": "+*", "--against": "", "--read": "", "--prefix": ""],
    .delete: ["--from": "+*", "--write": "", "--prefix": "", "--all": "!", "--durability": "", "--journal": ""],
    .scrub: [
      "--from": "+*", "--apply": "!", "--plan": "", "--compare": "", "--prefix": "", "--durability": "",
    ],
    .handoff: ["--journal": "*", "--to": "+*", "--durability": "", "--wait": ""],
  ]
  private static let common = ["--timeout": "", "--problems": ""]

  init(_ arguments: some Sequence<String>) throws(Mistake) {
    var rest = Array(arguments)[...]
    guard let word = rest.popFirst() else { throw Mistake(description: "which command?") }
    guard let command = Command(rawValue: word) else { throw Mistake(description: "there is no command '\(word)'") }
    self.command = command
    let known = Self.known[command, default: [:]].merging(Self.common) { first, _ in first }
    while let option = rest.popFirst() {
      guard let traits = known[option] else { throw Mistake(description: "\(command) has no option '\(option)'") }
      guard traits.contains("+") || values[option] == nil else {
        throw Mistake(description: "\(option) is given twice")
      }
      guard let value = traits.contains("!") ? "" : rest.popFirst() else {
        throw Mistake(description: "\(option) needs a value")
      }
      guard traits.contains("!") || option == "--prefix" || !value.isEmpty else {
        throw Mistake(description: "\(option) is empty")
      }
      values[option, default: []].append(value)
    }
    for (option, traits) in known.sorted(by: { $0.key < $1.key }) where traits.contains("*") && values[option] == nil {
      throw Mistake(description: "\(command) needs \(option)")
    }
    if command == .delete, (values["--prefix"] == nil) == (values["--all"] == nil) {
      throw Mistake(description: "delete needs either --prefix or --all")
    }
    if let name = values["--compare"]?.first, Scrub.Comparison(rawValue: name) == nil {
      throw Mistake(description: "--compare is stamps or content, not '\(name)'")
    }
    if values["--plan"] != nil, let other = ["--apply", "--compare", "--prefix"].first(where: { values[$0] != nil }) {
      throw Mistake(description: "--plan says all that is to be done, and goes without \(other)")
    }
    for option in ["--read", "--write", "--wait"] { _ = try number(option) }
    timeout = try number("--timeout") ?? timeout
    problems = try number("--problems") ?? problems
    if let name = values["--durability"]?.first {
      guard let durability = Durability(rawValue: name) else {
        throw Mistake(description: "--durability is full, ordered or none, not '\(name)'")
      }
      self.durability = durability
    }
  }

  /// All values of an option.
  func all(_ option: String) -> [String] { values[option] ?? [] }

  /// The value of an option that may be left out.
  subscript(option: String) -> String? { values[option]?.first }

  /// The number that an option gives, at least 1.
  func number(_ option: String) throws(Mistake) -> Int? {
    guard let text = self[option] else { return nil }
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw Mistake(description: "\(option) is a number from 1, not '\(text)'")
    }
    return number
  }

  static let usage = """
    Keeps copies of a folder's files in several folders, and gets them back when some are damaged or gone.

      replicate-folder put     --from DIR --to A --to B --to C [--write N] [--journal J] [--durability full|ordered|none]
      replicate-folder get     --from A --from B --from C --into DIR [--read N] [--prefix P]
      replicate-folder verify  --from A --from B --from C [--against DIR] [--read N] [--prefix P]
      replicate-folder delete  --from A --from B --from C (--prefix P | --all) [--write N] [--journal J] [--durability …]
      replicate-folder scrub   --from A --from B --from C [--apply] [--prefix P] [--compare content|stamps]
      replicate-folder scrub   --from A --from B --from C --plan FILE
      replicate-folder handoff --journal J --to A --to B --to C [--wait S] [--durability …]

      --write N       a file is put, or deleted, when N of the folders hold it; more than half when not given
      --read N        a file is read when N of the folders answer; more than half when not given.
                      A read finds every write when their two numbers together exceed the number of folders
      --prefix P      only files whose ids begin with P. An id is the path below DIR, where %, bytes that are not
                      UTF-8, and characters that do not print are written as %41
      --journal J     what a folder misses is queued in the folder J, and sent to it later: see handoff
      --wait S        for how many seconds handoff tries again to send what is left (default: it tries once)
      --durability D  what a file that was put survives: full, power loss (default); none, the end of this process
      --apply         a scrub brings every folder up to date with the others; without it, it only prints its plan
      --plan FILE     a plan that was printed before, and perhaps reviewed, is carried out
      --compare C     what a scrub compares: content, every copy is read (default); stamps, only what listings say
      --timeout S     how many seconds a folder has to answer, for each file (default 60)
      --problems N    how many problems to list (default 20)

    A, B, C and J are folders, or URLs where replicate-folder is built with --traits HTTP,SQLite:

      file:DIR  sqlite:FILE  s3://BUCKET/PREFIX?region=R&endpoint=https://HOST  webdav://HOST/PATH (webdav+http://
      without TLS)  etcd://HOST:PORT,HOST:PORT/PREFIX

    Secrets come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; WEBDAV_USER,
    WEBDAV_PASSWORD; ETCD_USER, ETCD_PASSWORD. With #EU at the end of a URL, EU_ACCESS_KEY_ID, EU_USER … are taken.

    Contents and names are kept; permissions, times, owners, empty folders and symbolic links are not. A file that
    is deleted stays deleted, whatever an old copy says. `put` does not delete what is gone from DIR.

    A scrub never deletes a file, and never replaces anything newer. A folder that does not answer is left alone.

    `handoff` sends every folder what it missed while it could not be written, for up to 30 days after; what is older is
    given up, and named. It never replaces anything newer, and needs none of the other folders.

    Only the newest copies count, and only when enough folders answer. To take what is left on a single folder,
    however old, name it alone: get --from A --into DIR

    exit status: 0 all well; 1 a file has a problem, or nothing could be done; 64 a mistake in the command line;
    130 interrupted, with the files under way finished

    """
}
