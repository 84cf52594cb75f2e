private import Synchronization
private import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Another process, and what it says on standard output.
public final class Child {
  private let id: pid_t
  private let output: Int32
  private var pending: [UInt8] = []
  private var isReaped = false

  /// Starts a program.
  public init(_ arguments: [String]) throws {
    // A pipe that another child inherits stays open after this one's end.
    (id, output) = try Self.starting.withLock { _ in try Self.start(arguments) }
  }

  private static let starting = Mutex(())

  private static func start(_ arguments: [String]) throws -> (pid_t, Int32) {
    var pipes: [Int32] = [0, 0]
    try #require(unsafe pipe(&pipes) == 0)
    for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var id: pid_t = 0
    let code = unsafe posix_spawnp(&id, arguments[0], &actions, nil, &words, environ)
    close(pipes[1])
    try #require(code == 0, "cannot start \(arguments[0]): \(code)")
    return (id, pipes[0])
  }

  /// Starts the writer of the tests of stores on this machine, at a store.
  public convenience init(writer mode: String, _ store: String, _ numbers: Int...) throws {
    try self.init([Self.writer, mode, store] + numbers.map(String.init))
  }

  deinit {
    close(output)
    if !isReaped {
      kill(id, SIGKILL)
      waitpid(id, nil, 0)
    }
  }

  /// The next line; `nil` at the end.
  public func line() -> String? {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending.removeSubrange(...end) }
        return String(decoding: pending[..<end], as: UTF8.self)
      }
      var buffer = [UInt8](repeating: 0, count: 4_096)
      let count = unsafe read(output, &buffer, buffer.count)
      guard count > 0 else { return nil }
      pending += buffer[..<count]
    }
  }

  /// Kills the process, and reads what it had said.
  public func killed() -> [String] {
    kill(id, SIGKILL)
    var lines: [String] = []
    while let line = line() { lines.append(line) }
    _ = wait()
    return lines
  }

  /// Waits for the end of the process: its exit status, or the negated signal.
  public func wait() -> Int32 {
    var status: Int32 = 0
    unsafe waitpid(id, &status, 0)
    isReaped = true
    return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
  }

  /// Runs a program to its end.
  @discardableResult public static func run(_ arguments: String...) throws -> Int32 {
    let child = try Child(arguments)
    return child.wait()
  }

  /// The writer is built beside the tests.
  public static let writer: String = {
    var folder: String
    #if os(Linux)
      var buffer = [CChar](repeating: 0, count: 4_096)
      let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
      folder = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #else
      folder = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
      if let bundle = folder.firstRange(of: ".xctest") { folder = String(folder[..<bundle.upperBound]) }
    #endif
    return folder.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/CrashWriter"
  }()
}
