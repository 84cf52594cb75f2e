import MetaDriver
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How the work on one file ended.
enum Ending {
  case done(byteCount: Int)
  /// There was nothing to do: the file was deleted before.
  case deletedBefore
  case failed
}

/// Collects what became of every file, in every folder, and says it at the end.
final class Report: Sendable {
  private struct Line {
    /// What became of how many files, in the order in which it was first seen.
    var counts: [(word: String, count: Int, reason: String?)] = []
  }

  private struct State {
    var lines: [Line]
    var passedOver: [String] = []
    var problems: [String] = []
    var done = 0
    var deletedBefore = 0
    var failed = 0
    var byteCount = 0
    var lastProgress: ContinuousClock.Instant
  }

  private let names: [String]
  private let limit: Int
  private let start = ContinuousClock.now
  private let state: Mutex<State>
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// - Parameters:
  ///   - names: The folders.
  ///   - limit: How many problems, and files passed over, are listed; the others are counted.
  init(_ names: [String], limit: Int) {
    self.names = names
    self.limit = limit
    state = Mutex(State(lines: names.map { _ in Line() }, lastProgress: start))
  }

  var hasProblems: Bool { state.withLock { !$0.problems.isEmpty } }

  /// Counts what became of one file in one folder.
  func note(_ name: String, _ word: String, because reason: String? = nil) {
    guard let index = names.firstIndex(of: name) else { return }
    state.withLock { state in
      if let place = state.lines[index].counts.firstIndex(where: { $0.word == word }) {
        state.lines[index].counts[place].count += 1
      } else {
        state.lines[index].counts.append((word, 1, reason))
      }
    }
  }

  /// Counts what a write did in each folder.
  func note(_ outcomes: [Outcome]) {
    for outcome in outcomes {
      switch outcome.result {
      case .failed(let error): note(outcome.node, "failed (\(error.code))", because: error.message)
      case .unknown(let error): note(outcome.node, "unknown (\(error.code))", because: error.message)
      case .superseded: note(outcome.node, "superseded by a newer copy")
      case .skipped(let reason): note(outcome.node, "skipped", because: reason)
      case let result: note(outcome.node, "\(result)")
      }
    }
  }

  private func list(_ texts: [String], _ what: String) {
    guard !texts.isEmpty else { return }
    print("\(texts.count) \(what):")
    for text in texts.sorted().prefix(limit) { print("  \(text)") }
    if texts.count > limit { print("  … and \(texts.count - limit) more") }
  }

  /// Says that something in a folder is no file.
  func passOver(_ subject: String, _ what: String) { state.withLock { $0.passedOver.append("\(subject): \(what)") } }

  /// Says that a file, or something else, is not as it should be.
  @discardableResult
  func problem(_ subject: String, _ why: String) -> Ending {
    state.withLock { $0.problems.append("\(subject): \(why)") }
    return .failed
  }

  /// Counts a file that is finished, well or not.
  func finish(_ ending: Ending, of total: Int) {
    let now = ContinuousClock.now
    state.withLock { state in
      switch ending {
      case .done(let byteCount):
        state.done += 1
        state.byteCount += byteCount
      case .deletedBefore: state.deletedBefore += 1
      case .failed: state.failed += 1
      }
      guard isTerminal, now - state.lastProgress > .milliseconds(100) else { return }
      state.lastProgress = now
      write(to: STDERR_FILENO, "\r\u{1B}[K\(state.done + state.deletedBefore + state.failed) of \(total) files")
    }
  }

  /// Prints the summary.
  ///
  /// - Parameter what: What was done, as in "put".
  func summarize(_ what: String, of total: Int) {
    if isTerminal { write(to: STDERR_FILENO, "\r\u{1B}[K") }
    let state = state.withLock { $0 }
    let tenths = Int((ContinuousClock.now - start) / .milliseconds(100))
    let (done, gone) = (state.done, state.deletedBefore)
    print(
      "\(what) \(done) of \(total - gone) files, \(state.byteCount) bytes, in \(tenths / 10).\(tenths % 10) s"
        + (gone == 0 ? "" : "; \(gone) more had been deleted"))
    for (name, line) in zip(names, state.lines) {
      let counts = line.counts.map { "\($0.word) \($0.count)" }
      print("  \(name): \(counts.isEmpty ? "not asked" : counts.joined(separator: ", "))")
      for case let (word, _, reason?) in line.counts { print("    \(word), for example: \(reason)") }
    }
    list(state.passedOver, "passed over")
    list(state.problems, state.problems.count == 1 ? "problem" : "problems")
    if Interruption.isRequested { print("interrupted: repeat the command to do the rest") }
  }
}

/// Writes a text to an open file.
func write(to file: Int32, _ text: String) {
  var text = text
  text.withUTF8 { bytes in _ = unsafe write(file, bytes.baseAddress, bytes.count) }
}
