public import MetaDriver

/// The law of drivers as a program: runs the cases that a driver must satisfy, and says what it found.
///
/// ```swift
/// let report = await Conformance { MemoryDriver("cache") }.run()
/// print(report)                                    // a line for each case
/// ```
///
/// In a test it is one line, with any test framework, because it throws a ``Failure`` that lists the findings; or one
/// test for each case, so that a report of tests names each:
///
/// ```swift
/// try await Conformance { MemoryDriver() }.check()
/// for law in Conformance.Case.allCases { try await Conformance { MemoryDriver() }.check(law) }
/// ```
///
/// Every case gets a driver of its own, which must be empty and have room for 100 KB, and closes it in the end. A case
/// that needs an operation which the driver does not declare is skipped, and says so; whether the driver declares what it
/// does is a case too. The driver is called as a node of a tree would call it: a leaf whose `PutOrdering` is `fifo` gets
/// the turns that the package gives it.
///
/// A driver that does not answer is a finding, even if it ignores cancellation: each case has a time limit, after which
/// the driver is left alone.
public struct Conformance: Sendable {
  /// A driver, and how to make another one of the same store.
  struct Subject: Sendable {
    let driver: any Driver
    let reopen: (@Sendable () async throws -> any Driver)?
  }

  /// The clock, the randomness and the tasks of every call.
  let runtime: Runtime
  /// How long a case may take.
  let limit: Duration
  /// The size of the largest value that is written, in bytes.
  let largestPayload: Int
  let credentials: Credentials
  let makeSubject: @Sendable () async throws -> Subject

  /// Describes a suite for drivers whose data ends with them.
  ///
  /// - Parameters:
  ///   - runtime: The clock, the randomness and the tasks of every call; give one of a simulation to make runs repeat.
  ///   - limit: How long each case may take, on the clock of the runtime. After three cases in a row that ran out of it,
  ///     the others are not run. Be generous: where many tests share the threads, a case waits for its turns.
  ///   - largestPayload: The size of the largest value that is written, in bytes. `64 << 20` finds out more, and takes
  ///     its time and several times its memory.
  ///   - credentials: The secrets that the driver needs. A leaf with a name and without a secret gets a made-up one.
  ///   - driver: Makes a driver whose store is empty, once for each case.
  public init(
    runtime: Runtime = Runtime(), limit: Duration = .seconds(60), largestPayload: Int = 1 << 20,
    credentials: Credentials = Credentials(), _ driver: @escaping @Sendable () async throws -> any Driver
  ) {
    self.init(runtime, limit, largestPayload, credentials) { Subject(driver: try await driver(), reopen: nil) }
  }

  /// Describes a suite for drivers whose data outlives them: what was closed is opened again, and must be there.
  ///
  /// ```swift
  /// let suite = Conformance { "\(folder)/\(UInt64.random(in: 0...UInt64.max))" } driver: { path in
  ///   DiskDriver(at: path)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - runtime: The clock, the randomness and the tasks of every call.
  ///   - limit: How long each case may take, on the clock of the runtime.
  ///   - largestPayload: The size of the largest value that is written, in bytes.
  ///   - credentials: The secrets that the driver needs.
  ///   - place: Makes a place for a store, once for each case. It is kept as long as the case runs, so a value that
  ///     removes its folder in `deinit` cleans up by itself.
  ///   - driver: Makes a driver of the store in that place. It is called again for what is closed and opened again.
  public init<Place: Sendable>(
    runtime: Runtime = Runtime(), limit: Duration = .seconds(60), largestPayload: Int = 1 << 20,
    credentials: Credentials = Credentials(), place: @escaping @Sendable () async throws -> Place,
    driver: @escaping @Sendable (Place) async throws -> any Driver
  ) {
    self.init(runtime, limit, largestPayload, credentials) {
      let place = try await place()
      return Subject(driver: try await driver(place), reopen: { try await driver(place) })
    }
  }

  private init(
    _ runtime: Runtime, _ limit: Duration, _ largestPayload: Int, _ credentials: Credentials,
    _ makeSubject: @escaping @Sendable () async throws -> Subject
  ) {
    precondition(limit > .zero, "a case that may take \(limit) cannot be run")
    precondition(largestPayload >= 1_024, "the largest value has 1024 bytes at least, not \(largestPayload)")
    self.runtime = runtime
    self.limit = limit
    self.largestPayload = largestPayload
    self.credentials = credentials
    self.makeSubject = makeSubject
  }

  /// Runs cases, one after the other, in the order given.
  ///
  /// Cancelling the task ends the case that runs, and those that were not run are skipped.
  ///
  /// - Parameter cases: Which cases to run; all when none are given.
  /// - Returns: What became of each case.
  public func run(_ cases: [Case] = Case.allCases) async -> Report {
    var report = Report()
    var hungInARow = 0
    for testCase in cases {
      guard hungInARow < 3 else {
        report.add(testCase, .skipped("the driver did not answer in the three cases before"))
        continue
      }
      guard !Task.isCancelled else {
        report.add(testCase, .skipped("the run was cancelled"))
        continue
      }
      let (verdict, isHung) = await judge(testCase)
      report.add(testCase, verdict)
      hungInARow = isHung ? hungInARow + 1 : 0
    }
    return report
  }

  /// Runs cases, and throws when there are findings.
  ///
  /// - Parameter cases: Which cases to run; all when none are given.
  /// - Throws: The findings.
  public func check(_ cases: [Case] = Case.allCases) async throws(Failure) {
    let report = await run(cases)
    if !report.findings.isEmpty { throw Failure(findings: report.findings) }
  }

  /// Runs one case, and throws when there are findings: for tests that take the case as their argument.
  ///
  /// - Throws: The findings.
  public func check(_ testCase: Case) async throws(Failure) { try await check([testCase]) }

  private func judge(_ testCase: Case) async -> (verdict: Report.Verdict, isHung: Bool) {
    let log = CaseLog(testCase)
    let isOver = await runtime.perform(within: limit) {
      let id = log.begin { "making a driver" }
      let subject: Subject
      do { subject = try await makeSubject() } catch {
        return log.report("make a driver", expected: "a driver", seen: "\(error)")
      }
      log.end(id)
      let caseRun = CaseRun(self, subject, log)
      if let reason = testCase.reasonToSkip(caseRun) { log.skip(because: reason) } else { await testCase.run(caseRun) }
      _ = await caseRun.close()
    }
    if !isOver, Task.isCancelled { log.skip(because: "the run was cancelled") }
    let isHung = !isOver && !Task.isCancelled
    return (log.verdict(limit: isHung ? limit : nil), isHung)
  }
}
