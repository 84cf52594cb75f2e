private import Dispatch
private import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program that was run to its end: how it ended, and what it wrote.
///
/// ```swift
/// let list = try await Command.run(["find", folder, "-type", "f"])
/// #expect(list.status == 0)
/// ```
///
/// Foundation's `Process` lists the open files of its own process into too small a buffer, and ends by a signal where
/// there are some 1,360 of them: a process that runs every test at once has as many.
public struct Command: Sendable {
  /// Its exit status, or the negated signal that ended it.
  public let status: Int32
  /// What it wrote to standard output.
  public let output: [UInt8]
  /// What it wrote to standard error; nothing where both were joined.
  public let errors: [UInt8]

  /// Runs a program, and lets the thread go meanwhile.
  ///
  /// - Parameters:
  ///   - words: The program, by its path or its name, and its arguments.
  ///   - folder: Where it runs; where this process does, if `nil`.
  ///   - environment: What it finds in its environment beside what this process has.
  ///   - input: What comes from standard input.
  ///   - joinsErrors: Whether standard error goes where standard output goes.
  ///   - whileRunning: What is done while it runs.
  public static func run(
    _ words: [String], in folder: String? = nil, environment: [String: String] = [:], input: [UInt8] = [],
    joinsErrors: Bool = false, whileRunning: (Running) async -> Void = { _ in }
  ) async throws -> Command {
    let running = try Running(words, folder, environment, input, joinsErrors)
    await whileRunning(running)
    return try await withCheckedThrowingContinuation { caller in
      DispatchQueue.global().async { caller.resume(with: Result { try Command(running) }) }
    }
  }

  /// Runs a program, and holds up the thread until it has ended.
  public init(
    _ words: [String], in folder: String? = nil, environment: [String: String] = [:], input: [UInt8] = [],
    joinsErrors: Bool = false
  ) throws {
    try self.init(Running(words, folder, environment, input, joinsErrors))
  }

  private init(_ running: Running) throws {
    var ended: CInt = 0
    while unsafe waitpid(running.id, &ended, 0) < 0 { try #require(errno == EINTR) }
    status = ended & 0x7f == 0 ? (ended >> 8) & 0xff : -(ended & 0x7f)
    (output, errors) = (try running.files[1].contents(), try running.files[2].contents())
  }

  /// A program that has not ended, as far as is known.
  public struct Running: Sendable {
    fileprivate let id: pid_t
    // Files, because a program that writes to a pipe waits for who reads it.
    fileprivate let files: [UnnamedFile]

    fileprivate init(
      _ words: [String], _ folder: String?, _ environment: [String: String], _ input: [UInt8], _ joinsErrors: Bool
    ) throws {
      files = try (0..<3).map { _ in try UnnamedFile() }
      try files[0].write(input)
      var actions = unsafe posix_spawn_file_actions_t()
      unsafe posix_spawn_file_actions_init(&actions)
      defer { unsafe posix_spawn_file_actions_destroy(&actions) }
      for (stream, file) in files.enumerated() {
        let source = joinsErrors && stream == 2 ? files[1] : file
        unsafe posix_spawn_file_actions_adddup2(&actions, source.descriptor, CInt(stream))
      }
      var attributes = posix_spawnattr_t()
      unsafe posix_spawnattr_init(&attributes)
      defer { unsafe posix_spawnattr_destroy(&attributes) }
      #if canImport(Darwin)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_CLOEXEC_DEFAULT))
      #else
        for descriptor in 3..<CInt(min(8_192, sysconf(CInt(_SC_OPEN_MAX)))) {
          unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
        }
      #endif
      let words = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + words } ?? words
      var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
      var variables = unsafe Command.variables(with: environment).map { unsafe strdup($0) } + [nil]
      defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
      var id: pid_t = 0
      let code = unsafe posix_spawnp(&id, words[0], &actions, &attributes, &arguments, &variables)
      try #require(code == 0, "cannot start \(words[0]): \(code)")
      self.id = id
    }

    /// Whether it has not ended yet.
    public var isRunning: Bool {
      var facts = unsafe siginfo_t()
      return unsafe waitid(P_PID, id_t(id), &facts, WEXITED | WNOHANG | WNOWAIT) == 0 && facts.si_signo == 0
    }

    /// Sends it what the keyboard's interruption sends.
    public func interrupt() { kill(id, SIGINT) }
  }

  /// The environment of this process, with other values for some names.
  fileprivate static func variables(with changes: [String: String]) -> [String] {
    var variables: [String] = []
    var next = unsafe environ
    while let variable = unsafe next.pointee {
      let text = unsafe String(cString: variable)
      if changes[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
      unsafe next += 1
    }
    return variables + changes.map { "\($0)=\($1)" }
  }
}

/// A file that nothing leads to, gone with the value.
private final class UnnamedFile: Sendable {
  let descriptor: CInt

  init() throws {
    var template = Array("/tmp/metadriver-command-XXXXXX".utf8CString)
    descriptor = unsafe template.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
    try #require(descriptor >= 0)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unsafe unlink(template)
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws {
    try #require(unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
  }

  func contents() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
    let count = bytes.count
    try #require(unsafe pread(descriptor, &bytes, count, 0) == count)
    return bytes
  }
}
